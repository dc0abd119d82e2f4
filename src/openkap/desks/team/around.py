"""Around one dose: checking in and out, handing over each way, and the form that a REMS asks for.

Decided here: one page for both practices and every role; what each may do there follows from who they are,
so that one person who is several things does all of it in one place, with one sign-in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from openkap.desks.team.forms import AfterForm, BeforeForm, NoteForm, OutForm, SentForm
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import StepForm, actor, attempt, find, now, scope
from openkap.permits import Act, Kind, Need, Role, Subject, decide
from openkap.reads.around import Around, around
from openkap.reads.header import header_of
from openkap.records.models import PatientFile, Session
from openkap.records.scoped import scoped
from openkap.records.standing import standing_of
from openkap.steps.hand_over import hand_back, hand_over, read_hand_back, read_hand_over
from openkap.steps.presence import BEFORE_AND_DURING, check_in, check_out, parts_for
from openkap.steps.rems import form_was_sent
from openkap.steps.room_notes import was_there, write_room_note

READS_BEFORE = frozenset({Role.PRESCRIBER, Role.MONITOR})


@staff
@require_GET
def dose(request: HttpRequest, session: UUID) -> HttpResponse:
    """Who is there, what was handed over, what is asked."""
    return _page(request, the_dose(request, session))


@staff
@require_POST
def come(request: HttpRequest, session: UUID) -> HttpResponse:
    """I am here."""
    form = StepForm(request.POST)
    return _done(request, session, form, check_in, {}, _("You are checked in."), "form")


@staff
@require_POST
def go(request: HttpRequest, session: UUID) -> HttpResponse:
    """I go."""
    form = OutForm(request.POST)
    return _done(request, session, form, check_out, ("words",), _("You are checked out."), "out")


@staff
@require_POST
def before(request: HttpRequest, session: UUID) -> HttpResponse:
    """The therapist hands over, before the dose."""
    form, names = BeforeForm(request.POST), ("readiness", "intentions", "concerns")
    return _done(request, session, form, hand_over, names, _("Handed over to the clinic."), "before_form")


@staff
@require_POST
def after(request: HttpRequest, session: UUID) -> HttpResponse:
    """The clinic hands over, after the dose."""
    form, names = AfterForm(request.POST), ("seen", "take_up")
    return _done(request, session, form, hand_back, names, _("Handed over to the therapist."), "after_form")


@staff
@require_POST
def read(request: HttpRequest, session: UUID, which: str) -> HttpResponse:
    """I have read it. `which`: before or after."""
    work = read_hand_over if which == "before" else read_hand_back
    return _done(request, session, StepForm(request.POST), work, {}, _("Kept: you have read it."), "form")


@staff
@require_POST
def note(request: HttpRequest, session: UUID) -> HttpResponse:
    """A therapist's note, written in the room."""
    form = NoteForm(request.POST)
    return _done(request, session, form, write_room_note, ("words",), _("Kept."), "note_form")


@staff
@require_POST
def sent(request: HttpRequest, session: UUID) -> HttpResponse:
    """The monitoring form was sent."""
    form, names = SentForm(request.POST), ("sent_on", "how", "words")
    return _done(request, session, form, form_was_sent, names, _("Kept: the form was sent."), "sent_form")


def the_dose(request: HttpRequest, pk: UUID) -> Session:
    """The dosing session, if this actor may see that it is there; else 404."""
    rows = Session.objects.select_related("course__organisation", "patient", "organisation", "room", "lead")
    return find(request, rows.filter(phase=Session.Phase.DOSING), pk)


def _done(
    request: HttpRequest,
    pk: UUID,
    form: StepForm,
    work: Callable[..., Any],
    names: Any,
    says: str,
    shown_as: str,
) -> HttpResponse:
    row = the_dose(request, pk)
    if form.is_valid():
        said = form.cleaned_data
        if attempt(
            form,
            lambda: work(
                by=actor(request),
                at=now(),
                session=row,
                submission=said["submission"],
                **{name: said[name] for name in names},
            ),
        ):
            messages.success(request, says)
            return redirect("team-dose", session=row.id)
    row.refresh_from_db()
    return _page(request, row, 422, **{shown_as: form})


def _page(request: HttpRequest, row: Session, status: int = 200, **forms: Any) -> HttpResponse:
    at, by = now(), actor(request)
    tell_opening(request, row, "around", Kind.SCHEDULE)
    here = around(scope(request), row, by.person, at)
    zone = ZoneInfo(row.organisation.zone)
    context = {
        **page_header(request, row, at, zone),
        "dose": row,
        "around": here,
        "may": _may(request, row, here),
        "form": forms.get("form") or StepForm(auto_id=False),
        "act": StepForm(auto_id=False),
        "out": forms.get("out") or OutForm(),
        "before_form": forms.get("before_form") or BeforeForm(),
        "after_form": forms.get("after_form") or AfterForm(),
        "note_form": forms.get("note_form") or NoteForm(),
        "sent_form": forms.get("sent_form") or SentForm(initial={"sent_on": at.astimezone(zone).date()}),
    }
    with timezone.override(zone):
        return render(request, "team/dose.html", context, status=status)


def page_header(request: HttpRequest, row: Session, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The patient's header, and this reader's own file of them, if there is one."""
    files = scoped(PatientFile.objects.filter(patient_id=row.patient_id), scope(request))
    own = files.filter(organisation=actor(request).organisation)
    file = own.select_related("patient", "organisation").first()
    return {"header": header_of(scope(request), file or row.course, at, zone), "file": file}


def _sees_chart(request: HttpRequest, row: Session, at: datetime) -> bool:
    """Clinical facts of the course, and not only of a session one sits in."""
    subject = Subject(Kind.CLINICAL, row.organisation_id, row.patient_id, row.course_id, at=at)
    return bool(decide(scope(request), Need(Kind.CLINICAL), subject))


def _may(request: HttpRequest, row: Session, here: Around) -> dict[str, bool]:
    """What this reader can do on the page. Each step asks again."""
    at, by = now(), actor(request)
    roles = standing_of(by, at).roles
    own = by.organisation == row.organisation_id
    therapist, began = Role.THERAPIST in roles, row.started_at is not None

    def allowed(kind: Kind, act: Act) -> bool:
        subject = Subject(
            kind, row.organisation_id, row.patient_id, row.course_id, row.id, row.room_id, row.planned_from
        )
        return bool(decide(scope(request), Need(kind, act), subject))

    hands = "hand_over_before" in here.wants
    return {
        "come": row.state in BEFORE_AND_DURING and not here.i_am_in and bool(parts_for(by, row, at)),
        "go": row.state in BEFORE_AND_DURING and here.i_am_in,
        "room": allowed(Kind.CLINICAL, Act.SEE),
        "note": therapist,
        "write_note": therapist and was_there(row, by.person),
        "before": hands and therapist and not began,
        "read_before": bool(here.before and not here.before.read and not here.before.mine)
        and own
        and bool(roles & READS_BEFORE),
        "after": "hand_over_after" in here.wants and began and allowed(Kind.SUMMARY, Act.ADD),
        "event": therapist and began,
        "read_after": bool(here.after and not here.after.read and not here.after.mine) and therapist,
        "sent": "monitoring_form_within_7_days" in here.wants
        and began
        and here.form is None
        and allowed(Kind.CLINICAL, Act.ADD),
        "way": own and _sees_chart(request, row, at),
    }
