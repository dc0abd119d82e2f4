"""The chart: what is known of a patient, where the course stands, what happened, and what comes next.

Decided here: one page for all staff of a practice, cut by Scope alone: a kind of fact that the reader
may not see is said to be so, never shown as empty. Corrections stand under what they correct.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.protocols import Route, protocol
from openkap.permits import Act, Kind, Need, Scope, Subject, decide
from openkap.reads.chart_visits import Visit, elsewhere_question, visits_of
from openkap.reads.consent import again_for_staff
from openkap.reads.given import given_of, timed_words
from openkap.reads.header import state_words
from openkap.reads.next_thing import Next, next_of
from openkap.reads.order import order_states, standing_words
from openkap.reads.rows import Chain, Fix, chains, words_of
from openkap.reads.timeline import Entry, entries_of
from openkap.records.base import Clinical
from openkap.records.compiled import NOT_ASKED, Compiled, Question
from openkap.records.facts.clock import day, moment
from openkap.records.facts.consent import again_of, asked_again
from openkap.records.models import (
    Administration,
    AdverseEvent,
    Allergy,
    Condition,
    Course,
    Decision,
    Discharge,
    GivenPart,
    Grant,
    HistoryAnswer,
    Import,
    Medication,
    MisuseSign,
    Order,
    PatientFile,
    Result,
    Score,
    Session,
    SessionNote,
    SessionSummary,
    Signature,
    WayChosen,
)
from openkap.records.together import answers

LISTS: tuple[type[Clinical], ...] = (Medication, Allergy, Condition, Result)
COURSE_ROWS: tuple[type[Clinical], ...] = (
    *(HistoryAnswer, Decision, Signature, Order, Administration),
    *(Discharge, SessionNote, SessionSummary, Score, WayChosen, AdverseEvent, MisuseSign),
)
SHOWN = 60
RESULTS_AT_ONCE = 8


def _rows_of(model: type[Clinical]) -> Compiled[Clinical]:
    """The rows of one kind in a file, oldest first."""
    of_file = model._default_manager.all()
    if model is Score:
        of_file = of_file.select_related("response")
    return Compiled(
        model,
        lambda patient, practice: of_file.filter(patient_id=patient, organisation_id=practice).order_by(
            "at", "recorded_at"
        ),
    )


ROWS = {model: _rows_of(model) for model in (*LISTS, *COURSE_ROWS)}
COURSES: Compiled[Course] = Compiled(
    Course,
    lambda patient, practice: Course.objects.select_related("organisation", "patient").filter(
        patient_id=patient, organisation_id=practice
    ),
)
SESSIONS: Compiled[Session] = Compiled(
    Session,
    lambda course: (
        Session.objects.select_related("room", "organisation", "lead")
        .filter(course_id=course)
        .order_by("planned_from")
    ),
)
PARTS: Compiled[GivenPart] = Compiled(
    GivenPart,
    lambda patient, practice: (
        GivenPart.objects.current()
        .select_related("order")
        .filter(patient_id=patient, organisation_id=practice)
        .order_by("at", "recorded_at", "id")
    ),
)
GRANTS: Compiled[Grant] = Compiled(
    Grant,
    lambda patient, practice, at: Grant.objects.filter(
        Grant.in_force(at), patient_id=patient, organisation_id=practice
    ).select_related("to_organisation", "to_person"),
)
IMPORTS: Compiled[Import] = Compiled(
    Import,
    lambda patient, practice: Import.objects.filter(patient_id=patient, organisation_id=practice).order_by(
        "-at"
    ),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list: what it says, by whom and when, and whether anyone has confirmed it."""

    id: UUID
    model: str
    words: str
    who: str
    when: str
    confirmed: bool
    struck: bool
    fixes: tuple[Fix, ...]


