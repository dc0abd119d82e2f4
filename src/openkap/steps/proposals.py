"""What one practice proposes about the other's session, and what is answered.

Decided here: nobody moves another practice's session. What changed is told, what should follow is proposed
with a named owner and a clock, and both practices have it on their lists until it is answered. A newer
proposal about the same session takes the place of the older one; whoever answers that one is told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, ActorKind, Kind, Role
from openkap.records.base import Authored
from openkap.records.facts.booking import AHEAD, INTEGRATION, dose_for, window_of
from openkap.records.facts.clock import told, told_both
from openkap.records.models import Organisation, Person, Proposal, Session, Task
from openkap.steps.changes import call_off, retime, write_task
from openkap.steps.clashes import length_of
from openkap.steps.frame import Refused, Stale, expect, must, step, tell
from openkap.steps.notes import refuse_unshared, session_subject
from openkap.steps.tasks import close_task, make_task

What, Why, State = Proposal.What, Proposal.Why, Proposal.State

# A practice's custom, not medicine: whoever is asked has a day, and less where the time itself is nearer.
ANSWER_WITHIN, AT_LEAST = timedelta(hours=24), timedelta(hours=1)
ANSWER_TASK, WAITING_TASK, DECLINED_TASK = "proposal", "proposal_waits", "proposal_declined"


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to `cause`: why, when it was, and the words given."""

    cause: Session
    why: str
    was_from: datetime
    words: str = ""


def propose(
    by: Actor,
    about: Session,
    change: Change,
    what: str,
    *,
    at: datetime,
    starts: datetime | None = None,
) -> Proposal:
    """Ask the practice that holds `about`; inside the step whose permit stands for it."""
    older = Proposal.objects.filter(about=about, state=State.OPEN).first()
    if older is not None:
        older.version += 1
        _close(by, older, State.SUPERSEDED, _("A newer proposal took its place."), at=at)
    asks = by.organisation or change.cause.organisation_id
    made = Proposal.objects.create(
        **Authored.authored(by),
        course_id=about.course_id,
        patient_id=about.patient_id,
        organisation_id=about.course.organisation_id,
        from_organisation_id=asks,
        to_organisation_id=about.organisation_id,
        owner=about.lead if about.phase == INTEGRATION else None,
        about=about,
        cause=change.cause,
        what=what,
        why=change.why,
        words=change.words.strip()[:300],
        was_from=change.was_from,
        suggested_from=starts,
        suggested_to=starts + length_of(about) if starts is not None else None,
        made_at=at,
        due_at=_due(at, starts or about.planned_from),
    )
    if older is not None:
        older.superseded_by = made
        older.save(update_fields=["superseded_by"])
    _put_on_lists(by, made, at=at)
    tell(by, "proposal.made", made, at=at, session=about.id)
    return made


def _due(at: datetime, when: datetime) -> datetime:
    return max(min(at + ANSWER_WITHIN, when - AT_LEAST), at + AT_LEAST)


def _put_on_lists(by: Actor, made: Proposal, *, at: datetime) -> None:
    """A task for whoever answers, and one for whoever waits."""
    held = made.about.phase == INTEGRATION
    asks, asked = _organisation(made.from_organisation_id), made.about.organisation
    make_task(
        by,
        at=at,
        organisation=asked,
        what=ANSWER_TASK,
        text=asked_words(made, asked, asks),
        due_at=made.due_at,
        role=Role.THERAPIST if held else Role.FRONT_DESK,
        course=made.course,
        session=made.about,
        owner=made.owner,
    )
    if asks.id == asked.id:
        return
    person = Person.objects.filter(id__in=[by.person]).first() if by.kind is ActorKind.PERSON else None
    make_task(
        by,
        at=at,
        organisation=asks,
        what=WAITING_TASK,
        text=_("Waiting for %(who)s: %(what)s")
        % {"who": _asked_name(made), "what": asked_words(made, asks, asked)},
        due_at=made.due_at,
        role=Role.FRONT_DESK if held else Role.THERAPIST,
        course=made.course,
        session=made.about,
        owner=person if made.why != Why.ENDED else None,
    )


