"""What the protocol asks of one course, point by point, and what of it is not answered.

Decided here: what is missing is said to staff, and to nobody else. A form behind a short screen is owed only
where the screen was positive. What a point may also ask is offered, never missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from openkap.medicine.course.follow_up import (
    Doses,
    answered_alone,
    months_over,
    opened_by_screens,
    screens_for,
)
from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.medicine.protocols.protocol import Measures
from openkap.permits import Scope
from openkap.reads.outcome_chart import point_words
from openkap.reads.rows import instrument_name
from openkap.records.compiled import Compiled
from openkap.records.facts.clock import day
from openkap.records.facts.follow_up import LONGER, doses_of
from openkap.records.models import Ask, Course, Score
from openkap.records.together import answers

# What comes last in a course stands first.
NEWEST = ("month", "end", "before", "visit", "after", "dose", "post")
SCORES: Compiled[Score] = Compiled(
    Score,
    lambda course: Score.objects.current().filter(course_id=course).select_related("response").order_by("at"),
)
ASKS: Compiled[Ask] = Compiled(
    Ask,
    lambda course: Ask.objects.filter(Q(skipped_at=None) | Q(held_for=LONGER), course_id=course),
)


@dataclass(frozen=True, slots=True)
class OwedForm:
    """`state`: done, asked (sent, and its time is not over), missing, or open (nobody has asked yet)."""

    id: str
    name: str
    state: str
    says: str
    optional: bool
    by_link: bool


@dataclass(frozen=True, slots=True)
class OwedPoint:
    """One point of the course with its forms, what is owed first."""

    code: str
    words: str
    forms: tuple[OwedForm, ...]

    @property
    def owed(self) -> tuple[OwedForm, ...]:
        """What is asked, and what was answered besides."""
        return tuple(form for form in self.forms if not form.optional or form.state == "done")

    @property
    def offered(self) -> tuple[OwedForm, ...]:
        return tuple(form for form in self.forms if form.optional and form.state != "done")

    @property
    def missing(self) -> tuple[OwedForm, ...]:
        return tuple(form for form in self.forms if form.state == "missing")

    @property
    def to_send(self) -> tuple[OwedForm, ...]:
        """What can go to the patient now: owed, not answered and not sent."""
        return tuple(f for f in self.forms if f.by_link and not f.optional and f.state in ("missing", "open"))


def owed_of(scope: Scope, course: Course, at: datetime, zone: ZoneInfo) -> tuple[OwedPoint, ...]:
    """The points this course has come to, the newest first. Two queries."""
    try:
        plan = protocol(course.protocol)
    except UnknownProtocol:
        return ()
    scores, asked = answers(
        SCORES.question_within(scope, course=course.id), ASKS.question_within(scope, course=course.id)
    )
    asks = {(a.instrument, a.point): a for a in asked}
    doses = doses_of(course, plan, at)
    found = [
        _point(measures, code, over, scores, asks, at, zone)
        for measures in plan.measures
        for code, over in _reached(measures, course, doses, at, zone)
    ]
    return tuple(_joined(point for point in found if point.forms))


def missing_words(points: Iterable[OwedPoint]) -> tuple[str, ...]:
    """One line a point: what was not answered there."""
    return tuple(
        _("%(point)s: %(forms)s") % {"point": p.words, "forms": ", ".join(f.name for f in p.missing)}
        for p in points
        if p.missing
    )


def _reached(
    measures: Measures, course: Course, doses: Doses, at: datetime, zone: ZoneInfo
) -> Iterable[tuple[str, bool]]:
    """The codes of this kind of moment that the course has come to, and whether its time is over."""
    given = len(doses.ended)
    match measures.when:
        case "baseline":
            yield "before", given > 0
        case "preparation" if not given and course.state != "evaluation":
            yield "prep", False
        case "before_dose" if doses.next_from is not None:
            yield f"before_{given + 1}", False
        case "same_day" if given:
            yield f"post_{given}", False
        case "after_dose" if given and measures.hours is not None:
            hours = (at - doses.ended[-1]).total_seconds() / 3600
            if hours >= measures.hours[0]:
                yield f"after_{given}", hours >= measures.hours[1]
        case "integration" if doses.integrated and measures.hours is not None:
            hours = (at - doses.integrated[-1]).total_seconds() / 3600
            yield f"visit_{len(doses.integrated)}", hours >= measures.hours[1]
        case "end_of_acute" if doses.acute_over:
            yield "end_of_acute", True
        case "follow_up" if doses.acute_over and given:
            for month in months_over(measures, doses.ended[-1], at, zone)[-1:]:
                yield f"month_{month}", True


def _point(
    measures: Measures,
    code: str,
    over: bool,
    scores: Iterable[Score],
    asks: Mapping[tuple[str, str], Ask],
    at: datetime,
    zone: ZoneInfo,
) -> OwedPoint:
    last = {score.instrument: score for score in scores}
    here = {score.instrument: score for score in scores if score.response.point == code}

    def form(name: str, *, optional: bool) -> OwedForm:
        done, ask = here.get(name), asks.get((name, code))
        if done is not None:
            state, says = "done", day(done.at.astimezone(zone).date())
        elif optional:
            state, says = "open", ""
        elif ask is not None and ask.held_for == LONGER:
            longer = instrument_name(measures.fresh)
            state, says = "done", _("not needed any more: %(form)s was answered") % {"form": longer}
        elif ask is not None and ask.sent_at is not None and ask.closes_at > at:
            state = "asked"
            says = _("sent %(day)s") % {"day": day(ask.sent_at.astimezone(zone).date())}
        else:
            late = over or (ask is not None and ask.closes_at <= at)
            state, says = ("missing", _("not answered")) if late else ("open", _("not asked yet"))
        return OwedForm(name, instrument_name(name), state, says, optional, answered_alone(name))

    owed = [name for name in _with_opened(measures) if _is_owed(name, last)]
    # A short form that stood in for a long one that was fresh.
    stood_in = measures.fresh not in here and (measures.instead in here or (measures.instead, code) in asks)
    owed = [measures.instead if n == measures.fresh and stood_in else n for n in owed]
    forms = [form(name, optional=False) for name in owed]
    forms += [form(name, optional=True) for name in measures.optional]
    return OwedPoint(code, point_words(code), tuple(forms))


def _with_opened(measures: Measures) -> tuple[str, ...]:
    """The forms of this moment, and those that a positive screen among them opened."""
    opened = [name for name in opened_by_screens() if screens_for(name) in measures.instruments]
    return tuple(dict.fromkeys((*measures.instruments, *opened)))


def _is_owed(name: str, last: Mapping[str, Score]) -> bool:
    """Behind a screen only what it opened, or what was once asked all the same."""
    screen = screens_for(name)
    if not screen or name in last:
        return True
    found = last.get(screen)
    return found is not None and found.flags.get("positive") is True


def _joined(points: Iterable[OwedPoint]) -> list[OwedPoint]:
    """Rows of the protocol that ask at the same point stand together."""
    found: dict[str, OwedPoint] = {}
    for point in points:
        if point.code in found:
            point = OwedPoint(point.code, point.words, (*found[point.code].forms, *point.forms))
        found[point.code] = point
    return sorted(found.values(), key=_place)


def _place(point: OwedPoint) -> int:
    kind, _sep, number = point.code.partition("_")
    return NEWEST.index(kind) if number else len(NEWEST) - (kind == "prep")
