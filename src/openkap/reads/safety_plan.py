"""The safety plan as a page shows it: six steps in order, who can see it, when it was last gone through.

Decided here: the steps are those of Stanley and Brown (2012), named in our own plain words. A line that holds
a telephone number can be called by one tap, also without a connection. Earlier versions stay to be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy

from openkap.permits import Scope
from openkap.records.facts.safety_plan import who_may_read
from openkap.records.models import Course, SafetyPlan
from openkap.records.scoped import scoped

# Name, how it is asked on the form, in the order of the plan.
STEPS = {
    "warning_signs": (
        gettext_lazy("Warning signs"),
        gettext_lazy("How do you notice that it gets hard? Thoughts, moods, what you do."),
    ),
    "alone": (
        gettext_lazy("What I can do by myself"),
        gettext_lazy("What takes your mind off it without anyone else: a walk, music, a shower."),
    ),
    "distraction": (
        gettext_lazy("People and places that take my mind off it"),
        gettext_lazy("Whom you can be with, and where you can go, without talking about it."),
    ),
    "people": (
        gettext_lazy("People I can ask for help"),
        gettext_lazy("A name and a number on each line. Whom can you tell how it is?"),
    ),
    "professionals": (
        gettext_lazy("Professionals and crisis lines"),
        gettext_lazy(
            "A name and a number on each line. The crisis line and your practice are there already."
        ),
    ),
    "surroundings": (
        gettext_lazy("Making the place around me safer"),
        gettext_lazy("What do you put away, or give someone to keep? Who helps you with it?"),
    ),
}
# A telephone number as people write it: seven digits or more, with what stands between them.
NUMBER = re.compile(r"\+?\(?\d[\d\s().\-/]{5,}\d")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as typed; `phone` is the number in it, digits only, or blank."""

    words: str
    phone: str


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    number: int
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `reviewed`: gone through and left as it was."""

    id: UUID
    at: datetime
    who: str
    by_patient: bool
    reviewed: bool
    steps: tuple[Step, ...]
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """`now` is the version that counts, None before the first. `readers` may look at it, by name."""

    now: Version | None
    earlier: tuple[Version, ...]
    readers: tuple[str, ...]


def plan_of(scope: Scope, course: Course, at: datetime) -> Plan:
    """The plan of this course, as far as `scope` sees it. Three queries."""
    rows = scoped(SafetyPlan.objects.filter(course=course), scope).order_by("-recorded_at", "-id")
    versions = [_version(row) for row in rows]
    return Plan(
        now=versions[0] if versions else None,
        earlier=tuple(versions[1:]),
        readers=who_may_read(course, at),
    )


def plan_line(scope: Scope, course: Course) -> tuple[datetime, str] | None:
    """When the plan was last written or gone through, and by whom; None where there is none. One query."""
    rows = scoped(SafetyPlan.objects.filter(course=course), scope).order_by("-recorded_at", "-id")
    return rows.values_list("at", "by_name").first()


def phone_in(words: str) -> str:
    """The telephone number in a line, as a `tel:` address has it; blank where there is none."""
    found = NUMBER.search(words)
    return re.sub(r"[^\d+]", "", found[0]) if found else ""


def _version(row: SafetyPlan) -> Version:
    words = {name: getattr(row, name) for name in STEPS}
    return Version(
        id=row.id,
        at=row.at,
        who=row.by_name,
        by_patient=row.by_person_id == row.patient_id,
        reviewed=row.act == SafetyPlan.Act.REVIEWED,
        steps=tuple(
            Step(name, number, str(title), _lines(words[name]))
            for number, (name, (title, _asks)) in enumerate(STEPS.items(), start=1)
        ),
        words=words,
    )


def _lines(words: str) -> tuple[Line, ...]:
    return tuple(Line(line.strip(), phone_in(line)) for line in words.splitlines() if line.strip())
