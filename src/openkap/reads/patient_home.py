"""A patient's first page: what is next, the window, what is asked of them, and who sees what.

Decided here: the next thing stands first, and only what is recorded is said. While a dose is under way
or its person is resting, the page is the resting screen: no forms, no dates, no news. From going home until
the next morning it shows little: how they went home, what to mind, and who helps.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.course.pace import can_wait
from openkap.medicine.protocols import Protocol
from openkap.medicine.rules import RuleSet
from openkap.permits import Act, Actor, Role, Scope
from openkap.reads.consent import AGAIN
from openkap.reads.form import REST
from openkap.reads.my_sessions import (
    CALLED_OFF,
    BeforeDose,
    Visit,
    WentHome,
    before_dose,
    changes_of,
    visits,
    went_home,
)
from openkap.reads.ribbon import HELD, Ribbon, planned_doses, ribbon_of
from openkap.reads.small_things import Thing, things_of
from openkap.reads.standing import Standing, standing_of_course
from openkap.reads.window import WindowAt, current, windows_of
from openkap.records.facts.altered import altered_until, still_acts
from openkap.records.facts.consent import Consent, consent_of
from openkap.records.facts.law import rules_at
from openkap.records.facts.understood import understood_of
from openkap.records.facts.ways import plan_of
from openkap.records.models import Ask as Due
from openkap.records.models import (
    Course,
    Draft,
    Event,
    Grant,
    Organisation,
    Person,
    PersonalLink,
    Response,
    Session,
    SessionPart,
    Signature,
    Window,
)
from openkap.records.scoped import scoped

MORNING = time(5)


@dataclass(frozen=True, slots=True)
class Ask:
    """A form that was sent and not yet answered. `since`: when it was sent, or was due by its schedule.

    `done`: how many of its questions are answered already. `can_wait`: another long form is enough for today.
    """

    course: UUID
    instrument: str
    point: str
    since: datetime | None = field(default=None, compare=False)
    done: int = field(default=0, compare=False)
    can_wait: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Home:
    """What the page shows. `course` None: there is none yet."""

    name: str
    practice: Organisation | None
    course: Course | None
    ribbon: Ribbon | None
    doses_done: int
    doses: int
    next: Visit | None
    before: BeforeDose | None
    called_off: tuple[Visit, ...]
    window: WindowAt | None
    asks: tuple[Ask, ...]
    consent: str
    again: str
    signing: str
    standing: Standing
    things: tuple[Thing, ...]
    seers: tuple[str, ...]
    looked_at: datetime | None
    documents: int
    scores: int
    resting: Session | None
    with_you: str
    altered_until: datetime | None
    home: WentHome | None
    way: Protocol | None = None


def person_of(by: Actor) -> Person:
    """The human being behind a patient's hat or a patient's link. Raises Person.DoesNotExist."""
    return Person.objects.get(id__in=[by.person])


def course_of(scope: Scope, patient: UUID) -> Course | None:
    """The course that matters to its patient: the open one, else the last. One query."""
    rows = list(
        scoped(Course.objects.filter(patient_id=patient), scope).select_related("organisation", "patient")
    )
    return max(rows, key=lambda course: (course.ended_at is None, course.opened_at), default=None)


def home_of(scope: Scope, person: Person, at: datetime) -> Home:
    """The first page of this patient. About twenty queries, whatever the course holds."""
    course = course_of(scope, person.id)
    called = person.chosen_name or person.given_name
    if course is None:
        return _without_course(called, person)
    rows = scoped(Session.objects.filter(course=course), scope).select_related("lead", "room", "organisation")
    sessions = list(rows.order_by("planned_from"))
    for session in sessions:
        session.course = course
    doses = [s for s in sessions if s.phase == Session.Phase.DOSING and s.state not in CALLED_OFF]
    windows = list(scoped(Window.objects.filter(course=course), scope).order_by("opens_at"))
    zone = ZoneInfo(course.organisation.zone)
    consent = consent_of(course, at, person.language) if course.ended_at is None else None
    seen = visits(sessions, changes_of(scope, course), at)
    coming = next((visit for visit in seen if not visit.became), None)
    until = altered_until(person.id, at)
    resting = next((s for s in doses if s.state in Session.LIVE), None)
    return Home(
        name=called,
        practice=course.organisation,
        course=course,
        ribbon=ribbon_of(course, sessions, windows, at, zone),
        doses_done=sum(s.state in HELD for s in doses),
        doses=planned_doses(course, len(doses)) if doses else 0,
        next=coming if course.ended_at is None else None,
        before=_before(doses, coming, at),
        called_off=tuple(v for v in seen if v.became == "called_off" and v.at > at),
        window=current(windows_of(scope, at, course=course.id)) if windows else None,
        asks=asks_of(scope, course, at) if course.ended_at is None else (),
        consent=consent.state if consent is not None else "",
        again=_(AGAIN[consent.reason]) if consent is not None and consent.reasons else "",
        signing=_signing(course, consent, at) if until is None else "",
        standing=standing_of_course(course, consent),
        things=things_of(scope, course),
        seers=_seers(scope, person, at),
        looked_at=_looked_at(scope, person),
        documents=scoped(Signature.objects.current().filter(patient=person), scope).count(),
        scores=scoped(Response.objects.current().filter(course=course), scope).count(),
        resting=resting,
        with_you=watching(resting) if resting is not None else "",
        altered_until=until,
        home=_home_today(doses, at, zone) if until is not None else None,
        way=plan_of(course),
    )


def _signing(course: Course, consent: Consent | None, at: datetime) -> str:
    """Where a consent to sign stands with its patient: sign, talk (a clinician goes through it first),
    gone_through (they did), or blank where there is none. Three queries where there is one."""
    if consent is None or consent.version is None or consent.state not in ("unsigned", "older"):
        return ""
    stands = understood_of(course, consent.version, at)
    if stands.to_talk and not any(question.is_open for question in stands.questions):
        return "talk"
    return "gone_through" if stands.talk is not None and stands.all_settled else "sign"


def resting_home(person: Person, at: datetime) -> Home | None:
    """The little that the resting screen says, for a phone that may be locked: first name, practice, who is
    with them. None where no dose of theirs is under way and the last is past: one that is drawn has not
    begun, and how an earlier one ended says nothing of today. At most eight queries."""
    rows = Session.objects.filter(patient=person, phase=Session.Phase.DOSING, started_at__isnull=False)
    session = rows.select_related("course__organisation", "organisation").order_by("-started_at").first()
    if session is None:
        return None
    live = session.state in Session.LIVE
    if not live and not still_acts(session, at):
        return None
    return replace(
        _without_course(person.chosen_name or person.given_name, person),
        practice=session.organisation,
        resting=session if live else None,
        with_you=watching(session) if live else "",
        altered_until=altered_until(person.id, at),
        home=None if live else went_home(session),
    )


def watching(session: Session) -> str:
    """Who is in the room by the record; blank where nobody is checked in. One query."""
    rows = SessionPart.objects.filter(session=session, role=Role.MONITOR, out_at=None).order_by("-in_at")
    part = rows.select_related("person").first()
    return (part.person.chosen_name or part.person.given_name) if part is not None else ""


def _before(doses: list[Session], coming: Visit | None, at: datetime) -> BeforeDose | None:
    session = next((s for s in doses if coming is not None and s.id == coming.id), None)
    return before_dose(session, at) if session is not None else None


def _home_today(doses: list[Session], at: datetime, zone: ZoneInfo) -> WentHome | None:
    """How the last dose's patient went home, until the next morning comes."""
    ended = [s for s in doses if s.ended_at is not None and s.state in HELD]
    left = went_home(ended[-1]) if ended else None
    return left if left is not None and at < next_morning(left.at, zone) else None


