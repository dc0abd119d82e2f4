"""Words about a session: the therapist's note, the clinic's summary, and the session held in a window.

Decided here: a note belongs to the practice whose session it was. Writing for a course that another
practice keeps needs the patient's grant at that moment; after a revocation the step says so and
writes nothing, and whoever typed keeps their words. A session keeps a window when it begins in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course import session_after
from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.models import (
    Course,
    NoteDraft,
    Organisation,
    Person,
    Room,
    Session,
    SessionNote,
    SessionSummary,
    Task,
    Window,
)
from openkap.records.standing import standing_of
from openkap.steps.clashes import refuse_clash
from openkap.steps.course import plan_session
from openkap.steps.drafts import let_go_of_draft
from openkap.steps.frame import Refused, expect, must, step, tell
from openkap.steps.tasks import close_task, make_task

NOTE_TASK = "integration_note"
PREPARATION_TASK = "preparation_note"
# To hold a session in the window is owed until one is planned there, and until one was held there.
WINDOW_TASKS = ("hold_integration", "window_closing")
CALLED_OFF = ("cancelled", "no_show")


@step
def hold_integration(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    organisation: Organisation,
    planned_from: datetime,
    minutes: int,
    room: Room | None = None,
    submission: UUID | None = None,
) -> Session:
    """Plan an integration session with `by` as its lead; its note is then a task for when it ends."""
    must(by, Kind.SCHEDULE, Act.ADD, Subject(Kind.SCHEDULE, organisation.id, course.patient_id), at=at)
    refuse_unshared(by, course, at)
    if course.ended_at is not None:
        raise Refused(_("This course has ended. No session is added to it."))
    if planned_from <= at:
        raise Refused(_("This time has passed. Choose a later one."), field="planned_from")
    session = plan_own_session(
        by,
        at,
        course,
        organisation,
        phase=Session.Phase.INTEGRATION,
        planned_from=planned_from,
        minutes=minutes,
        room=room,
        note_task=NOTE_TASK,
        note_words=_("Write the note of the integration session with %(name)s."),
    )
    window = _window_holding(session, session.planned_from)
    if window is not None:
        _settle(by, WINDOW_TASKS, window.dose_id, at, _("A session is held in the window."))
    return session


def plan_own_session(
    by: Actor,
    at: datetime,
    course: Course,
    organisation: Organisation,
    *,
    phase: Session.Phase,
    planned_from: datetime,
    minutes: int,
    room: Room | None,
    note_task: str,
    note_words: str,
) -> Session:
    """A session that `by` leads, inside the step that plans it; its note is a task for when it ends."""
    refuse_clash(
        by,
        organisation=organisation,
        course=course,
        starts=planned_from,
        ends=planned_from + timedelta(minutes=max(minutes, 0)),
        room=room,
        lead=by.person,
    )
    session = plan_session(
        by=by,
        at=at,
        course=course,
        organisation=organisation,
        phase=phase,
        planned_from=planned_from,
        minutes=minutes,
        room=room,
        lead=Person.objects.filter(id__in=[by.person]).first(),
    )
    make_task(
        by,
        at=at,
        organisation=organisation,
        what=note_task,
        text=note_words % {"name": course.patient.name},
        due_at=session.planned_to,
        role=Role.THERAPIST,
        course=course,
        session=session,
        owner=session.lead,
    )
    return session


@step
def write_note(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    focus: str,
    agreed: str = "",
    for_clinic: str = "",
    held_at: datetime | None = None,
    version: int | None = None,
    submission: UUID | None = None,
) -> SessionNote:
    """Write the note of a session of one's own practice; it counts as held from then on.

    `held_at` is when it began, absent: as planned. Raises Refused where it has not begun, the
    patient no longer shares, or a note stands already (correct that one).
    """
    subject = Subject(
        Kind.NOTES, session.organisation_id, session.patient_id, session.course_id, session.id, at=at
    )
    must(by, Kind.NOTES, Act.ADD, subject, at=at)
    refuse_unshared(by, session.course, at)
    began = held_at or session.planned_from
    _refuse_note(session, focus, began, at)
    note = SessionNote.objects.create(
        **Authored.authored(by),
        organisation_id=session.organisation_id,
        patient_id=session.patient_id,
        session=session,
        focus=focus.strip(),
        agreed=agreed.strip(),
        for_clinic=for_clinic.strip(),
        at=began,
        recorded_at=at,
    )
    keep_as_held(session, began, at, version)
    keeps = _keep_window(session, began)
    _settle(by, (NOTE_TASK, PREPARATION_TASK), session.id, at, _("The note is written."))
    let_go_of_draft(by, session.course, NoteDraft.Page.NOTE, session)
    if keeps is not None:
        _settle(by, WINDOW_TASKS, keeps.dose_id, at, _("A session was held in the window."))
    tell(by, "note.written", note, at=at)
    return note


@step
def summarise_session(
    *, by: Actor, at: datetime, session: Session, text: str, submission: UUID | None = None
) -> SessionSummary:
    """What the clinic tells about a session to whoever the patient lets know."""
    must(by, Kind.SUMMARY, Act.ADD, session_subject(Kind.SUMMARY, session), at=at)
    if not text.strip():
        raise Refused(_("A summary needs a few words."), field="text")
    if session.started_at is None:
        raise Refused(_("This session has not begun. Write its summary after it."))
    summary = SessionSummary.objects.create(
        **Authored.authored(by),
        organisation_id=session.organisation_id,
        patient_id=session.patient_id,
        session=session,
        text=text.strip(),
        at=session.started_at,
        recorded_at=at,
    )
    tell(by, "summary.written", summary, at=at)
    return summary


def session_subject(kind: Kind, session: Session) -> Subject:
    return Subject(
        kind,
        session.organisation_id,
        session.patient_id,
        session.course_id,
        session.id,
        session.room_id,
        session.planned_from,
    )


def refuse_unshared(by: Actor, course: Course, at: datetime) -> None:
    """Another practice's course is added to only while its patient shares it with this actor."""
    if by.organisation == course.organisation_id or by.organisation is None:
        return
    shared = any(
        grant.patient == course.patient_id and grant.keeper == course.organisation_id
        for grant in standing_of(by, at).grants
    )
    if not shared:
        raise Refused(
            _(
                "Not saved. %(name)s no longer shares this course with you. Your words are still below: "
                "copy them if you need them. %(name)s can share again at any time."
            )
            % {"name": course.patient.name}
        )


