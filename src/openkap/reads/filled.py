"""What was answered: each form of a course with its questions in order, the answer to each, by whom and when.

Decided here: the newest stands first, a corrected one not at all; the words are the form's own, in English,
as it is printed now. A question that was left out says so; one that raised an alert is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.instruments import UnknownInstrument, instrument
from openkap.medicine.instruments.instrument import Instrument, Value
from openkap.permits import Scope
from openkap.reads.form import words_in
from openkap.reads.outcome_chart import point_words
from openkap.reads.rows import words_of
from openkap.reads.said import number
from openkap.records.facts.clock import moment
from openkap.records.models import Course, Response, Score
from openkap.records.scoped import scoped

MOST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One question and its answer in words. `worrying`: it is one of those that raised an alert."""

    asks: str
    says: str
    worrying: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """One form as it was sent. `result`: what it adds up to; `because`: why a person had to look."""

    response: Response
    result: str
    point: str
    when: str
    how: str
    version: str
    because: tuple[str, ...]
    lines: tuple[Line, ...]
    caution: str = ""


def filled_of(scope: Scope, course: Course, zone: ZoneInfo) -> tuple[Filled, ...]:
    """The forms of this course that `scope` may see. Three queries."""
    rows = Response.objects.current().filter(course=course).prefetch_related("answers", "scores")
    newest = scoped(rows, scope).order_by("-at", "-id")[:MOST]
    return tuple(_filled(row, zone) for row in newest)


def _filled(row: Response, zone: ZoneInfo) -> Filled:
    # What was put right later has another score; the one that was made last counts.
    score = max(row.scores.all(), key=lambda one: (one.recorded_at, one.id), default=None)
    alerts = score.alerts if score is not None else []
    return Filled(
        response=row,
        result=words_of(score) if score is not None else row.instrument,
        point=point_words(row.point),
        when=moment(row.at, zone),
        how=_how(row),
        version=row.version,
        because=tuple(alert["because"] for alert in alerts if alert.get("because")),
        lines=tuple(_lines(row, score)),
        caution=words.licence.caution if (words := words_in(row.instrument, "en")) is not None else "",
    )


def _how(row: Response) -> str:
    """How it came, where not by the person's own hand in time."""
    if row.source == "in_room":
        return _("asked in the room")
    if row.source == "paper":
        return _("from paper")
    return _("sent after its link had ended") if row.late else ""


def _lines(row: Response, score: Score | None) -> Iterable[Line]:
    given = {answer.item: answer.value for answer in row.answers.all()}
    words, form = words_in(row.instrument, "en"), _form(row.instrument)
    worrying = _worrying(form, score, given)
    entered = score is not None and score.entered
    for item in list(given if entered or words is None else words.items):
        value = given.get(item)
        options = words.options.get(item, ()) if words is not None else ()
        says = next((option.label for option in options if option.value == value), "")
        label = form.questions[item].label if form is not None and item in form.questions else ""
        yield Line(
            asks=words.items[item] if words is not None else label or _("Item %(n)s") % {"n": item},
            says=_("Not answered") if value is None else says or number(value),
            worrying=item in worrying,
        )
    for name, value in (score.subscales if score is not None else {}).items():
        if value is not None:
            yield Line(
                _("Subtotal: %(name)s") % {"name": name.replace("_", " ")}, number(value), worrying=False
            )


def _form(name: str) -> Instrument | None:
    try:
        return instrument(name)
    except UnknownInstrument:
        return None


def _worrying(form: Instrument | None, score: Score | None, given: Mapping[str, Value | None]) -> set[str]:
    """The questions whose answer was more than "no" among those that an alert of this form looks at."""
    if score is None or not score.alerts or form is None:
        return set()
    raised = {alert["rule"] for alert in score.alerts}
    asked = {item for rule in form.alerts if rule.id in raised for item in (*rule.when, *form.safety)}
    return {item for item in asked if (given.get(item) or 0) > form.minimum}
