"""What follows when a patient no longer shares with a practice: by their own hand, or because the end came.

Decided here: both ends are the same. What was shown of the journal is taken back, what was asked between the
practices is closed, and where no dates are shared any more nothing is held for a dose there. Each practice
keeps its own sessions and may call them off; the one that gives the doses is told to find somebody else
(docs/adr/0026-what-was-spoken.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.facts.booking import AHEAD, CALLED_OFF, shows_dates
from openkap.records.models import Course, Grant, Held, Participation, Proposal, Session, Task, Window
from openkap.steps.changes import OWN_SESSION
from openkap.steps.frame import must, step, tell
from openkap.steps.journal import stop_entries_with
from openkap.steps.practice_words import for_practice
from openkap.steps.proposals import settle
from openkap.steps.tasks import close_task, make_task

FIND_THERAPIST = "find_therapist"
ANSWER_WITHIN, AT_LEAST = timedelta(days=1), timedelta(hours=1)


def end_run_out(*, by: Actor, at: datetime) -> int:
    """One round: every grant whose end has come ends as if it were taken back; how many there were."""
    due = Grant.objects.filter(revoked_at=None, until__lte=at).order_by("until", "id")
    return sum(run_out(by=by, at=at, grant=grant) for grant in list(due))


@step
def run_out(*, by: Actor, at: datetime, grant: Grant) -> bool:
    """This grant's end has come. False: it was ended, or given a new one, meanwhile."""
    must(by, Kind.SHARING, Act.SHARE, grant, at=at)
    grant = Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if grant.revoked_at is not None or grant.until > at:
        return False
    grant.revoked_at = grant.until
    grant.save(update_fields=["revoked_at"])
    tell(by, "sharing.ran_out", grant, at=at)
    part(by, grant, at=at)
    return True


def part(by: Actor, ended: Grant, *, at: datetime) -> None:
    """Inside the step that ends a grant: what was shown, asked and held under it ends as well."""
    stop_entries_with(
        by,
        patient=ended.patient_id,
        organisation=ended.to_organisation_id,
        person=ended.to_person_id,
        at=at,
    )
    end_dates(by, ended, at=at)
    left = Grant.objects.filter(
        Grant.in_force(at),
        patient_id=ended.patient_id,
        organisation_id=ended.organisation_id,
        to_organisation_id=ended.to_organisation_id,
    )
    if not left.exists():
        _leave(by, ended, at)


def end_dates(by: Actor, ended: Grant, *, at: datetime) -> None:
    """Whatever in that practice rested on dates that it is no longer shown: closed, and said to both."""
    courses = Course.objects.filter(
        patient_id=ended.patient_id, organisation_id=ended.organisation_id
    ).select_related("organisation", "patient")
    for course in courses:
        own = Session.objects.filter(course=course, organisation_id=ended.to_organisation_id)
        unseen = [
            session
            for session in own.select_related("organisation", "lead", "patient")
            if not shows_dates(course, session.organisation_id, session.lead_id, at)
        ]
        between = Q(about__in=unseen) | Q(cause__in=unseen)
        for row in Proposal.objects.filter(between, state=Proposal.State.OPEN).select_related("about"):
            settle(
                by,
                row.about,
                Proposal.State.CLOSED,
                for_practice("The patient no longer shares dates."),
                at=at,
            )
        if not shows_dates(course, ended.to_organisation_id, None, at):
            _close_theirs(by, course, ended.to_organisation_id, at)
        for session in unseen:
            if session.state in AHEAD:
                _ask_holder(by, session, at)
        _tell_keeper(by, course, unseen, at)


def shared_again(by: Actor, made: Grant, *, at: datetime) -> None:
    """Inside the step that opens a grant: what was asked because sharing had stopped is asked no more."""
    asked = Task.objects.filter(
        patient_id=made.patient_id,
        course__organisation_id=made.organisation_id,
        organisation_id=made.to_organisation_id,
        what=OWN_SESSION,
        done_at=None,
    )
    for task in asked:
        close_task(by, task, at=at, outcome=for_practice("The patient shares again."))


def _close_theirs(by: Actor, course: Course, practice: UUID, at: datetime) -> None:
    """Tasks that tell of the other practice's doses. Their own sessions' stay, and so does an alert."""
    theirs = Task.objects.filter(course=course, organisation_id=practice, level="", done_at=None)
    for task in theirs.exclude(session__organisation_id=practice):
        close_task(by, task, at=at, outcome=for_practice("The patient no longer shares dates."))


def _ask_holder(by: Actor, session: Session, at: datetime) -> None:
    """A session that was planned around a dose is its practice's to keep or to cancel."""
    make_task(
        by,
        at=at,
        organisation=session.organisation,
        what=OWN_SESSION,
        text=for_practice(
            "%(name)s no longer shares dates with you. Your session with them is still planned: keep it "
            "between the two of you, or cancel it."
        )
        % {"name": session.patient.name},
        due_at=max(min(at + ANSWER_WITHIN, session.planned_from - AT_LEAST), at + AT_LEAST),
        role=Role.THERAPIST,
        course=session.course,
        session=session,
        owner=session.lead,
    )


def _tell_keeper(by: Actor, course: Course, unseen: list[Session], at: datetime) -> None:
    """Doses that have lost their session: whoever books here finds another therapist before it is late."""
    ties = (
        Held.objects.filter(session__in=unseen)
        .exclude(session__state__in=CALLED_OFF)
        .select_related("dose__organisation", "session__organisation")
    )
    for tie in ties:
        dose = tie.dose
        window = Window.objects.filter(dose=dose, kept_by=None, closes_at__gt=at).first()
        if dose.state not in AHEAD and window is None:
            continue
        due = window.closes_at if window is not None else dose.planned_from
        make_task(
            by,
            at=at,
            organisation=course.organisation,
            what=FIND_THERAPIST,
            text=for_practice(
                "%(name)s no longer shares dates with %(who)s. No session is held for dose %(n)s any more. "
                "Find who holds integration."
            )
            % {"name": course.patient.name, "who": tie.session.organisation.name, "n": dose.ordinal},
            due_at=max(min(at + ANSWER_WITHIN, due), at),
            role=Role.FRONT_DESK,
            course=course,
            session=dose,
        )


def _leave(by: Actor, ended: Grant, at: datetime) -> None:
    parts = Participation.objects.filter(
        course__patient_id=ended.patient_id,
        course__organisation_id=ended.organisation_id,
        organisation_id=ended.to_organisation_id,
        until=None,
    )
    for part_taken in parts:
        part_taken.until = at
        part_taken.save(update_fields=["until"])
        tell(by, "course.left", part_taken, at=at, patient=ended.patient_id)
