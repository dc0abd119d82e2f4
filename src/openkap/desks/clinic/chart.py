"""The chart of one patient, and the small acts done on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openkap.desks.clinic.forms import NoteForm, OpenCourseForm, PlanForm, SendForm
from openkap.desks.clinic.lists import note_down
from openkap.desks.clinic.patient_page import show, the_course, the_file
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.permits import Act, Actor, Kind, Need, Scope, Subject, decide
from openkap.reads.journal import shared_lines, shared_question
from openkap.reads.living import through_question, through_words
from openkap.reads.owed_forms import missing_words, owed_of
from openkap.reads.patient import Chart, chart_with, course_of
from openkap.reads.work import alerts_question, alerts_shown
from openkap.records.clinical import Living
from openkap.records.compiled import NOT_ASKED, Question
from openkap.records.facts.clock import moment
from openkap.records.facts.no_dose import why_no_dose
from openkap.records.facts.ways import plan_of
from openkap.records.models import (
    Allergy,
    Condition,
    Course,
    HistoryAnswer,
    Medication,
    PatientFile,
    Result,
    Room,
)
from openkap.records.scoped import scoped
from openkap.records.site import is_demonstration
from openkap.steps.course import open_course, plan_session
from openkap.steps.evaluation import confirm_fact
from openkap.steps.links import link_address, send_link

LIVING: dict[str, type[Living]] = {
    model.__name__.lower(): model for model in (Allergy, Condition, HistoryAnswer, Medication, Result)
}
SENT = "link_shown_once"


@staff
def chart(request: HttpRequest, file: UUID) -> HttpResponse:
    """The page. Its forms come back to it."""
    return _page(request, the_file(request, file))


def _page(request: HttpRequest, row: PatientFile, status: int = 200, **forms: Any) -> HttpResponse:
    reach, by, at, where = scope(request), actor(request), now(), zone(request)
    course = course_of(reach, row)
    may = _may(request, row)
    shown, (through, shared, alerts) = chart_with(
        reach, row, course, at, where, *_beside(reach, by, row, may["clinical"])
    )
    context: dict[str, Any] = {
        "file": row,
        "chart": shown,
        "entries": [{"line": one, "when": moment(one.written_at, where)} for one in shared_lines(shared)],
        "gone_through": through_words(through, where),
        "the_course": course,
        "no_dose": why_no_dose(course) if course is not None else "",
        "may": may,
        "missing": missing_words(owed_of(reach, course, at, where)) if course and may["outcome"] else (),
        "alerts": alerts_shown(alerts, reach, by, at, where),
        # A form is made where it is shown, which most are not.
        "open_form": SimpleLazyObject(OpenCourseForm),
        "allergy_form": SimpleLazyObject(lambda: NoteForm(what="allergy")),
        "medicine_form": SimpleLazyObject(lambda: NoteForm(what="medicine")),
        "plan_form": SimpleLazyObject(lambda: _plan_form(request, course, shown)),
        # What is hardly ever wanted is made when somebody asks for it: a form to fill in, or the older lines.
        "opened": request.GET.get("open", ""),
        "act_form": StepForm(auto_id=False),
        "sent": request.session.pop(SENT, None),
        **forms,
    }
    return show(request, "clinic/chart.html", row, page="chart", status=status, **context)


def _beside(reach: Scope, by: Actor, row: PatientFile, clinical: bool) -> tuple[Question[Any], ...]:
    """When the lists were gone through, what of the journal is shown to this reader, and open alerts."""
    assert by.person is not None and by.organisation is not None
    return (
        through_question(reach, row),
        shared_question(reach, row.patient_id, by.person),
        alerts_question(reach, row.patient_id, by.organisation) if clinical else NOT_ASKED,
    )


def _plan_form(request: HttpRequest, course: Course | None, shown: Chart) -> PlanForm:
    return PlanForm(
        zone=zone(request), rooms=_rooms(request), therapy=_has_therapy(course), initial=_first_phase(shown)
    )


def _has_therapy(course: Course | None) -> bool:
    """Whether this course's way has therapy to plan."""
    plan = plan_of(course) if course is not None else None
    return plan is None or plan.has_therapy


def _first_phase(shown: Chart) -> dict[str, str]:
    """A course that is evaluated plans its evaluation first."""
    evaluating = shown.next is not None and shown.next.what == "evaluate"
    return {"phase": "evaluation"} if evaluating else {}


def _may(request: HttpRequest, row: PatientFile) -> dict[str, bool]:
    """Which acts the page offers. The step asks again."""

    def allowed(kind: Kind, act: Act) -> bool:
        subject = Subject(kind, row.organisation_id, row.patient_id, at=now())
        return bool(decide(scope(request), Need(kind, act), subject))

    return {
        "note": allowed(Kind.CLINICAL, Act.ADD),
        "correct": allowed(Kind.CLINICAL, Act.CORRECT),
        "plan": allowed(Kind.SCHEDULE, Act.ADD),
        "consent": allowed(Kind.CONSENT, Act.SEND),
        "say_no": allowed(Kind.CONSENT, Act.ADD),
        "measure": allowed(Kind.MEASURES, Act.SEND),
        "clinical": allowed(Kind.CLINICAL, Act.SEE),
        "sign": allowed(Kind.CLINICAL, Act.SIGN),
        "outcome": allowed(Kind.MEASURES, Act.SEE),
        "trail": allowed(Kind.TRAIL, Act.SEE),
    }