@dataclass(frozen=True, slots=True)
class FactList:
    """`state`: known, waiting (only unconfirmed lines), not_asked, hidden (not for this reader). `at_once`:
    so many of the newest stand open, the older ones fold; None: never fold."""

    key: str
    title: str
    state: str
    lines: tuple[Fact, ...]
    at_once: int | None = None

    @property
    def newest(self) -> tuple[Fact, ...]:
        return self._told[: self.at_once]

    @property
    def older(self) -> tuple[Fact, ...]:
        return self._told[self.at_once :] if self.at_once is not None else ()

    @property
    def older_count(self) -> int:
        return len(self.older)

    @property
    def _told(self) -> tuple[Fact, ...]:
        return tuple(line for line in self.lines if line.confirmed or line.struck)

    @property
    def sure(self) -> tuple[Fact, ...]:
        return tuple(line for line in self.lines if line.confirmed)

    @property
    def waiting(self) -> tuple[Fact, ...]:
        return tuple(line for line in self.lines if not line.confirmed and not line.struck)


@dataclass(frozen=True, slots=True)
class Brought:
    """One import: when, how much came, and what was left out and why."""

    when: str
    who: str
    counts: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    course: UUID | None
    course_words: str
    plan: str
    lists: tuple[FactList, ...]
    entries: tuple[Entry, ...]
    more_entries: int
    visits: tuple[Visit, ...]
    consent: str
    consent_known: bool
    consent_again: bool
    sharing: tuple[str, ...]
    sharing_seen: bool
    scores: tuple[str, ...]
    imports: tuple[Brought, ...]
    next: Next | None
    serious: tuple[str, ...] = ()
    misuse: tuple[str, ...] = ()
    sees: frozenset[Kind] = field(default_factory=frozenset)


def course_of(scope: Scope, file: PatientFile) -> Course | None:
    """The course of this practice to show: the open one, else the last. One query."""
    rows = COURSES.within(scope, patient=file.patient_id, practice=file.organisation_id)
    return max(rows, key=lambda c: (c.ended_at is None, c.opened_at), default=None)


def chart_of(scope: Scope, file: PatientFile, at: datetime, zone: ZoneInfo) -> Chart:
    """Everything the chart shows of this file, within `scope`. The number of queries does not grow."""
    return chart_with(scope, file, course_of(scope, file), at, zone)[0]


