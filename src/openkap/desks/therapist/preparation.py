"""Preparation: its sessions, what is prepared for the team, and the agreement about touch.

Decided here: three forms on one page, each with an address of its own; a refused one comes back on the same
page with every word. What is written here is for the team and says so
(docs/adr/0019-preparation-and-process-notes.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.therapist.person import show, the_file
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, whole, zone
from openkap.door.times import ClinicTimeField
from openkap.medicine.course.touch import Touch
from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.permits import Kind, Need, Subject, decide
from openkap.reads.agreements import apart_words
from openkap.reads.drafts import draft_of
from openkap.reads.header import header_of
from openkap.reads.preparation import TOUCH_NOTES, TOUCH_WORDS, Prepared, prepared
from openkap.reads.shared_person import course_taken_part_in, shared_course
from openkap.records.facts.agreements import WHATS
from openkap.records.facts.clock import hour
from openkap.records.models import Course, PatientFile, Session
from openkap.steps.drafts import discard_draft, keep_draft
from openkap.steps.preparation import agree_touch, keep_preparation
from openkap.steps.visits import check_in, mark_held, plan_preparation

FIELDS = ("intentions", "expectations", "comfort", "worries")
AREA = {"class": "input", "rows": "3"}
LINE = {"class": "input"}
MINUTES = 50


class PlanForm(StepForm):
    """What the patient hopes for, expects, needs and worries about; any of the four."""

    intentions = forms.CharField(
        label=gettext_lazy("Intentions"), required=False, widget=forms.Textarea(attrs=AREA)
    )
    expectations = forms.CharField(
        label=gettext_lazy("What they expect"), required=False, widget=forms.Textarea(attrs=AREA)
    )
    comfort = forms.CharField(
        label=gettext_lazy("What comforts"), required=False, widget=forms.Textarea(attrs=AREA)
    )
    worries = forms.CharField(
        label=gettext_lazy("What worries them"), required=False, widget=forms.Textarea(attrs=AREA)
    )


class TouchForm(StepForm):
    """The level, the patient's own words, the word that stops everything, and whom it holds for."""

    level = forms.ChoiceField(
        choices=[(level.value, words) for level, words in TOUCH_WORDS.items()],
        error_messages={"required": gettext_lazy("Choose what touch is agreed.")},
    )
    words = forms.CharField(
        label=gettext_lazy("In their own words"), required=False, widget=forms.Textarea(attrs=AREA)
    )
    stop_word = forms.CharField(
        label=gettext_lazy("Stop word"), required=False, max_length=60, widget=forms.TextInput(attrs=LINE)
    )
    holds_for = forms.CharField(
        label=gettext_lazy("Whom it holds for"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=LINE),
    )


class MeetForm(StepForm):
    """When the next preparation is, and how long."""

    planned_from = ClinicTimeField(
        label=gettext_lazy("When"), error_messages={"required": gettext_lazy("Say when.")}
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=10,
        max_value=240,
        widget=forms.NumberInput(attrs=LINE),
    )


@staff
@require_http_methods(["GET", "POST"])
def preparation(request: HttpRequest, file: UUID) -> HttpResponse:
    """Everything prepared with this person; sent, it keeps what is prepared for the team."""
    row, course = _found(request, file)
    found = _prepared(request, row, course)
    draft = draft_of(scope(request), actor(request).person, "preparation", course=course)
    if request.method == "POST" and "discard" in request.POST:
        if draft is not None:
            discard_draft(by=actor(request), at=now(), draft=draft)
        messages.success(request, _("The draft is thrown away."))
        return _back(row)
    form = PlanForm(request.POST or None, initial=_words(found) | (draft.words if draft else {}))
    if request.method == "POST" and "draft" not in request.POST and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: keep_preparation(
                by=actor(request),
                at=now(),
                course=course,
                submission=given["submission"],
                **{name: given[name] for name in FIELDS},
            ),
        ):
            messages.success(request, _("Kept. %(place)s has it too.") % {"place": course.organisation.name})
            return _back(row)
    if request.method == "POST":
        _keep_draft(request, course)
        if "draft" in request.POST:
            messages.success(request, _("Kept as a draft, for you alone."))
            return _back(row)
    return _page(request, row, course, found, plan=form, draft=draft if request.method == "GET" else None)


@staff
@require_POST
def preparation_draft(request: HttpRequest, file: UUID) -> HttpResponse:
    """What stands in the form, kept for its author at each pause."""
    _row, course = _found(request, file)
    _keep_draft(request, course)
    said = _("Draft kept at %(time)s, for you alone") % {"time": hour(now(), zone(request))}
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@staff
@require_POST
def touch(request: HttpRequest, file: UUID) -> HttpResponse:
    """What touch the patient agrees to, as they said it here."""
    row, course = _found(request, file)
    form = TouchForm(request.POST, auto_id="touch_%s")
    if form.is_valid():
        given = _steps(form.cleaned_data)
        done = attempt(form, lambda: agree_touch(by=actor(request), at=now(), course=course, **given))
        if done:
            messages.success(request, _("Agreed. The room shows it."))
            return _back(row)
    return _page(request, row, course, _prepared(request, row, course), touch_form=form)


