"""A response that lasts, and one that is lost: what a row of totals over time says.

Decided here: a response holds when two assessments in a row, at least so many days apart, both have it; it
is lost when two in a row after it do not have it. How many days is the caller's to name, since sources
differ: no number is hidden here. Authority: the dossier's D.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from openkap.medicine.instruments.answers import BadAnswer
from openkap.medicine.instruments.change import change
from openkap.medicine.instruments.instrument import Instrument, Value


@dataclass(frozen=True, slots=True)
class Course:
    """Days of the first response, of the one that confirmed it, and of the first of two without it."""

    instrument: str
    version: str
    assessments: int
    days_apart: int
    responded_on: date | None
    sustained_on: date | None
    lost_on: date | None
    remitted_on: date | None
    last_on: date


def course_of(form: Instrument, totals: Sequence[tuple[date, Value]], days_apart: int) -> Course:
    """Read a row of totals, the first of them the baseline. Raises `BadAnswer`."""
    rows = sorted(totals, key=lambda row: row[0])
    if len(rows) < 2:
        raise BadAnswer("series", "A course needs at least two totals, the first before treatment.")
    if isinstance(days_apart, bool) or days_apart < 1:
        raise BadAnswer("days_apart", "days_apart must be a whole number of days, 1 or more.")
    changes = [(on, change(form, rows[0][1], total)) for on, total in rows[1:]]
    has = [(on, found.response is True) for on, found in changes]
    responded = next((on for on, yes in has if yes), None)
    sustained = next(
        (
            later
            for (on, yes), (later, still) in pairwise(has)
            if yes and still and (later - on).days >= days_apart
        ),
        None,
    )
    after = [row for row in has if responded is not None and row[0] > responded]
    lost = next((on for (on, yes), (_, then) in pairwise(after) if not yes and not then), None)
    return Course(
        instrument=form.id,
        version=form.version,
        assessments=len(rows),
        days_apart=days_apart,
        responded_on=responded,
        sustained_on=sustained,
        lost_on=lost,
        remitted_on=next((on for on, found in changes if found.remission), None),
        last_on=rows[-1][0],
    )