def next_morning(left: datetime, zone: ZoneInfo) -> datetime:
    """Five in the morning of the next day, on the practice's clock: after a night's sleep, in words only."""
    day = left.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=zone)


def _looked_at(scope: Scope, person: Person) -> datetime | None:
    rows = scoped(Event.objects.filter(patient=person, outcome=Event.Outcome.OPENED), scope)
    looked = rows.exclude(by_person=person).order_by("-seq").first()
    return looked.at if looked else None


def asks_of(scope: Scope, course: Course, at: datetime) -> tuple[Ask, ...]:
    """Forms that were sent for this course, whose time is not over, and that nobody answered since.

    What the schedule asks at one point came by one link and stands here form by form; what was skipped does
    not. What can wait until tomorrow stands last. Four queries.
    """
    sent = scoped(
        PersonalLink.objects.filter(
            course=course, purpose=PersonalLink.Purpose.MEASURE, expires_at__gt=at, made_at__lte=at
        ),
        scope,
    ).order_by("-made_at")
    answered = list(
        scoped(Response.objects.filter(course=course), scope).values_list(
            "instrument", "point", "recorded_at"
        )
    )
    due = list(
        scoped(Due.objects.filter(course=course, closes_at__gt=at).exclude(link=None), scope).order_by(
            "due_at"
        )
    )
    skipped = {(ask.instrument, ask.point) for ask in due if ask.skipped_at is not None}
    open_ones = [
        Ask(course.id, link.about, link.point, link.made_at)
        for link in sent
        if (link.about, link.point) not in skipped
        and not any(a[0] == link.about and a[1] == link.point and a[2] >= link.made_at for a in answered)
    ]
    open_ones += [
        Ask(course.id, ask.instrument, ask.point, ask.due_at)
        for ask in due
        if ask.skipped_at is None and not any(a[0] == ask.instrument and a[1] == ask.point for a in answered)
    ]
    lately = [name for name, _point, recorded in answered if recorded > at - REST]
    rules = rules_at(course.organisation_id, at)
    return _paced(_begun(scope, course, tuple(dict.fromkeys(open_ones))), lately, rules)


