"""The sections of a course's paper: its rows in lines, each with its author and what became of it.

Decided here: what one person wrote in the same minute is one line, the history's noes are folded by part of
the body, and a copy that was handed over is not shown beside the original it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.permits import Kind, Need, Scope, Subject, decide
from openkap.reads.answered import folded, is_folded
from openkap.reads.rows import Chain, Fix, chains, words_of
from openkap.records.base import Clinical
from openkap.records.compiled import Compiled, Question
from openkap.records.facts.clock import moment
from openkap.records.models import (
    Administration,
    AdverseEvent,
    Allergy,
    Condition,
    Course,
    Decision,
    Declined,
    Discharge,
    GivenPart,
    HandOverAfter,
    HandOverBefore,
    HistoryAnswer,
    Medication,
    MisuseSign,
    NextDayCall,
    Order,
    Organisation,
    PreparationPlan,
    Result,
    RoomEvent,
    Score,
    SessionNote,
    SessionSummary,
    Signature,
    SmallThing,
    TouchAgreement,
    WayChosen,
)
from openkap.records.scoped import scoped
from openkap.records.together import answers

# In the order of the course; each with the kinds of rows it gathers.
SECTIONS: tuple[tuple[str, tuple[type[Clinical], ...]], ...] = (
    (gettext_noop("Medicines, allergies, conditions"), (Medication, Allergy, Condition)),
    (gettext_noop("Evaluation"), (HistoryAnswer, Result, Decision, WayChosen)),
    (gettext_noop("Consents"), (Signature, Declined)),
    (gettext_noop("Preparation and touch"), (PreparationPlan, TouchAgreement, HandOverBefore)),
    (gettext_noop("Doses"), (Order, Administration, GivenPart, Discharge)),
    (gettext_noop("In the room"), (RoomEvent,)),
    (gettext_noop("Adverse events and signs of misuse"), (AdverseEvent, MisuseSign)),
    (gettext_noop("Calls on the day after"), (NextDayCall,)),
    (gettext_noop("Session summaries"), (SessionSummary, HandOverAfter)),
    (gettext_noop("Session notes for the course"), (SessionNote,)),
    (gettext_noop("Scores"), (Score,)),
)
HANDED: tuple[type[Clinical], ...] = (PreparationPlan, TouchAgreement, HandOverBefore)
BESIDE: dict[type[Clinical], tuple[str, ...]] = {
    Signature: ("document",),
    Declined: ("document",),
    GivenPart: ("order",),
    **dict.fromkeys(HANDED, ("handed_from__organisation",)),
}
TIMER = "timer"  # a reminder of the room's own is no event of the day


@dataclass(frozen=True, slots=True)
class Line:
    when: str
    words: str
    who: str
    struck: bool
    fixes: tuple[Fix, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`hidden`: the reader may not see this kind of fact, so nothing is said of it."""

    title: str
    lines: tuple[Line, ...]
    hidden: bool


def when_words(at: datetime, zone: ZoneInfo) -> str:
    """A day and a time, which never breaks inside the time."""
    return moment(at, zone).replace(" am", "\u00a0am").replace(" pm", "\u00a0pm")


def section_of(
    scope: Scope,
    course: Course,
    keepers: Iterable[Organisation],
    at: datetime,
    zone: ZoneInfo,
    title: str,
    models: Iterable[type[Clinical]],
) -> Section:
    keepers = tuple(keepers)
    seen = [m for m in models if any(sees(scope, m.PATHS.kind, course, k.id, at) for k in keepers)]
    lines: list[tuple[datetime, Line]] = []
    for rows in _found(seen, course, scope):
        lines += _lines(chains(rows, zone), course, zone)
    lines.sort(key=lambda pair: pair[0])
    return Section(_(title), tuple(_together(line for _at, line in lines)), not seen)


def _lines(found: list[Chain], course: Course, zone: ZoneInfo) -> Iterable[tuple[datetime, Line]]:
    for when, words, who in folded(filter(is_folded, found), zone):
        yield when, Line(when_words(when, zone), words, who, False, ())
    for chain in found:
        if is_folded(chain):
            continue
        row = chain.last if chain.counts and not chain.fixes else chain.first
        words = words_of(row)
        yield row.at, Line(when_words(row.at, zone), words, _who(row, course), bool(chain.fixes), chain.fixes)


