"""A therapist writes down an adverse event that began after a dose: what it was, and before whom it comes.

Decided here: it is written into the record of the practice that gave the dose, from either practice, with the
same questions as in the room. A therapist reads what they told themselves; what others wrote stays with those
who give the dose. Whoever may not write one is told who does.
"""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openkap.desks.team.around import page_header, the_dose
from openkap.door.enter import staff
from openkap.door.event_form import OWN, EventForm, chosen
from openkap.door.opening import tell_opening
from openkap.door.page import actor, attempt, now, scope
from openkap.medicine.monitoring import events
from openkap.medicine.monitoring.adverse import terms
from openkap.permits import Act, Actor, Kind, Need, Subject, decide
from openkap.reads.harm import told_by
from openkap.records.models import Session
from openkap.steps.adverse import note_event


@staff
@require_http_methods(["GET", "POST"])
def event(request: HttpRequest, session: UUID) -> HttpResponse:
    """First what it was, then the rest; beside it what this reader has told of this dose."""
    row = the_dose(request, session)
    term, version = chosen(request)
    if term is None or not may_tell(request, row):
        return _page(request, row)
    form = EventForm(
        request.POST or None, term=term, version_of=version, zone=ZoneInfo(row.organisation.zone)
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, row, form)
    told, by, at = form.said(now()), actor(request), now()
    sent = form.cleaned_data["submission"]
    if attempt(form, lambda: note_event(by=by, at=at, session=row, said=told, submission=sent)):
        messages.success(request, _said(by, row))
        return redirect("team-event", session=row.id)
    return _page(request, row, form)


def may_tell(request: HttpRequest, row: Session) -> bool:
    """Whether this reader may write one down here. The step asks again, and whether the patient shares."""
    keeper = actor(request).organisation or row.organisation_id
    subject = Subject(Kind.ADVERSE_EVENTS, keeper, row.patient_id, row.course_id, row.id, at=now())
    return bool(decide(scope(request), Need(Kind.ADVERSE_EVENTS, Act.ADD), subject))


def _said(by: Actor, row: Session) -> str:
    if by.organisation == row.organisation_id:
        return _("The event is written down.")
    return _("Written down. %(place)s has it now.") % {"place": row.organisation.name}


def _page(request: HttpRequest, row: Session, form: EventForm | None = None) -> HttpResponse:
    at, zone = now(), ZoneInfo(row.organisation.zone)
    tell_opening(request, row, "event", Kind.SCHEDULE)
    term = events.term_of(form.term) if form is not None else None
    wrong = form is not None and bool(form.errors)
    context = {
        **page_header(request, row, at, zone),
        "dose": row,
        "may_tell": may_tell(request, row),
        "elsewhere": actor(request).organisation != row.organisation_id,
        "form": form,
        "name": term.words if term is not None else "",
        "pathway": term.pathway if term is not None else "",
        "expected": events.expectedness(form.term) if form is not None else None,
        "terms": [(each.rule.id, each.words) for each in terms()],
        "own": OWN,
        "versions": events.ctcae_versions(),
        "events": told_by(scope(request), row, actor(request).person, zone),
    }
    with timezone.override(zone):
        return render(request, "team/event.html", context, status=422 if wrong else 200)
