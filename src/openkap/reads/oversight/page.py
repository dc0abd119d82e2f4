"""The lists of the oversight page in their order, what each needs of a permit, and how they are narrowed.

Decided here: a list is there only for whoever may see oversight and every kind of fact it is made of; the
rest is the reader's Scope, which the rows are taken through. Nothing is shown by default.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext_noop

from openkap.permits import Act, Kind, Need, Scope, Subject, decide
from openkap.reads.oversight import care, looks, rules, site, work
from openkap.reads.oversight.lists import Asked, Section, with_files


@dataclass(frozen=True, slots=True)
class Read:
    """How one list is read, and the kinds of fact it shows."""

    read: Callable[[Asked], Section]
    kinds: tuple[Kind, ...]


LISTS: dict[str, Read] = {
    "events": Read(care.events, (Kind.CLINICAL,)),
    "overrides": Read(care.overrides, (Kind.CLINICAL, Kind.TRAIL)),
    "alerts": Read(work.alerts, (Kind.TASKS, Kind.TRAIL, Kind.MEASURES)),
    "plans": Read(care.plans, (Kind.TASKS, Kind.SAFETY_PLAN)),
    "signs": Read(care.signs, (Kind.CLINICAL,)),
    "home": Read(care.home, (Kind.CLINICAL,)),
    "second": Read(rules.second, (Kind.CLINICAL,)),
    "notes": Read(work.notes, (Kind.TASKS, Kind.CLINICAL)),
    "tasks": Read(work.tasks, (Kind.TASKS, Kind.CLINICAL)),
    "rules": Read(rules.rules, (Kind.RULES, Kind.CLINICAL)),
    "access": Read(looks.access, (Kind.TRAIL, Kind.IDENTITY)),
    "standing": Read(site.standing, (Kind.STAFF,)),
    "site": Read(site.site, (Kind.STAFF,)),
}
NEW, SETTLED, ALL = "new", "settled", "all"
SHOWS = {
    NEW: gettext_noop("Not looked at yet"),
    SETTLED: gettext_noop("Looked at"),
    ALL: gettext_noop("Everything"),
}


def may_see(scope: Scope, practice: UUID, act: Act = Act.SEE) -> bool:
    """Whether oversight of this practice is this reader's at all, or theirs to settle."""
    return _allows(scope, practice, Kind.OVERSIGHT, act)


def may_read(scope: Scope, practice: UUID, key: str) -> bool:
    """Whether this list is."""
    known = LISTS.get(key)
    wanted = (Kind.OVERSIGHT, *known.kinds) if known is not None else ()
    return bool(wanted) and all(_allows(scope, practice, kind) for kind in wanted)


def _allows(scope: Scope, practice: UUID, kind: Kind, act: Act = Act.SEE) -> bool:
    return bool(decide(scope, Need(kind, act), Subject(kind, practice)))


def sections(asked: Asked) -> tuple[Section, ...]:
    """Every list that this reader may see."""
    keys = [key for key in LISTS if may_read(asked.scope, asked.place.id, key)]
    return with_files(asked, (LISTS[key].read(asked) for key in keys))


def one_section(asked: Asked, key: str, shows: str = ALL, q: str = "") -> Section:
    """One list, narrowed; its key is one that this reader may see."""
    (section,) = with_files(asked, (LISTS[key].read(asked),))
    words = q.lower().split()
    lines = [line for line in section.lines if all(word in line.words for word in words)]
    if shows != ALL:
        lines = [line for line in lines if (line.look is None) == (shows == NEW)]
    return replace(section, lines=tuple(lines))