def _begun(scope: Scope, course: Course, asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """The same with how far each one is. One query where anything waits."""
    if not asks:
        return asks
    drafts = scoped(Draft.objects.filter(course=course, response=None), scope, Act.ADD)
    done = {
        (draft.instrument, draft.point): sum(value is not None for value in draft.answers.values())
        for draft in drafts
    }
    return tuple(replace(ask, done=done.get((ask.instrument, ask.point), 0)) for ask in asks)


def _paced(asks: tuple[Ask, ...], lately: list[str], rules: RuleSet) -> tuple[Ask, ...]:
    """The same with what is enough for a day. What was begun is gone on with, whenever one likes."""
    order = sorted(asks, key=lambda ask: not ask.done)
    later = set(can_wait((ask.instrument for ask in order), lately, rules))
    paced = (replace(ask, can_wait=not ask.done and ask.instrument in later) for ask in asks)
    return tuple(sorted(paced, key=lambda ask: ask.can_wait))


def practice_of(person: Person) -> Organisation | None:
    """Where this person is a patient, the first place first, before there is a course. One query."""
    file = person.files.select_related("organisation").order_by("opened_at").first()
    return file.organisation if file else None


def _without_course(called: str, person: Person) -> Home:
    return Home(
        name=called,
        practice=practice_of(person),
        course=None,
        ribbon=None,
        doses_done=0,
        doses=0,
        next=None,
        before=None,
        called_off=(),
        window=None,
        asks=(),
        consent="",
        again="",
        signing="",
        standing=Standing(),
        things=(),
        seers=(),
        looked_at=None,
        documents=0,
        scores=0,
        resting=None,
        with_you="",
        altered_until=None,
        home=None,
    )


def _seers(scope: Scope, person: Person, at: datetime) -> tuple[str, ...]:
    grants = scoped(Grant.objects.filter(Grant.in_force(at), patient=person), scope).select_related(
        "to_person", "to_organisation"
    )
    return tuple(dict.fromkeys(g.to_person.name if g.to_person else g.to_organisation.name for g in grants))