@staff
@require_POST
def meet(request: HttpRequest, file: UUID) -> HttpResponse:
    """Plan a preparation session."""
    row, course = _found(request, file)
    form = _meet_form(request, course)
    if form.is_valid():
        given = form.cleaned_data
        done = attempt(
            form,
            lambda: plan_preparation(
                by=actor(request),
                at=now(),
                course=course,
                organisation=organisation(request),
                planned_from=given["planned_from"],
                minutes=given["minutes"],
                submission=given["submission"],
            ),
        )
        if done:
            messages.success(request, _("Planned. %(name)s sees it too.") % {"name": row.patient.name})
            return _back(row)
    return _page(request, row, course, _prepared(request, row, course), meet=form)


@staff
@require_POST
def arrived(request: HttpRequest, session: UUID) -> HttpResponse:
    """The patient is here for a session without a dose."""
    return _mark(request, session, check_in, _("Checked in."))


@staff
@require_POST
def held(request: HttpRequest, session: UUID) -> HttpResponse:
    """The session was held."""
    return _mark(request, session, mark_held, _("Marked as held. Its note can follow."))


def _mark(request: HttpRequest, session: UUID, verb: Callable[..., Session], said: str) -> HttpResponse:
    """Do a verb of a session and go back to its person. A refusal has a page of its own words."""
    rows = Session.objects.filter(organisation=organisation(request)).select_related("course")
    row = find(request, rows, session)
    verb(by=actor(request), at=now(), session=row, version=whole(request.POST.get("version", "")))
    messages.success(request, said)
    file = PatientFile.objects.get(organisation_id=row.organisation_id, patient_id=row.patient_id)
    return _back(file)


def _found(request: HttpRequest, file: UUID) -> tuple[PatientFile, Course]:
    row = the_file(request, file)
    course = shared_course(scope(request), row) or course_taken_part_in(scope(request), row)
    if course is None:
        raise Http404
    return row, course


def _prepared(request: HttpRequest, file: PatientFile, course: Course) -> Prepared:
    return prepared(scope(request), course, now(), practice=file.organisation_id)


def _page(
    request: HttpRequest,
    file: PatientFile,
    course: Course,
    found: Prepared,
    *,
    plan: PlanForm | None = None,
    touch_form: TouchForm | None = None,
    meet: MeetForm | None = None,
    draft: Any = None,
) -> HttpResponse:
    tell_opening(request, file, "preparation")
    if found.theirs is not None:
        tell_opening(request, found.theirs, "preparation", Kind.PREPARATION)
    refused = [form for form in (plan, touch_form, meet) if form is not None and form.errors]
    return show(
        request,
        "practice/preparation.html",
        header=header_of(scope(request), file, now(), zone(request)),
        file=file,
        course=None,
        clinic=course.organisation.name,
        handed=course.organisation_id != file.organisation_id,
        called=file.patient.chosen_name or file.patient.given_name,
        found=found,
        apart=_apart(request, course),
        plan=plan or PlanForm(initial=_words(found)),
        touch_form=touch_form or TouchForm(initial=_agreed(found), auto_id="touch_%s"),
        meet=meet or _meet_form(request, course),
        levels=[{"value": lv.value, "words": TOUCH_WORDS[lv], "note": TOUCH_NOTES[lv]} for lv in Touch],
        draft=draft,
        refused=refused[0] if refused else None,
        status=422 if refused else 200,
    )


def _apart(request: HttpRequest, course: Course) -> str:
    """A trainee, a recording, care at a distance: where this course's consents are this reader's to see."""
    about = Subject(Kind.CONSENT, course.organisation_id, course.patient_id, course.id, at=now())
    may = decide(scope(request), Need(Kind.CONSENT), about)
    return apart_words(course, now(), WHATS) if may else ""


def _meet_form(request: HttpRequest, course: Course) -> MeetForm:
    try:
        minutes = protocol(course.protocol).minutes.get("preparation", MINUTES)
    except UnknownProtocol:
        minutes = MINUTES
    data = request.POST if "minutes" in request.POST else None
    form = MeetForm(data, initial={"minutes": minutes}, auto_id="meet_%s")
    form.fields["planned_from"].zone = zone(request)  # type: ignore[attr-defined]
    return form


def _keep_draft(request: HttpRequest, course: Course) -> None:
    keep_draft(
        by=actor(request),
        at=now(),
        course=course,
        page="preparation",
        words={name: request.POST.get(name, "") for name in FIELDS},
    )


def _words(found: Prepared) -> dict[str, str]:
    return {name: getattr(found.plan, name) for name in FIELDS} if found.plan else {}


def _agreed(found: Prepared) -> dict[str, str]:
    now_agreed = found.touch
    if now_agreed is None:
        return {"level": ""}
    return {
        "level": now_agreed.level.value,
        "words": now_agreed.words,
        "stop_word": now_agreed.stop_word,
        "holds_for": now_agreed.holds_for,
    }


def _steps(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("level", "words", "stop_word", "holds_for", "submission")}


def _back(file: PatientFile) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("practice-preparation", args=[file.id]))