def _rooms(request: HttpRequest) -> Any:
    return Room.objects.filter(organisation=organisation(request))


@staff
@require_POST
def begin(request: HttpRequest, file: UUID) -> HttpResponse:
    """Open a course by a protocol."""
    row = the_file(request, file)
    form = OpenCourseForm(request.POST)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: open_course(
            by=actor(request),
            at=now(),
            file=row,
            protocol_id=form.cleaned_data["protocol"],
            submission=form.cleaned_data["submission"],
        ),
    )
    if isinstance(done, Course):
        return redirect("care-evaluation", course=done.id)
    return redirect("care-patient", file=row.id) if done else _page(request, row, 422, open_form=form)


@staff
@require_POST
def note(request: HttpRequest, file: UUID) -> HttpResponse:
    """Add an allergy or a medicine."""
    row = the_file(request, file)
    what = request.POST.get("what", "")
    if what not in ("allergy", "medicine"):
        raise Http404
    form = NoteForm(request.POST, what=what)
    done: Any = form.is_valid() and attempt(form, lambda: note_down(request, row, form.cleaned_data))
    if done:
        messages.success(request, _("Noted."))
        return redirect("care-patient", file=row.id)
    return _page(request, row, 422, **{f"{what}_form": form, "opened": what})


@staff
@require_POST
def confirm(request: HttpRequest, model: str, row: UUID) -> HttpResponse:
    """A person says that what an import brought is so."""
    if model not in LIVING:
        raise Http404
    fact = find(request, LIVING[model]._default_manager.all(), row)
    form = StepForm(request.POST)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: confirm_fact(
            by=actor(request), at=now(), row=fact, submission=form.cleaned_data["submission"]
        ),
    )
    if done:
        messages.success(request, _("Confirmed. It counts from now on."))
    else:
        messages.error(
            request, " ".join(map(str, form.non_field_errors())) or _("This could not be read. Try again.")
        )
    return redirect(back_to(request, fact))


def back_to(request: HttpRequest, row: Any) -> str:
    """The page that sent us, if it is one of this site; else the patient's chart."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    files = PatientFile.objects.filter(patient_id=row.patient_id, organisation_id=row.organisation_id)
    found = scoped(files, scope(request)).first()
    return reverse("care-patient", args=[found.id]) if found is not None else reverse("care-find")


@staff
@require_POST
def send(request: HttpRequest, course: UUID) -> HttpResponse:
    """Send a link: the consent, or the PHQ-9 before or after. On a demonstration site it is shown once."""
    row = the_course(request, course)
    form = SendForm(request.POST)
    done: Any = form.is_valid() and attempt(form, lambda: _send(request, row, form.cleaned_data))
    if isinstance(done, tuple):
        _link, token = done
        messages.success(request, _("Sent. The message was written to the outbox."))
        if is_demonstration():
            request.session[SENT] = {"what": form.cleaned_data["what"], "address": link_address(token)}
    elif not done:
        said = [str(e) for errors in form.errors.values() for e in errors]
        messages.error(request, " ".join(said))
    return redirect(back_to(request, row))


def _send(request: HttpRequest, row: Course, said: dict[str, Any]) -> Any:
    what = said["what"]
    return send_link(
        by=actor(request),
        at=now(),
        organisation=row.organisation,
        patient=row.patient,
        purpose="consent" if what == "consent" else "measure",
        course=row,
        about=f"consent.{row.route}" if what == "consent" else "phq9",
        point="" if what == "consent" else what,
        submission=said["submission"],
    )


@staff
@require_POST
def plan(request: HttpRequest, course: UUID) -> HttpResponse:
    """Plan one session of this course."""
    row = the_course(request, course)
    form = PlanForm(request.POST, zone=zone(request), rooms=_rooms(request))
    done: Any = form.is_valid() and attempt(
        form,
        lambda: plan_session(
            by=actor(request),
            at=now(),
            course=row,
            organisation=organisation(request),
            phase=form.cleaned_data["phase"],
            planned_from=form.cleaned_data["planned_from"],
            minutes=form.cleaned_data["minutes"],
            room=form.cleaned_data["room"],
            submission=form.cleaned_data["submission"],
        ),
    )
    files = scoped(PatientFile.objects.filter(patient_id=row.patient_id), scope(request))
    file = files.filter(organisation_id=row.organisation_id).select_related("patient", "organisation").first()
    if file is None:
        raise Http404
    if done:
        messages.success(request, _("Planned."))
        return redirect("care-patient", file=file.id)
    return _page(request, file, 422, plan_form=form, opened="session")
