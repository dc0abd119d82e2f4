"""One course from its first answer to its end, as its paper shows it.

Decided here: a row is on it where the reader's Scope holds that row, whichever practice keeps it; what the
Scope does not hold is said to be left out, never shown as empty. What another practice keeps or handed over
carries that practice's name. Corrections stand under what they correct. Of vitals the paper holds the lowest
and highest of each dose. Process notes are not here and could not be: they are in another store, which no
read of this house opens; nor is the journal, which is the patient's (docs/adr/0027-prints-and-outcome.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.course import COURSE
from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.permits import Kind, Scope
from openkap.reads.paper_lines import SECTIONS, Section, section_of, sees, things_of, when_words
from openkap.reads.said import number
from openkap.reads.timeline import session_words
from openkap.reads.window import in_these
from openkap.records.facts.clock import day, moment
from openkap.records.facts.phases import what_of
from openkap.records.models import (
    Course,
    CourseEnd,
    Grant,
    Organisation,
    Reading,
    Session,
    Window,
)
from openkap.records.scoped import scoped, within

# What a practice beside the course's own keeps of it, in the words of what is left out.
BEYOND: tuple[tuple[Kind, str], ...] = (
    (Kind.PREPARATION, gettext_noop("preparation")),
    (Kind.NOTES, gettext_noop("session notes")),
    (Kind.SMALL_THINGS, gettext_noop("small things to do")),
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
class Extremes:
    """The lowest and highest of each measure during one dose, and of how many sets."""

    dose: str
    sets: int
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """`beyond`: what each other practice keeps of this course and the reader is not shown, in a sentence."""

    plan: str
    state: str
    opened: str
    sessions: tuple[tuple[str, str, str], ...]
    beyond: tuple[str, ...]
    sections: tuple[Section, ...]
    vitals: tuple[Extremes, ...]
    vitals_hidden: bool
    end: str


def paper_of(scope: Scope, course: Course, at: datetime, zone: ZoneInfo) -> Paper:
    """All that `scope` holds of this course. Twenty queries at most, however long it was."""
    sessions = _sessions(scope, course, at)
    practices = _practices(scope, course, sessions)
    end = scoped(CourseEnd.objects.current().filter(course=course), scope).order_by("-at").first()
    keepers = (course.organisation, *practices)
    sections = [section_of(scope, course, keepers, at, zone, title, models) for title, models in SECTIONS]
    return Paper(
        plan=_plan(course),
        state=_(COURSE.words[course.state]),
        opened=moment(course.opened_at, zone),
        sessions=tuple(_session(each, zone) for each in sessions),
        beyond=tuple(filter(None, (_beyond(scope, course, keepers, each, at) for each in keepers))),
        sections=(*sections, things_of(scope, course, keepers, at, zone)),
        vitals=tuple(_extremes(scope, course, sessions, zone)),
        vitals_hidden=not sees(scope, Kind.CLINICAL, course, course.organisation_id, at),
        end=_end(end, zone) if end is not None else "",
    )


def _sessions(scope: Scope, course: Course, at: datetime) -> list[Session]:
    """What one may see, and what another practice holds in a window one may see (`reads.window`)."""
    windows = scoped(Window.objects.filter(course=course), scope)
    rows = Session.objects.filter(within(Session, scope) | in_these(list(windows), at), course=course)
    return list(rows.select_related("lead", "organisation").order_by("planned_from", "id"))


def _practices(scope: Scope, course: Course, sessions: list[Session]) -> tuple[Organisation, ...]:
    """The other practices of this course, as far as the reader knows of them."""
    grants = scoped(
        Grant.objects.filter(patient_id=course.patient_id, organisation_id=course.organisation_id), scope
    ).select_related("to_organisation")
    found = {s.organisation_id: s.organisation for s in sessions}
    found |= {grant.to_organisation_id: grant.to_organisation for grant in grants}
    found.pop(course.organisation_id, None)
    return tuple(sorted(found.values(), key=lambda practice: practice.name))


def _beyond(
    scope: Scope, course: Course, keepers: tuple[Organisation, ...], keeper: Organisation, at: datetime
) -> str:
    """What this practice keeps and the reader does not see, where they see another's of the same kind."""

    def seen(kind: Kind, of: Organisation) -> bool:
        return sees(scope, kind, course, of.id, at)

    hidden = [
        _(words)
        for kind, words in BEYOND
        if not seen(kind, keeper) and any(seen(kind, other) for other in keepers)
    ]
    if not hidden:
        return ""
    return _("%(practice)s keeps its own record of this course. Not shown to this reader: %(what)s.") % {
        "practice": keeper.name,
        "what": ", ".join(hidden),
    }


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
        when_words(session.started_at or session.planned_from, zone),
        f"{what_of(session)}, {session_words(session.state)}",
        who,
    )


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
            dose=f"{what_of(session)}, {on}",
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
