"""The way of care of one course: chosen in its evaluation, changed later with what follows shown first.

Decided here: before a decision a press chooses; after it a press shows what would follow, and only a
prescriber's words on that very page sign it. Who does the therapy is named on the same page.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.team.forms import EnrolmentForm, TherapistForm, WayForm
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import actor, attempt, find, now, scope
from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.header import header_of
from openkap.reads.ways import plan_name, told_lines, ways_of
from openkap.records.facts.way_change import change_to
from openkap.records.models import Course, Organisation, Person
from openkap.steps.refusal import tell_missed
from openkap.steps.rems import enrol_patient
from openkap.steps.ways import change_way, choose_way, dose_under_way, name_therapist, undecided


@staff
@require_http_methods(["GET", "POST"])
def way(request: HttpRequest, course: UUID) -> HttpResponse:
    """Every way by every route; `?to=` shows what changing to it would do."""
    row = _the_course(request, course)
    if request.method != "POST":
        return _page(request, row)
    form = WayForm(request.POST.copy())
    free = undecided(row)
    if form.is_valid() and _is_only_asked(form, free):
        return redirect(f"{request.path}?to={form.cleaned_data['protocol']}#follows")
    if form.is_valid() and attempt(form, lambda: _set(request, row, form, free)):
        messages.success(request, _("Chosen.") if free else _("Signed. The way of care has changed."))
        return redirect("team-way", course=row.id)
    return _page(request, row, form, status=422)


@staff
@require_POST
def therapist(request: HttpRequest, course: UUID) -> HttpResponse:
    """Name who does the therapy."""
    row = _the_course(request, course)
    form = TherapistForm(request.POST, page=ways_of(scope(request), row, now(), _zone(row)))
    if form.is_valid() and attempt(form, lambda: _name(request, row, form)):
        messages.success(request, _("Kept."))
        return redirect("team-way", course=row.id)
    return _page(request, row, status=422, therapist_form=form)


@staff
@require_POST
def enrolment(request: HttpRequest, course: UUID) -> HttpResponse:
    """Write down that the patient is enrolled for esketamine."""
    row = _the_course(request, course)
    form = EnrolmentForm(request.POST)
    if form.is_valid() and _enrol(request, row, form):
        messages.success(request, _("Kept, with your name and today's date."))
        return redirect("team-way", course=row.id)
    return _page(request, row, status=422, enrolment_form=form)


def _enrol(request: HttpRequest, row: Course, form: EnrolmentForm) -> Any:
    return attempt(form, lambda: enrol_patient(by=actor(request), at=now(), course=row, **_enrolled(form)))


def _enrolled(form: EnrolmentForm) -> dict[str, Any]:
    names = ("enrolled_on", "number", "ended", "words", "submission")
    return {name: form.cleaned_data[name] for name in names}


def _is_only_asked(form: WayForm, free: bool) -> bool:
    """A way was pressed after the decision: what follows is shown before anything is signed."""
    return not free and not form.cleaned_data["seen"]


def _set(request: HttpRequest, row: Course, form: WayForm, free: bool) -> Any:
    said = form.cleaned_data
    given: dict[str, Any] = {
        "by": actor(request),
        "at": now(),
        "course": row,
        "protocol_id": said["protocol"],
        "version": said["version"],
        "submission": said["submission"],
    }
    return choose_way(**given) if free else change_way(**given, words=said["words"], seen=said["seen"])


def _name(request: HttpRequest, row: Course, form: TherapistForm) -> Any:
    person, _at, place = form.cleaned_data["who"].partition("@")
    return name_therapist(
        by=actor(request),
        at=now(),
        course=row,
        person=Person.objects.get(pk=person) if person else None,
        place=Organisation.objects.get(pk=place) if place else None,
        submission=form.cleaned_data["submission"],
    )


def _the_course(request: HttpRequest, pk: UUID) -> Course:
    row = find(request, Course.objects.select_related("organisation", "patient"), pk)
    subject = Subject(Kind.CLINICAL, row.organisation_id, row.patient_id, row.id, at=now())
    if not decide(scope(request), Need(Kind.CLINICAL, Act.SEE), subject):
        tell_missed(by=actor(request), at=now(), model=Course, pk=str(pk))
        raise Http404
    return row


def _zone(row: Course) -> ZoneInfo:
    return ZoneInfo(row.organisation.zone)


def _page(
    request: HttpRequest, row: Course, form: WayForm | None = None, status: int = 200, **forms: Any
) -> HttpResponse:
    at = now()
    tell_opening(request, row, "way", Kind.CLINICAL)
    page = ways_of(scope(request), row, at, _zone(row))
    free = undecided(row)
    asked = form["protocol"].value() if form is not None else request.GET.get("to", "")
    follows = None if free else _follows(row, asked, at)
    # A refused form goes back with its words, made from what stands on the page now.
    fresh = {"protocol": asked, "version": row.version, "seen": follows.seen if follows is not None else ""}
    if form is not None:
        data: Any = form.data
        data.update({"seen": fresh["seen"], "version": str(row.version)})
    context = {
        "header": header_of(scope(request), row, at, _zone(row)),
        "the_course": row,
        "page": page,
        "free": free,
        "follows": follows,
        "under_way": follows is not None and dose_under_way(row),
        "follows_name": plan_name(follows.plan) if follows is not None else "",
        "follows_told": told_lines(follows.as_kept()) if follows is not None else (),
        "form": form or WayForm(initial=fresh),
        "may": _may(request, row),
        "therapist_form": forms.get("therapist_form") or TherapistForm(page=page),
        "enrolment_form": forms.get("enrolment_form") or EnrolmentForm(),
        "enrolment_sent": forms.get("enrolment_form"),
        "therapist_sent": forms.get("therapist_form"),
    }
    with timezone.override(_zone(row)):
        return render(request, "team/way.html", context, status=status)


def _follows(row: Course, asked: str, at: Any) -> Any:
    """What changing to `asked` would do; None where nothing, or nothing else, is asked for."""
    if not asked or asked == row.protocol or row.ended_at is not None:
        return None
    try:
        return change_to(row, protocol(asked), at)
    except UnknownProtocol:
        return None


def _may(request: HttpRequest, row: Course) -> dict[str, bool]:
    def allowed(kind: Kind, act: Act) -> bool:
        subject = Subject(kind, row.organisation_id, row.patient_id, row.id, at=now())
        return bool(decide(scope(request), Need(kind, act), subject)) and row.ended_at is None

    return {
        "choose": allowed(Kind.CLINICAL, Act.ADD),
        "sign": allowed(Kind.CLINICAL, Act.SIGN),
        "name": allowed(Kind.SCHEDULE, Act.ADD),
    }
