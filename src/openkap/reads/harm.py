"""Adverse events and signs of misuse, in words: for staff, and for the patient they happened to.

Decided here: staff read the library's term, the grade with what it means, and whether it was expected; a
patient reads plain words, what became of it, and no judgement. What was corrected is not read twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.course.next_dose import misuse_flags
from openkap.medicine.monitoring import events
from openkap.medicine.monitoring.adverse import grades
from openkap.permits import Scope
from openkap.records.facts.clock import moment
from openkap.records.models import AdverseEvent, Course, MisuseSign, Session
from openkap.records.scoped import scoped

EXPECTED = {
    "expected": gettext_noop("expected"),
    "unexpected": gettext_noop("not expected"),
    "unknown": gettext_noop("not known whether expected"),
}


@dataclass(frozen=True, slots=True)
class EventShown:
    """One event as it stands. `facts` are name and words, in the order they are asked."""

    row: AdverseEvent
    name: str
    grade: str
    serious: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    gone_on: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One event as its patient reads it: what, how strong, what became of it. Blank: not said."""

    what: str
    grade: str
    became: str
    at: datetime


def events_of(scope: Scope, session: Session, zone: ZoneInfo) -> tuple[EventShown, ...]:
    """Every event of this dose as it stands, the first one first. One query."""
    rows = scoped(AdverseEvent.objects.current().filter(session=session), scope).order_by("at", "id")
    return tuple(_shown(row, zone) for row in rows)


def told_by(scope: Scope, session: Session, person: UUID | None, zone: ZoneInfo) -> tuple[EventShown, ...]:
    """What this person wrote down for this dose, as they wrote it, whoever went on with it. One query."""
    rows = AdverseEvent.objects.filter(session=session, by_person=person, corrects=None, withdrawn=False)
    later = AdverseEvent.objects.filter(corrects=OuterRef("pk"))
    found = scoped(rows, scope).annotate(later=Exists(later)).order_by("at", "id")
    return tuple(replace(_shown(row, zone), gone_on=row.later) for row in found)


def signs_of(scope: Scope, course: Course) -> tuple[tuple[MisuseSign, ...], tuple[MisuseSign, ...]]:
    """Signs that stand, and those that were settled, the newest first. One query."""
    rows = list(scoped(MisuseSign.objects.current().filter(course=course), scope).order_by("-at", "-id"))
    return tuple(r for r in rows if not r.settled), tuple(r for r in rows if r.settled)


def told_of(session: Session, language: str) -> tuple[Told, ...]:
    """What happened with this dose, for its patient, within whose reach the session is. One query."""
    plain = events.plain_words(language)
    rows = AdverseEvent.objects.current().filter(session=session).order_by("at", "id")
    return tuple(_told(row, plain) for row in rows)


def _told(row: AdverseEvent, plain: Mapping[str, Mapping[str, str]]) -> Told:
    return Told(
        what=plain["terms"].get(row.term, row.words),
        grade=plain["grades"].get(f"g{row.grade}", ""),
        became=plain["outcomes"].get(row.outcome, ""),
        at=row.at,
    )


def event_name(row: Any) -> str:
    """Nausea; or the first of own words."""
    term = events.term_of(row.term)
    return term.words if term is not None else str(row.words)


def event_words(row: Any) -> str:
    """One event in one line: what, grade, whether serious and expected, what became of it."""
    parts = [event_name(row), _("grade %(n)s") % {"n": row.grade} if row.grade else _("not graded yet")]
    if row.serious:
        parts.append(_("serious (%(why)s)") % {"why": "; ".join(serious_words(row.serious)).lower()})
    parts.append(_(EXPECTED.get(row.expected, row.expected)))
    parts.append(events.choices(events.OUTCOME).get(row.outcome, row.outcome).lower())
    said = ", ".join(parts)
    return f"{said}. {row.words}" if row.term and row.words else said


def serious_words(held: Iterable[str]) -> tuple[str, ...]:
    """The criteria that hold, in words."""
    words = events.choices(events.SERIOUS)
    return tuple(words.get(key, key) for key in held)


def sign_words(row: Any) -> str:
    """One sign in one line; what was decided, where it was settled."""
    flag = misuse_flags().get(row.sign, "")
    said = ". ".join(part for part in (flag[:1].upper() + flag[1:], row.words) if part)
    return _("%(sign)s. Decided: %(what)s") % {"sign": said, "what": row.reason} if row.settled else said


def _shown(row: AdverseEvent, zone: ZoneInfo) -> EventShown:
    known = grades(row.term, row.ctcae_version) if row.ctcae_version else {}
    grade = _("Not graded yet")
    if row.grade is not None:
        grade = _("Grade %(n)s by CTCAE %(version)s: %(means)s") % {
            "n": row.grade,
            "version": row.ctcae_version,
            "means": known.get(row.grade, ""),
        }
    facts = [
        (_("Began"), moment(row.at, zone)),
        (_("Ended"), moment(row.ended_at, zone) if row.ended_at is not None else _("Not known")),
        (_("Expected"), events.expectedness(row.term).because),
        (_("From the dose"), events.choices(events.RELATED).get(row.related, row.related)),
        (_("What was done"), events.choices(events.ACTION).get(row.action, row.action)),
        (_("What became of it"), events.choices(events.OUTCOME).get(row.outcome, row.outcome)),
        (_("In words"), row.words if row.term else ""),
        (_("Written down by"), f"{row.by_name}, {moment(row.recorded_at, zone)}"),
    ]
    return EventShown(
        row=row,
        name=event_name(row),
        grade=grade,
        serious=serious_words(row.serious),
        facts=tuple((name, words) for name, words in facts if words),
    )