def asked_words(made: Proposal, reader: Organisation, other: Organisation | None) -> str:
    """What is asked, in one sentence, on the reader's own clock."""
    words = {
        "name": made.patient.name,
        "now": told(made.about.planned_from, reader, other),
        "new": told(made.suggested_from, reader, other) if made.suggested_from is not None else "",
    }
    if made.what == What.HOLD:
        words["new"] = words["new"] or words["now"]
        return _("Say yes to the integration session with %(name)s on %(new)s, or name another time.") % words
    session = _("integration session") if made.about.phase == INTEGRATION else _("dose")
    words["session"] = session
    if made.what == What.CANCEL:
        return _("Cancel the %(session)s with %(name)s on %(now)s.") % words
    if made.what == What.KEEP:
        return _("Keep the %(session)s with %(name)s on %(now)s.") % words
    if made.suggested_from is None:
        return _("Find another time for the %(session)s with %(name)s, now on %(now)s.") % words
    return _("Move the %(session)s with %(name)s from %(now)s to %(new)s.") % words


@step
def answer_proposal(
    *,
    by: Actor,
    at: datetime,
    proposal: Proposal,
    answer: str,
    planned_from: datetime | None = None,
    words: str = "",
    version: int | None = None,
    submission: UUID | None = None,
) -> Proposal:
    """Say yes ("accept"), name another time ("other_time", `planned_from`), or no ("decline", `words`).

    The session changes with the answer, since it is the answering practice's own. Raises Refused where it
    was answered or overtaken, naming by whom; where another time lies outside the window; where a no has
    no words.
    """
    about = Session.objects.select_related("course", "organisation", "patient", "lead", "room").get(
        pk=proposal.about_id
    )
    must(by, Kind.SCHEDULE, Act.ADD, session_subject(Kind.SCHEDULE, about), at=at)
    refuse_unshared(by, about.course, at)
    proposal = _held(proposal)
    _refuse_answered(proposal)
    expect(proposal, version, words=_("proposal"))
    if answer == State.OTHER_TIME:
        said = _other_time(by, proposal, about, planned_from, words, at)
    elif answer == State.DECLINED or answer == "decline":
        answer, said = State.DECLINED, _decline(by, proposal, about, words, at)
    else:
        answer, said = State.ACCEPTED, _accept(by, proposal, about, words, at)
    _close(by, proposal, State(answer), said, at=at)
    if answer != State.DECLINED:
        _agreed(by, about, at)
    tell(by, f"proposal.{answer}", proposal, at=at, session=about.id)
    return proposal


def _accept(by: Actor, proposal: Proposal, about: Session, words: str, at: datetime) -> str:
    if proposal.what == What.CANCEL:
        call_off(by, about, "cancel", proposal.words or _("Agreed between the practices."), at=at)
        return _("Yes. It is cancelled.")
    if proposal.what == What.MOVE and proposal.suggested_from is None:
        raise Refused(_("No time is proposed. Name one."), field="planned_from")
    if proposal.suggested_from is not None and proposal.suggested_from != about.planned_from:
        retime(by, about, proposal.suggested_from, length_of(about), at=at, words=words or proposal.words)
    return _("Yes.")


def _other_time(
    by: Actor, proposal: Proposal, about: Session, planned_from: datetime | None, words: str, at: datetime
) -> str:
    if planned_from is None:
        raise Refused(_("Say which other time."), field="planned_from")
    if about.phase == INTEGRATION:
        refuse_outside(about, planned_from, proposal)
    if planned_from != about.planned_from:
        retime(by, about, planned_from, length_of(about), at=at, words=words)
    asks = _organisation(proposal.from_organisation_id)
    when = told(planned_from, asks, about.organisation)
    return _("Another time: %(when)s. %(words)s") % {"when": when, "words": words.strip()}