def _refuse_note(session: Session, focus: str, began: datetime, at: datetime) -> None:
    if session.phase == Session.Phase.DOSING:
        raise Refused(_("A dose has no such note. What you write in the room is kept around the dose."))
    if session.state in CALLED_OFF:
        raise Refused(_("This session was called off. Plan another one, then write its note."))
    if not focus.strip():
        raise Refused(_("Say in a few words what the session was about."), field="focus")
    if began > at:
        raise Refused(
            _("This session is still to come. Write its note once it has begun, or correct when it began."),
            field="held_at",
        )
    first = SessionNote.objects.current().filter(session=session).first()
    if first is not None:
        raise Refused(
            _(
                "%(name)s already wrote the note of this session. Your words are kept below: correct that "
                "note if something is missing."
            )
            % {"name": first.by_name}
        )


def keep_as_held(session: Session, began: datetime, at: datetime, version: int | None) -> None:
    """The session was held: from when it began, for as long as planned, or until now."""
    if session.ended_at is not None:
        return
    expect(session, version, words="session")
    planned = session.planned_to - session.planned_from
    session.started_at = session.started_at or began
    session.ended_at = max(session.started_at, min(began + planned, at))
    for verb in ("start", "finish"):
        session.state = session_after(session.state, verb) or session.state
    session.save(update_fields=["started_at", "ended_at", "state", "version"])


def _keep_window(session: Session, began: datetime) -> Window | None:
    window = _window_holding(session, began)
    if window is None or window.kept_by_id is not None:
        return None
    window.kept_by = session
    window.save(update_fields=["kept_by"])
    return window


def _window_holding(session: Session, at: datetime) -> Window | None:
    """The window of this course that an integration session beginning at `at` lies in."""
    if session.phase != Session.Phase.INTEGRATION:
        return None
    windows = Window.objects.filter(course_id=session.course_id, opens_at__lte=at, closes_at__gt=at)
    return windows.order_by("opens_at").first()


def _settle(by: Actor, what: tuple[str, ...], about: UUID, at: datetime, outcome: str) -> None:
    """Close what is settled by this act, on whoever's list it stands."""
    for task in Task.objects.filter(session=about, what__in=what, done_at=None):
        close_task(by, task, at=at, outcome=outcome)
