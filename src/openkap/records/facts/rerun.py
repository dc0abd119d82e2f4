"""What a change of the rules would have said differently of what was done here, and of what is open now.

Decided here: the same facts are asked twice, by the rules that held then and by those with the change, and
only what differs is told. Evaluations, orders, the moment before a dose, readings and going home are asked,
each where the rule's area bears on it. What only a person in the room said at going home is not asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine import dosing
from openkap.medicine.changed import Change
from openkap.medicine.course.gate import ready
from openkap.medicine.inputs import Unusable
from openkap.medicine.monitoring.discharge import check
from openkap.medicine.monitoring.line import Sign
from openkap.medicine.rules import RuleSet
from openkap.medicine.screening import screen
from openkap.medicine.verdict import Finding, Level
from openkap.records.facts.asked_order import asked_order
from openkap.records.facts.booking import CALLED_OFF
from openkap.records.facts.dose import last_order, person_for
from openkap.records.facts.gate import case_on_the_day, day_of, screened_on_the_day
from openkap.records.facts.home import going_home
from openkap.records.facts.law import Law
from openkap.records.facts.readings import rows_of, said_by
from openkap.records.facts.screening import case_of
from openkap.records.models import Course, Decision, Discharge, Order, Session

# So far back, and at most so many of each kind, are asked again: a page that is waited for. A whole gate is
# many questions, so few of those.
MONTHS, MOST, FEW = 12, 60, 12
BACK = timedelta(days=365)

EVALUATION, ORDER, MORNING, START, READINGS, HOME = (
    "evaluation",
    "order",
    "morning",
    "start",
    "readings",
    "home",
)
KINDS = {
    EVALUATION: gettext_noop("Evaluations"),
    ORDER: gettext_noop("Orders"),
    MORNING: gettext_noop("Mornings of a dose"),
    START: gettext_noop("Doses, before they started"),
    READINGS: gettext_noop("Readings in the room"),
    HOME: gettext_noop("Going home"),
}
# Which of these a rule of each area of the library is asked in.
ASKED = {
    "screening": (EVALUATION, MORNING),
    "dosing": (ORDER,),
    "giving": (ORDER,),
    "gate": (START,),
    "course": (START,),
    "prompts": (READINGS,),
    "monitoring": (READINGS,),
    "discharge": (HOME,),
}
SAYS = {
    Level.CLEAR: gettext_noop("clear"),
    Level.CAUTION: gettext_noop("caution"),
    Level.UNKNOWN: gettext_noop("not known"),
    Level.HOLD: gettext_noop("hold"),
    Level.STOP: gettext_noop("stop"),
}

Said = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Different:
    """One thing that would read otherwise: whose, what, when, and each line as it was and would be."""

    course: Course
    kind: str
    at: datetime
    lines: tuple[tuple[str, str], ...]

    @property
    def says(self) -> str:
        return " ".join(
            _("Was %(was)s; now %(now)s.") % {"was": was.rstrip("."), "now": now.rstrip(".")}
            for was, now in self.lines
        )


@dataclass(frozen=True, slots=True)
class Rerun:
    """How many of each kind were asked again, and what differs, the newest first.

    `stopped`: it was enough before everything was asked.
    """

    asked: dict[str, int]
    different: tuple[Different, ...]
    stopped: bool = False

    @property
    def people(self) -> int:
        return len({one.course.patient_id for one in self.different})


def never() -> bool:
    """Nothing is enough: everything is asked."""
    return False


def past(
    organisation: UUID,
    law: Law,
    change: Change,
    area: str,
    at: datetime,
    enough: Callable[[], bool] = never,
) -> Rerun:
    """What was done in the last year, asked again with `change`. Some queries for each thing asked.

    The newest of each kind in turn, until there is none or `enough` says so.
    """
    waiting = {kind: _rows(kind, organisation, at) for kind in ASKED.get(area, ())}
    asked = dict.fromkeys(waiting, 0)
    found: list[Different] = []
    while waiting and not enough():
        for kind in [*waiting]:
            row = next(waiting[kind], None)
            if row is None:
                del waiting[kind]
                continue
            course, moment, say = row
            asked[kind] += 1
            if lines := _differences(say(law.at(moment)), say(law.at(moment, change))):
                found.append(Different(course, kind, moment, lines))
    return Rerun(asked, tuple(sorted(found, key=lambda one: one.at, reverse=True)), bool(waiting))


@dataclass(frozen=True, slots=True)
class Open:
    """How many open courses were asked, how many were left out, and what differs."""

    asked: int
    left: int
    different: tuple[Different, ...]


def open_now(
    organisation: UUID,
    law: Law,
    change: Change,
    area: str,
    at: datetime,
    enough: Callable[[], bool] = never,
) -> Open:
    """Which open courses read otherwise with `change`: their evaluation, order or the next dose.

    The newest first, until `enough` says so.
    """
    found = []
    kinds = ASKED.get(area, ())
    courses = Course.objects.filter(organisation_id=organisation, ended_at=None)
    courses = courses.select_related("patient", "organisation").order_by("-opened_at", "id")
    rows = list(courses if kinds else courses.none())
    asked = 0
    for course in rows:
        if enough():
            break
        asked += 1
        for kind, say in _of_course(course, kinds, at):
            if lines := _differences(say(law.at(at)), say(law.at(at, change))):
                found.append(Different(course, kind, at, lines))
    return Open(asked, len(rows) - asked, tuple(found))


Asking = Callable[[RuleSet], Said]


def _rows(kind: str, organisation: UUID, at: datetime) -> Iterator[tuple[Course, datetime, Asking]]:
    """Everything of this kind that is asked again, the newest first."""
    mine: dict[str, Any] = {"organisation_id": organisation}
    if kind == EVALUATION:
        decisions = Decision.objects.current().filter(**mine, at__gt=at - BACK, at__lte=at)
        for row in decisions.select_related(*_whose("course")).order_by("-at")[:MOST]:
            yield row.course, row.at, _screened(row.course, row.at)
    elif kind == ORDER:
        orders = Order.objects.current().filter(**mine, at__gt=at - BACK, at__lte=at, booster_of=None)
        for row in orders.select_related("session", *_whose("session__course")).order_by("-at")[:MOST]:
            yield row.session.course, row.at, _ordered(row)
    elif kind == HOME:
        left = Discharge.objects.current().filter(**mine, at__gt=at - BACK, at__lte=at)
        for row in left.select_related("session", *_whose("session__course")).order_by("-at")[:MOST]:
            yield row.session.course, row.at, _home(row)
    else:
        given = Session.objects.filter(**mine, started_at__gt=at - BACK, started_at__lte=at)
        given = given.filter(phase=Session.Phase.DOSING)
        given = given.select_related("organisation", "room", *_whose("course"))
        for session in given.order_by("-started_at")[: FEW if kind == START else MOST]:
            say = OF_A_DOSE[kind](session)
            assert session.started_at is not None
            yield session.course, session.started_at, say


def _whose(course: str) -> tuple[str, str, str]:
    return course, f"{course}__patient", f"{course}__organisation"


def _of_course(course: Course, kinds: Iterable[str], at: datetime) -> Iterator[tuple[str, Asking]]:
    if EVALUATION in kinds:
        yield EVALUATION, _screened(course, at)
    if not {ORDER, MORNING, START} & set(kinds):
        return
    waiting = Session.objects.filter(course=course, phase=Session.Phase.DOSING, started_at=None)
    waiting = waiting.filter(planned_from__gt=at - timedelta(days=1)).exclude(state__in=CALLED_OFF)
    session = waiting.select_related("organisation", "room", "course").order_by("planned_from").first()
    if session is None:
        return
    order = last_order(session)
    if ORDER in kinds and order is not None and not order.withdrawn:
        yield ORDER, _ordered(order)
    if MORNING in kinds:
        yield MORNING, _measured_on(session, at)
    if START in kinds:
        yield START, _started(session, at)


def _screened(course: Course, at: datetime) -> Asking:
    case = case_of(course, at)
    return lambda rules: _findings(screen(case, rules).verdict.findings)


def _ordered(order: Order) -> Asking:
    fields = ("duration_min", "concentration_mg_per_ml", "indication")
    said = {name: value for name in fields if (value := getattr(order, name)) not in (None, "")}
    by_weight = {"mg_per_kg": order.mg_per_kg} if order.mg_per_kg is not None else {"mg": order.mg}
    try:
        asked = asked_order(order.session, person_for(order.session, order.at), said | by_weight, order.at)
    except Unusable:
        return _nothing

    def say(rules: RuleSet) -> Said:
        try:
            return _findings(dosing.check(asked, rules).verdict.findings)
        except Unusable as unusable:
            return {unusable.field: ("stop", unusable.sentence)}

    return say


def _measured_on(session: Session, at: datetime | None = None) -> Asking:
    """What screening said on the morning: a dozen queries, where the whole gate takes five dozen."""
    moment = at or session.started_at
    if moment is None:
        return _nothing
    case, zone = case_on_the_day(session, moment), ZoneInfo(session.organisation.zone)
    return lambda rules: _findings(screened_on_the_day(case, rules, zone))


def _started(session: Session, at: datetime | None = None) -> Asking:
    moment = at or session.started_at
    if moment is None:
        return _nothing
    day = day_of(session, moment)
    return lambda rules: _findings(ready(day, rules).findings)


def _watched(session: Session) -> Asking:
    rows = rows_of(session)

    def say(rules: RuleSet) -> Said:
        lines = said_by(session, rows, rules).lines
        told = [line for line in lines if line.level in (Sign.AMBER, Sign.RED)]
        return {f"{line.signal} {line.t_seconds}": (str(line.level), line.because) for line in told}

    return say


def _home(left: Discharge) -> Asking:
    known = going_home(left.session, {}, left.at)

    def say(rules: RuleSet) -> Said:
        items = check(known, rules).items
        return {item.item: ("clear" if item.met else "hold", item.because) for item in items}

    return say


OF_A_DOSE: dict[str, Callable[[Session], Asking]] = {
    MORNING: _measured_on,
    START: _started,
    READINGS: _watched,
}


def _nothing(_rules: RuleSet) -> Said:
    return {}


def _findings(findings: Iterable[Finding]) -> Said:
    """The worst word of each rule."""
    said: Said = {}
    for finding in sorted(findings, key=lambda f: f.level.weight):
        says = f"{_(SAYS[finding.level])}, {finding.because}" if finding.level is not Level.CLEAR else ""
        said[finding.rule] = (str(finding.level), says or _(SAYS[Level.CLEAR]))
    return said


def _differences(was: Said, now: Said) -> tuple[tuple[str, str], ...]:
    """What was said and would be, where the level differs; another number in a sentence is no difference."""
    clear = ("clear", _(SAYS[Level.CLEAR]))
    return tuple(
        (was.get(key, clear)[1], now.get(key, clear)[1])
        for key in dict.fromkeys((*was, *now))
        if was.get(key, clear)[0] != now.get(key, clear)[0]
    )
