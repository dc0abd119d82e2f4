"""One course from its first answer to its end, as its paper shows it.

Decided here: what the reader's Scope does not hold is said to be left out, never shown as empty; corrections
stand under what they correct. Of vitals the paper holds the lowest and highest of each dose. Process
notes are not here and could not be: they are in another store, which no read of this house opens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.course import COURSE
from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.permits import Kind, Need, Scope, Subject, decide
from openkap.reads.ribbon import phase_words
from openkap.reads.rows import Fix, chains, words_of
from openkap.reads.said import day, moment, number
from openkap.reads.timeline import session_words
from openkap.records.base import Clinical
from openkap.records.models import (
    Administration,
    Allergy,
    Condition,
    Course,
    CourseEnd,
    Decision,
    Discharge,
    HistoryAnswer,
    Medication,
    Order,
    Reading,
    Result,
    Score,
    Session,
    SessionNote,
    SessionSummary,
    Signature,
)
from openkap.records.scoped import scoped

# In the order of the course; each with the kinds of rows it gathers.
SECTIONS: tuple[tuple[str, tuple[type[Clinical], ...]], ...] = (
    (gettext_noop("Medicines, allergies, conditions"), (Medication, Allergy, Condition)),
    (gettext_noop("Evaluation"), (HistoryAnswer, Result, Decision)),
    (gettext_noop("Consents"), (Signature,)),
    (gettext_noop("Doses"), (Order, Administration, Discharge)),
    (gettext_noop("Session summaries"), (SessionSummary,)),
    (gettext_noop("Session notes for the course"), (SessionNote,)),
    (gettext_noop("Scores"), (Score,)),
)
NUMBERS = ("sbp", "dbp", "hr", "spo2", "rr", "temp_c")
VITALS = {
    "sbp": gettext_noop("Systolic, mmHg"),
    "dbp": gettext_noop("Diastolic, mmHg"),
    "hr": gettext_noop("Heart rate, a minute"),
    "spo2": gettext_noop("Oxygen, %"),
    "rr": gettext_noop("Breaths, a minute"),
    "temp_c": gettext_noop("Temperature, °C"),
}


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


@dataclass(frozen=True, slots=True)
class Extremes:
    """The lowest and highest of each measure during one dose, and of how many sets."""

    dose: str
    sets: int
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    plan: str
    state: str
    opened: str
    sessions: tuple[tuple[str, str, str], ...]
    sections: tuple[Section, ...]
    vitals: tuple[Extremes, ...]
    vitals_hidden: bool
    end: str


def paper_of(scope: Scope, course: Course, at: datetime, zone: ZoneInfo) -> Paper:
    """All that `scope` holds of this course. Sixteen queries, however long it was."""
    sessions = list(
        scoped(Session.objects.filter(course=course), scope)
        .select_related("lead", "organisation")
        .order_by("planned_from", "id")
    )
    end = scoped(CourseEnd.objects.current().filter(course=course), scope).order_by("-at").first()
    return Paper(
        plan=_plan(course),
        state=_(COURSE.words[course.state]),
        opened=moment(course.opened_at, zone),
        sessions=tuple(_session(each, zone) for each in sessions),
        sections=tuple(_section(scope, course, at, zone, title, models) for title, models in SECTIONS),
        vitals=tuple(_extremes(scope, course, sessions, zone)),
        vitals_hidden=not _sees(scope, Kind.CLINICAL, course, at),
        end=_end(end, zone) if end is not None else "",
    )


def _plan(course: Course) -> str:
    try:
        return _("%(name)s, version %(version)s") % {
            "name": protocol(course.protocol).name,
            "version": course.protocol_version,
        }
    except UnknownProtocol:
        return course.protocol


def _session(session: Session, zone: ZoneInfo) -> tuple[str, str, str]:
    who = ", ".join(filter(None, (session.lead.name if session.lead else "", session.organisation.name)))
    return (
        moment(session.started_at or session.planned_from, zone),
        f"{phase_words(session.phase)}, {session_words(session.state)}",
        who,
    )


def _section(
    scope: Scope, course: Course, at: datetime, zone: ZoneInfo, title: str, models: Iterable[type[Clinical]]
) -> Section:
    lines: list[tuple[datetime, Line]] = []
    sees = False
    for model in models:
        if not _sees(scope, model.PATHS.kind, course, at):
            continue
        sees = True
        for chain in chains(scoped(_rows(model, course), scope), zone):
            row = chain.last if chain.counts and not chain.fixes else chain.first
            line = Line(moment(row.at, zone), words_of(row), row.by_name, bool(chain.fixes), chain.fixes)
            lines.append((row.at, line))
    lines.sort(key=lambda pair: pair[0])
    return Section(_(title), tuple(_together(line for _at, line in lines)), not sees)


def _together(lines: Iterable[Line]) -> Iterable[Line]:
    """What one person wrote in the same minute is one line; what was corrected stands alone."""
    for (when, who, struck), same in groupby(lines, key=lambda line: (line.when, line.who, line.struck)):
        if struck:
            yield from same
        else:
            yield Line(when, "\n".join(line.words for line in same), who, False, ())


def _rows(model: type[Clinical], course: Course) -> QuerySet[Any]:
    """Rows of this course; lists that belong to the person, as the course's own practice keeps them."""
    names = {each.name for each in model._meta.concrete_fields}
    rows = model._default_manager.order_by("at", "recorded_at", "id")
    if "course" in names:
        return rows.filter(course=course)
    if "session" in names:
        return rows.filter(session__course=course)
    return rows.filter(patient_id=course.patient_id, organisation_id=course.organisation_id)


def _sees(scope: Scope, kind: Kind, course: Course, at: datetime) -> bool:
    subject = Subject(kind, course.organisation_id, course.patient_id, course.id, at=at)
    return bool(decide(scope, Need(kind), subject))


def _extremes(scope: Scope, course: Course, sessions: list[Session], zone: ZoneInfo) -> Iterable[Extremes]:
    asked = {f"{low}_{name}": how(name) for name in NUMBERS for low, how in (("low", Min), ("high", Max))}
    rows = (
        scoped(Reading.objects.current().filter(session__course=course), scope)
        .order_by()
        .values("session_id")
        .annotate(sets=Count("id"), **asked)
    )
    by_session = {row["session_id"]: row for row in rows}
    for session in sessions:
        row = by_session.get(session.id)
        if row is None:
            continue
        on = day(session.planned_from.astimezone(zone).date())
        yield Extremes(
            dose=f"{phase_words(session.phase)} {session.ordinal}, {on}",
            sets=row["sets"],
            rows=tuple(
                (_(VITALS[name]), number(row[f"low_{name}"]), number(row[f"high_{name}"]))
                for name in NUMBERS
                if row[f"low_{name}"] is not None
            ),
        )


def _end(end: CourseEnd, zone: ZoneInfo) -> str:
    return _("%(state)s on %(when)s, said by %(who)s: %(why)s") % {
        "state": _(COURSE.words[end.ended_as]).capitalize(),
        "when": moment(end.at, zone),
        "who": end.by_name,
        "why": end.why,
    }