def chart_with(
    scope: Scope,
    file: PatientFile,
    course: Course | None,
    at: datetime,
    zone: ZoneInfo,
    *along: Question[Any],
) -> tuple[Chart, tuple[list[Any], ...]]:
    """The same, where the course to show is already known (`course_of`); and what is asked along with it."""
    sees = _sees(scope, file, at)
    rows, answered = _asked(scope, file, course, sees, at, zone, along)
    return _chart(scope, course, rows, sees, at, zone), answered


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a chart is made of, as far as its reader sees it."""

    chains: Mapping[type[Clinical], list[Chain]]
    parts: list[GivenPart]
    grants: list[Grant]
    imports: list[Import]
    sessions: list[Session]
    elsewhere: list[Session]
    texts: list[Any]
    given: list[Any]


def _asked(
    scope: Scope,
    file: PatientFile,
    course: Course | None,
    sees: frozenset[Kind],
    at: datetime,
    zone: ZoneInfo,
    along: Sequence[Question[Any]],
) -> tuple[_Rows, tuple[list[Any], ...]]:
    """All of it, and the answers to what is asked along. One query."""
    patient, practice = file.patient_id, file.organisation_id
    found = answers(
        *(rows.question_within(scope, patient=patient, practice=practice) for rows in ROWS.values()),
        PARTS.question_within(scope, patient=patient, practice=practice),
        GRANTS.question_within(scope, patient=patient, practice=practice, at=at),
        IMPORTS.question_within(scope, patient=patient, practice=practice),
        SESSIONS.question_within(scope, course=course.id) if course is not None else NOT_ASKED,
        elsewhere_question(file, course, sees, at),
        *asked_again(course),
        *along,
    )
    gathered = {model: chains(rows, zone) for model, rows in zip(ROWS, found, strict=False)}
    besides = len(ROWS) + 7
    return _Rows(gathered, *found[len(ROWS) : besides]), found[besides:]


def _chart(
    scope: Scope, course: Course | None, rows: _Rows, sees: frozenset[Kind], at: datetime, zone: ZoneInfo
) -> Chart:
    gathered, sessions, grants = rows.chains, rows.sessions, rows.grants
    signed = _of_course(gathered[Signature], course)
    again = _asked_again(course, at, rows) if course is not None and signed else ""
    scores = _of_course(gathered[Score], course)
    ordered = frozenset(row.session_id for row in _of_sessions(gathered[Order]))
    parts = _parts(rows.parts, gathered[Order], zone)
    orders = _orders(scope, sessions, course, sees, at)
    entries = sorted(entries_of(gathered, sessions, at, zone, parts), key=lambda e: e.at, reverse=True)
    return Chart(
        course=course.id if course is not None else None,
        course_words=state_words(course.state, course.protocol) if course is not None else _("No course"),
        plan=_plan(course),
        lists=tuple(_fact_list(model, gathered[model], sees, zone) for model in LISTS),
        entries=tuple(entries[:SHOWN]),
        more_entries=max(len(entries) - SHOWN, 0),
        visits=visits_of(sessions, rows.elsewhere, orders, zone),
        consent=_consent_words(signed, again, zone, Kind.CONSENT in sees),
        consent_known=bool(signed),
        consent_again=bool(again) and Kind.CONSENT in sees,
        sharing=tuple(_grant_words(grant, zone) for grant in grants),
        sharing_seen=Kind.SHARING in sees,
        scores=tuple(f"{words_of(row)}, {day(row.at.astimezone(zone).date())}" for row in scores),
        imports=tuple(_brought(row, zone) for row in rows.imports),
        serious=_serious(gathered[AdverseEvent], sessions, zone),
        misuse=tuple(words_of(row) for row in _of_course(gathered[MisuseSign], course) if not row.settled),
        next=next_of(course, sees, bool(signed) and not again, bool(grants), scores, sessions, ordered),
        sees=sees,
    )


def _sees(scope: Scope, file: PatientFile, at: datetime) -> frozenset[Kind]:
    return frozenset(
        kind
        for kind in Kind
        if decide(scope, Need(kind, Act.SEE), Subject(kind, file.organisation_id, file.patient_id, at=at))
    )


def _of_course(found: Iterable[Chain], course: Course | None) -> list[Any]:
    """The rows that count, of this course."""
    rows: list[Any] = [chain.last for chain in found if chain.counts]
    return [row for row in rows if course is not None and row.course_id == course.id]


def _serious(found: Iterable[Chain], sessions: list[Session], zone: ZoneInfo) -> tuple[str, ...]:
    """Serious events of this course's doses, each with its day."""
    here = {session.id for session in sessions}
    rows = [row for row in _of_sessions(found) if row.serious and row.session_id in here]
    return tuple(f"{day(row.at.astimezone(zone).date())}: {words_of(row)}" for row in rows)


def _of_sessions(found: Iterable[Chain]) -> list[Any]:
    """The rows that count."""
    return [chain.last for chain in found if chain.counts]


def _parts(given: Sequence[GivenPart], orders: list[Chain], zone: ZoneInfo) -> dict[UUID, tuple[str, ...]]:
    """What each dose was given in, by session, in words; an infusion has no parts."""
    if all(getattr(chain.first, "route", Route.IV) == Route.IV for chain in orders):
        return {}
    by_session: dict[UUID, list[GivenPart]] = {}
    for row in given:
        by_session.setdefault(row.session_id, []).append(row)
    return {session: timed_words(given_of(rows).parts, zone) for session, rows in by_session.items()}