def _who(row: Any, course: Course) -> str:
    """The author, and their practice where it is not the one that keeps this course."""
    handed = getattr(row, "handed_from", None)
    if handed is not None:
        return _("%(who)s, handed over by %(practice)s") % {
            "who": row.by_name,
            "practice": handed.organisation.name,
        }
    if row.organisation_id != course.organisation_id:
        return f"{row.by_name}, {row.organisation.name}"
    return str(row.by_name)


def things_of(
    scope: Scope, course: Course, keepers: Iterable[Organisation], at: datetime, zone: ZoneInfo
) -> Section:
    """Small things agreed or the patient's own, on the list and off it."""
    seen = any(sees(scope, Kind.SMALL_THINGS, course, keeper.id, at) for keeper in keepers)
    rows = scoped(SmallThing.objects.filter(course=course), scope).select_related("organisation")
    return Section(
        _("Small things to do"),
        tuple(
            Line(
                when_words(row.made_at, zone),
                _("%(what)s (done)") % {"what": row.text} if row.ticked_at else row.text,
                _who(row, course),
                False,
                (),
            )
            for row in rows.order_by("made_at", "id")
        ),
        not seen,
    )


def _together(lines: Iterable[Line]) -> Iterable[Line]:
    """What one person wrote in the same minute is one line; what was corrected stands alone."""
    for (when, who, struck), same in groupby(lines, key=lambda line: (line.when, line.who, line.struck)):
        if struck:
            yield from same
        else:
            yield Line(when, "\n".join(line.words for line in same), who, False, ())


def _found(models: Iterable[type[Clinical]], course: Course, scope: Scope) -> Iterable[list[Any]]:
    """The rows of each kind, within the Scope. One query, and one for each kind that is handed over."""
    kinds = list(models)
    together = [model for model in kinds if model not in HANDED]
    found = dict(zip(together, answers(*(_question(each, course, scope) for each in together)), strict=True))
    return [found[each] if each in found else _not_copied(each, course, scope) for each in kinds]


def _question(model: type[Clinical], course: Course, scope: Scope) -> Question[Any]:
    """Rows of this course; lists that belong to the person, as the course's own practice keeps them."""
    asks = _compiled(model)
    if _of_person(model):
        return asks.question_within(scope, patient=course.patient_id, keeper=course.organisation_id)
    return asks.question_within(scope, course=course.id)


@cache
def _compiled(model: type[Clinical]) -> Compiled[Any]:
    if _of_person(model):
        return Compiled(
            model,
            lambda patient, keeper: _ordered(model).filter(patient_id=patient, organisation_id=keeper),
        )
    path = "course_id" if "course" in _names(model) else "session__course_id"
    return Compiled(model, lambda course: _ordered(model).filter(**{path: course}))


def _not_copied(model: type[Clinical], course: Course, scope: Scope) -> list[Any]:
    """A copy that was handed over is not shown beside the original it was made from."""
    own = scoped(model._default_manager.filter(course=course), scope)  # type: ignore[misc]
    rows = _ordered(model).filter(course=course).exclude(handed_from__in=own.values("pk"))
    return list(scoped(rows, scope))


def _ordered(model: type[Clinical]) -> QuerySet[Any]:
    rows = model._default_manager.order_by("at", "recorded_at", "id")
    rows = rows.select_related("organisation", *BESIDE.get(model, ()))
    return rows.exclude(what=TIMER) if model is RoomEvent else rows


def _of_person(model: type[Clinical]) -> bool:
    return not {"course", "session"} & _names(model)


def _names(model: type[Clinical]) -> set[str]:
    return {each.name for each in model._meta.concrete_fields}


def sees(scope: Scope, kind: Kind, course: Course, keeper: UUID, at: datetime) -> bool:
    return bool(decide(scope, Need(kind), Subject(kind, keeper, course.patient_id, course.id, at=at)))
