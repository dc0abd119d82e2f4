"""The chart of an outcome: what was answered and what not, doses and sessions, the lines they are read by.

Decided here: where better, worse, half and remission lie is reckoned from the first answer, by the form's own
numbers. The names of the points of a course, as every page says them, are here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.medicine.instruments import Ruling
from openkap.medicine.instruments.instrument import Instrument, Value
from openkap.reads.said import number
from openkap.records.facts.scores import ScoreAt
from openkap.records.models import Session

MAIN_RULE = "reliable"


@dataclass(frozen=True, slots=True)
class Point:
    on: date
    value: Value | None
    raised: bool = False
    label: str = ""
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    value: float
    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class Beside:
    on: date
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Values under the names that the drawing reads (`ui.scorechart`)."""

    points: tuple[Point, ...]
    low: float
    high: float
    rules: tuple[Line, ...]
    events: tuple[Beside, ...]
    lower_is_better: bool
    between_words: tuple[str, ...]
    doses_words: str
    sessions_words: str
    summary: str


POINTS = {
    "before": gettext_noop("Before the first dose"),
    "after": gettext_noop("After the doses"),
    "prep": gettext_noop("In preparation"),
    "end_of_acute": gettext_noop("At the end of the doses"),
}
NUMBERED = {
    "before": gettext_noop("Before dose %(a)s"),
    "after": gettext_noop("After dose %(a)s"),
    "during": gettext_noop("During dose %(a)s"),
    "post": gettext_noop("On the day, after dose %(a)s"),
    "visit": gettext_noop("Integration after dose %(a)s"),
    "dose": gettext_noop("After %(a)s doses"),
    "day": gettext_noop("Day %(b)s after dose %(a)s"),
    "week": gettext_noop("Week %(b)s after dose %(a)s"),
    "month": gettext_noop("Month %(a)s"),
}


def point_words(point: str) -> str:
    """Before dose 2; Day 1 after dose 3; Month 6."""
    if point in POINTS:
        return _(POINTS[point])
    kind, *numbers = point.split("_")
    if len(numbers) == NUMBERED.get(kind, "").count("%(") > 0 and all(each.isdecimal() for each in numbers):
        return _(NUMBERED[kind]) % dict(zip("ab", numbers, strict=False))
    return point.replace("_", " ").capitalize()


def chart_of(
    form: Instrument,
    scores: Iterable[ScoreAt],
    sessions: Sequence[Session],
    main: Ruling | None,
    unanswered: dict[str, datetime],
    zone: ZoneInfo,
    says: str,
    notes: Mapping[UUID, tuple[str, ...]],
) -> Chart:
    points = [
        Point(
            s.at.astimezone(zone).date(),
            s.total,
            raised=bool(s.alerts),
            label=point_words(s.point),
            note=notes.get(s.row, ()),
        )
        for s in scores
    ]
    points += [
        Point(
            asked.astimezone(zone).date(),
            None,
            label=_("%(point)s: not answered") % {"point": point_words(p)},
        )
        for p, asked in unanswered.items()
    ]
    points.sort(key=lambda p: p.on)
    known = [p for p in points if p.value is not None]
    doses = [s for s in sessions if s.phase == Session.Phase.DOSING]
    held = len(sessions) - len(doses)
    return Chart(
        points=tuple(points),
        low=form.lowest_total,
        high=form.highest_total,
        rules=tuple(_lines(form, known[0].value, main)) if known and known[0].value is not None else (),
        events=tuple(
            Beside(
                (s.started_at or s.planned_from).astimezone(zone).date(),
                "dose" if s.phase == Session.Phase.DOSING else "session",
            )
            for s in sessions
        ),
        lower_is_better=form.lower_is_better,
        between_words=(_("Between: could be"), _("chance alone")),
        doses_words=ngettext("%(n)s dose", "%(n)s doses", len(doses)) % {"n": len(doses)},
        sessions_words=ngettext("%(n)s session", "%(n)s sessions", held) % {"n": held},
        summary=_("%(name)s: %(list)s. %(says)s")
        % {
            "name": form.name,
            "list": ", ".join(str(p.value) for p in known) or _("no answers"),
            "says": says,
        },
    )


def _lines(form: Instrument, start: Value, main: Ruling | None) -> Iterable[Line]:
    """Where better, worse, half and remission lie from this start, by the instrument's own numbers."""
    reach = main.threshold if main is not None and main.unit == "points" else _main_points(form)
    sign = -1 if form.lower_is_better else 1
    if reach is not None:
        better, worse = start + sign * reach, start - sign * reach
        if 0 <= better <= form.highest_total:
            yield Line(better, _("%(n)s: reliably better") % {"n": number(str(better))}, "better")
        if 0 <= worse <= form.highest_total:
            yield Line(worse, _("%(n)s: reliably worse") % {"n": number(str(worse))}, "worse")
    if form.response_percent is not None:
        half = Decimal(str(start)) * (100 - form.response_percent) / 100
        shown = half.to_integral_value(ROUND_FLOOR)
        yield Line(float(half), _("%(n)s: response") % {"n": number(shown)}, "goal")
    if form.remission_at_most is not None:
        yield Line(form.remission_at_most, _("%(n)s: remission") % {"n": form.remission_at_most}, "goal")


def _main_points(form: Instrument) -> float | None:
    rules = [r for r in form.changes if r.points is not None]
    chosen = next((r for r in rules if MAIN_RULE in r.id), rules[0] if rules else None)
    return float(chosen.points) if chosen is not None and chosen.points is not None else None