def _orders(
    scope: Scope, sessions: list[Session], course: Course | None, sees: frozenset[Kind], at: datetime
) -> Mapping[UUID, str]:
    """How the order of each dose ahead stands, in words."""
    ahead = [s for s in sessions if s.phase == Session.Phase.DOSING and s.started_at is None]
    if course is None or not ahead or Kind.CLINICAL not in sees:
        return {}
    states = order_states(scope, ahead, at)
    return {id_: standing_words(state, course.route) for id_, state in states.items()}


def _plan(course: Course | None) -> str:
    if course is None:
        return ""
    plan = protocol(course.protocol)
    return f"{plan.name}, {_('version %(version)s') % {'version': course.protocol_version}}"


NAMES: dict[type[Clinical], str] = {
    Medication: gettext_noop("Medicines"),
    Allergy: gettext_noop("Allergies"),
    Condition: gettext_noop("Conditions"),
    Result: gettext_noop("Results"),
}


def _fact_list(
    model: type[Clinical], found: Sequence[Chain], sees: frozenset[Kind], zone: ZoneInfo
) -> FactList:
    key, title = model._meta.model_name or "", _(NAMES[model])
    if Kind.CLINICAL not in sees:
        return FactList(key, title, "hidden", ())
    lines = tuple(_fact(chain, zone) for chain in reversed(found))
    standing = [line for line in lines if not line.struck]
    state = "waiting" if standing else "not_asked"
    if any(line.confirmed for line in standing):
        state = "known"
    return FactList(key, title, state, lines, RESULTS_AT_ONCE if model is Result else None)


def _fact(chain: Chain, zone: ZoneInfo) -> Fact:
    row = chain.last if chain.counts else chain.first
    confirmed = bool(getattr(chain.last, "confirmed", True))
    who = _("From an import") if row.source == "import" and not confirmed else row.by_name
    shown = chain.last if chain.counts else chain.first
    return Fact(
        id=chain.last.pk,
        model=row._meta.model_name or "",
        words=words_of(shown),
        who=who,
        when=day(row.at.astimezone(zone).date()),
        confirmed=confirmed,
        struck=not chain.counts,
        fixes=_was(chain) if chain.counts else chain.fixes,
    )


def _was(chain: Chain) -> tuple[Fix, ...]:
    """Under a line that was put right: what stood there first, to be struck through."""
    if not chain.fixes:
        return ()
    last = chain.fixes[-1]
    return (Fix(words_of(chain.first), last.who, last.when, last.why, False),)


def _asked_again(course: Course, at: datetime, rows: _Rows) -> str:
    """Why the consent must be signed again, in a few words; blank where it holds."""
    return again_for_staff(again_of(course, at, course.patient.language, rows.texts, rows.given))


def _consent_words(signed: Sequence[Clinical], again: str, zone: ZoneInfo, seen: bool) -> str:
    if not seen:
        return _("Consent is not shown to you")
    if not signed:
        return _("Consent is not signed")
    if again:
        return _("Consent must be signed again: %(why)s") % {"why": again}
    return _("Consent signed %(when)s") % {"when": moment(signed[-1].at, zone)}


def _grant_words(grant: Grant, zone: ZoneInfo) -> str:
    who = grant.to_organisation.name
    if grant.to_person is not None:
        who = f"{grant.to_person.name}, {who}"
    what = ", ".join(_(scope.replace("_", " ")) for scope in grant.scopes)
    return _("%(who)s sees: %(what)s. Until %(day)s") % {
        "who": who,
        "what": what,
        "day": day(grant.until.astimezone(zone).date()),
    }


def _brought(row: Import, zone: ZoneInfo) -> Brought:
    counts = tuple((str(name), int(n)) for name, n in dict(row.counts).items() if n)
    left = tuple((str(what), str(why)) for what, why in dict(row.left_out).items())
    return Brought(moment(row.at, zone), row.by_name, counts, left)
