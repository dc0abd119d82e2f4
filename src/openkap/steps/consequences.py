"""What follows for the other practice's session when one is moved, called off, missed or runs long.

Decided here: which session is meant, and what is proposed about it. For a dose, the integration session held
for it: it stays where its window still holds it, moves to the nearest free time inside where not, and goes
where the dose goes. For an integration session, its dose, or the next one once that was given: it stays,
unless the session now lies outside its window and the dose could still move. In one house nothing that
merely stays is asked about.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine import window as windows
from openkap.medicine.planning import fitting, same_clock
from openkap.permits import Actor
from openkap.records.facts.booking import (
    AHEAD,
    DOSING,
    INTEGRATION,
    busy_with,
    dose_for,
    held_for,
    next_dose_after,
    open_about,
    shows_dates,
    told_of,
    window_of,
)
from openkap.records.models import Held, Proposal, Session
from openkap.steps.changes import retime
from openkap.steps.clashes import length_of
from openkap.steps.proposals import Change, propose, settle

What, Why = Proposal.What, Proposal.Why


def other_of(session: Session, at: datetime) -> Session | None:
    """The other practice's session that this one is bound to, as it stands before anything changes."""
    if session.phase == DOSING:
        return held_for(session, at)
    if session.phase != INTEGRATION or not told_of(session, at):
        return None
    dose = dose_for(session)
    if dose is not None and dose.state in AHEAD:
        return dose
    return next_dose_after(session, at)


def tie(dose: Session, held: Session, at: datetime) -> None:
    """From now on this session is held for this dose, wherever the dose moves."""
    Held.objects.get_or_create(
        session=held,
        defaults={
            "dose": dose,
            "organisation_id": held.organisation_id,
            "patient_id": held.patient_id,
            "at": at,
        },
    )


def follow(by: Actor, change: Change, other: Session | None, *, at: datetime) -> Proposal | None:
    """Propose what happens to `other` now. None: there is nothing to propose, or nobody to be told."""
    if other is None or other.state not in AHEAD:
        return None
    if not shows_dates(other.course, other.organisation_id, other.lead_id, at):
        return None  # that practice sees no dates any more; the watch asks our own desk instead
    other.refresh_from_db(fields=["planned_from", "planned_to", "state", "version"])
    if change.cause.phase == DOSING:
        return _for_therapy(by, change, other, at)
    return _for_dose(by, change, other, at)


def refit(by: Actor, dose: Session, *, at: datetime) -> Proposal | None:
    """The dose has ended and its window is known: where the held session lies outside, propose anew."""
    change = Change(dose, Why.ENDED, dose.planned_from, _("The dose ended later than planned."))
    return follow(by, change, held_for(dose, at), at=at)


def _for_therapy(by: Actor, change: Change, held: Session, at: datetime) -> Proposal | None:
    dose = change.cause
    tie(dose, held, at)
    if change.why in (Why.CANCELLED, Why.NO_SHOW):
        return propose(by, held, change, What.CANCEL, at=at)
    waiting = open_about(held)
    unanswered = waiting is not None and waiting.what == What.HOLD
    window = window_of(dose)
    if window is None or window.holds(held.planned_from):
        return _stays(by, change, held, unanswered, waiting, at)
    starts = nearest(held, window, change, at)
    if starts is not None and held.lead_id == by.person and held.organisation_id == by.organisation:
        retime(by, held, starts, length_of(held), at=at, words=change.words)
        return None
    return propose(by, held, change, What.HOLD if unanswered else What.MOVE, at=at, starts=starts)


def _stays(
    by: Actor, change: Change, held: Session, unanswered: bool, waiting: Proposal | None, at: datetime
) -> Proposal | None:
    """It still fits. After a dose that ended there is nothing to ask; else the other practice is told."""
    if change.why == Why.ENDED or held.organisation_id == by.organisation:
        if waiting is not None and not unanswered:
            settle(by, held, Proposal.State.CLOSED, _("The session fits the window after all."), at=at)
        return None
    return propose(by, held, change, What.HOLD if unanswered else What.KEEP, at=at)


def nearest(held: Session, window: windows.Window, change: Change, at: datetime) -> datetime | None:
    """The free time inside the window nearest to where the session would have moved with its dose."""
    zone = ZoneInfo(held.organisation.zone)
    minutes = int(length_of(held) / timedelta(minutes=1))
    taken = busy_with(held.course, held.organisation_id, held.lead_id, window, besides=held.id)
    wanted = same_clock(held.planned_from, change.was_from, change.cause.planned_from, zone)
    if change.why in (Why.OVERRAN, Why.ENDED):
        wanted = held.planned_from
    fit = fitting(window, minutes, zone, busy=taken, after=at, wanted=wanted)
    return fit.starts if fit is not None else None


def _for_dose(by: Actor, change: Change, dose: Session, at: datetime) -> Proposal | None:
    session = change.cause
    starts, what = None, What.KEEP
    window = window_of(dose)
    own = Held.objects.filter(session=session, dose=dose).exists()
    left = own and window is not None and not window.holds(session.planned_from)
    if change.why == Why.MOVED and left:
        zone = ZoneInfo(dose.organisation.zone)
        starts = same_clock(dose.planned_from, change.was_from, session.planned_from, zone)
        starts, what = (starts if starts > at else None), What.MOVE
    elif change.why == Why.OVERRAN and session.planned_to > dose.planned_from:
        what = What.MOVE
    if what == What.KEEP and dose.organisation_id == by.organisation:
        return None
    return propose(by, dose, change, what, at=at, starts=starts)