def refuse_outside(about: Session, planned_from: datetime, proposal: Proposal | None = None) -> None:
    """An integration session held for a dose begins inside its window; the window is told on both clocks."""
    dose = dose_for(about)
    window = window_of(dose) if dose is not None else None
    if dose is None or window is None or window.holds(planned_from):
        return
    own, other = about.organisation, dose.organisation
    raise Refused(
        _(
            "This is outside the window after dose %(n)s: from %(opens)s to %(closes)s. "
            "Choose a time inside, or decline in words."
        )
        % {
            "n": dose.ordinal,
            "opens": told_both(window.opens, own, other),
            "closes": told_both(window.closes, own, other),
        },
        field="planned_from",
        hint="window",
    )


def _decline(by: Actor, proposal: Proposal, about: Session, words: str, at: datetime) -> str:
    """No, in words. A session nobody said yes to is gone; whoever asked finds what is left to do."""
    if not words.strip():
        raise Refused(
            _("Say in a few words why not. %(who)s reads it.") % {"who": proposal.by_name}, field="words"
        )
    if proposal.what == What.HOLD:
        call_off(by, about, "cancel", words, at=at)
    asks = _organisation(proposal.from_organisation_id)
    make_task(
        by,
        at=at,
        organisation=asks,
        what=DECLINED_TASK,
        text=(
            _("%(who)s said no: “%(words)s” Talk to each other, then change a time.")
            % {"who": by.name, "words": words.strip()[:160]}
        ),
        due_at=_due(at, about.planned_from),
        role=Role.FRONT_DESK if about.phase == INTEGRATION else Role.THERAPIST,
        course=about.course,
        session=about,
    )
    return words.strip()


def _agreed(by: Actor, about: Session, at: datetime) -> None:
    """An integration session that stands owes its note."""
    if about.phase == INTEGRATION and about.state in AHEAD:
        write_task(by, about, at)


def settle(by: Actor, session: Session, state: str, said: str, *, at: datetime) -> None:
    """Close what is open about a session, because its own practice has just decided about it."""
    for proposal in Proposal.objects.filter(about=session, state=State.OPEN):
        proposal.version += 1
        _close(by, proposal, State(state), said, at=at)
        tell(by, f"proposal.{state}", proposal, at=at, session=session.id)


def _close(by: Actor, proposal: Proposal, state: str, said: str, *, at: datetime) -> None:
    proposal.state, proposal.answered_at, proposal.answer = state, at, said.strip()[:300]
    proposal.answered_by_id = by.person if by.kind is ActorKind.PERSON else None
    proposal.save()
    outcome = f"{by.name}: {proposal.answer}" if proposal.answer else by.name
    tasks = Task.objects.filter(session=proposal.about_id, what__in=(ANSWER_TASK, WAITING_TASK), done_at=None)
    for task in tasks:
        close_task(by, task, at=at, outcome=outcome)


def _refuse_answered(proposal: Proposal) -> None:
    if proposal.state == State.OPEN:
        return
    if proposal.state == State.SUPERSEDED:
        newer = proposal.superseded_by
        raise Stale(
            _("A newer proposal took the place of this one: %(name)s changed it again. Answer that one.")
            % {"name": newer.by_name if newer is not None else _("someone")}
        )
    who = proposal.answered_by.name if proposal.answered_by is not None else _("the system")
    raise Stale(
        _("%(who)s already answered this: “%(said)s” Nothing was changed again.")
        % {"who": who, "said": proposal.answer or proposal.get_state_display()}
    )


def _held(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "patient", "course", "answered_by", "superseded_by"
    )
    return rows.get(pk=proposal.pk)


def _asked_name(made: Proposal) -> str:
    return made.owner.name if made.owner is not None else made.about.organisation.name


def _organisation(pk: UUID) -> Organisation:
    return Organisation.objects.get(pk=pk)
