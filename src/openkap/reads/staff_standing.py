"""Licenses and certificates of everyone who works here: what holds, what ends when, what nobody looked at.

Decided here: what stops someone stands first, then what ends soonest. What is asked of a role and was never
written down is a line of its own, so that nothing is missing by silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from openkap.medicine.standing import ENDED, NOT_VALID, kind_of, stands
from openkap.permits import Role, Scope
from openkap.reads.credentials import Paper, Seen, Step, ended_words, history_of, papers_of
from openkap.reads.staff import role_words
from openkap.records.facts.law import rules_at
from openkap.records.facts.standing import held_by
from openkap.records.models import Credential, Membership, Organisation
from openkap.records.scoped import scoped

# What the page narrows to. Days are how the page is read; when somebody is told is the kind's own row.
WITHIN = {"30": 30, "60": 60, "90": 90}
SHOWS = {
    "": gettext_noop("Everything"),
    "ended": gettext_noop("Ended, or found not valid"),
    "30": gettext_noop("Ends within 30 days"),
    "60": gettext_noop("Ends within 60 days"),
    "90": gettext_noop("Ends within 90 days"),
    "unlooked": gettext_noop("Nobody has looked at it"),
    "none": gettext_noop("Asked for, and not on record"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One person and one of their papers."""

    person: UUID
    name: str
    title: str
    roles: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class StandingShown:
    """`counts` by what the page narrows to."""

    lines: tuple[Line, ...]
    counts: dict[str, int]
    people: int


@dataclass(frozen=True, slots=True)
class PersonStanding:
    person: UUID
    name: str
    title: str
    roles: str
    papers: tuple[Paper, ...]
    history: tuple[Step, ...] = field(default=())


def standing_shown(
    scope: Scope, organisation: Organisation, at: datetime, *, show: str = "", find: str = ""
) -> StandingShown:
    """Everyone who works here with what they hold and what is asked of them. Five queries."""
    people = _people(scope, organisation, at)
    seen = _seen(organisation, at, people)
    rows = Credential.objects.filter(organisation=organisation, person__in=people).current(at).with_look(at)
    by_person: dict[UUID, list[Credential]] = {}
    for row in scoped(rows, scope):
        by_person.setdefault(row.person_id, []).append(row)
    lines = [
        Line(person, who.name, who.title, ", ".join(role_words(who.roles)), paper)
        for person, who in people.items()
        for paper in papers_of(seen, person, who.roles, by_person.get(person, []))
    ]
    lines.sort(key=lambda each: (*_order(each.paper), each.name))
    told = tuple(line for line in lines if _fits(line, find.strip().lower()))
    return StandingShown(
        tuple(line for line in told if _narrowed(line.paper, show)),
        {key: sum(_narrowed(line.paper, key) for line in told) for key in SHOWS},
        len(people),
    )


def person_standing(
    scope: Scope, organisation: Organisation, person: UUID, at: datetime
) -> PersonStanding | None:
    """One of them, with everything that ever happened to their papers; None for whoever works here not."""
    who = _people(scope, organisation, at).get(person)
    rows = scoped(_all_of(organisation, person, at), scope)
    return _one(organisation, person, who, list(rows), at) if who is not None else None


def own_standing(organisation: Organisation, person: UUID, at: datetime) -> PersonStanding | None:
    """One's own, which everyone who works here reads without a role."""
    who = _members(Membership.objects.filter(organisation=organisation, person=person), at).get(person)
    rows = _all_of(organisation, person, at)
    return _one(organisation, person, who, list(rows), at) if who is not None else None


def own_ended(organisation: UUID, person: UUID, at: datetime, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """Level and sentence of each of one's own that ended or was found not valid. One query."""
    today = at.astimezone(zone).date()
    held = held_by([person], organisation, at).get(person, ())
    told = []
    for kind in dict.fromkeys(one.kind for one in held):
        found, rule = stands(held, (kind,), today), kind_of(kind)
        if found.state in (ENDED, NOT_VALID) and found.best is not None:
            last = found.best.last_day if found.state == ENDED else None
            told.append((str(rule.words["ended_level"]), ended_words(rule, last)))
    return tuple(told)


def ended_here(organisation: Organisation, at: datetime) -> int:
    """How many papers of people who work here have ended, and nothing took their place. Three queries."""
    people = _members(Membership.objects.filter(organisation=organisation), at)
    today = at.astimezone(ZoneInfo(organisation.zone)).date()
    return sum(
        stands(held, (kind,), today).state in (ENDED, NOT_VALID)
        for held in held_by(people, organisation.pk, at).values()
        for kind in {one.kind for one in held}
    )


def _all_of(organisation: Organisation, person: UUID, at: datetime) -> QuerySet[Credential]:
    rows: QuerySet[Credential] = Credential.objects.filter(organisation=organisation, person=person)
    return rows.with_look(at).select_related("written_by")  # type: ignore[attr-defined, no-any-return]


@dataclass(frozen=True, slots=True)
class _Who:
    name: str
    title: str
    roles: frozenset[Role]


def _seen(organisation: Organisation, at: datetime, people: Iterable[UUID]) -> Seen:
    zone = ZoneInfo(organisation.zone)
    return Seen(
        at.astimezone(zone).date(),
        zone,
        rules_at(organisation.pk, at),
        held_by(people, organisation.pk, at),
    )


def _people(scope: Scope, organisation: Organisation, at: datetime) -> dict[UUID, _Who]:
    return _members(scoped(Membership.objects.filter(organisation=organisation), scope), at)


def _members(rows: QuerySet[Membership], at: datetime) -> dict[UUID, _Who]:
    found: dict[UUID, _Who] = {}
    for row in rows.filter(Membership.in_force(at)).select_related("person"):
        before = found.get(row.person_id)
        roles = frozenset({Role(row.role)}) | (before.roles if before is not None else frozenset())
        found[row.person_id] = _Who(row.person.name, row.person.title, roles)
    return found


def _one(
    organisation: Organisation, person: UUID, who: _Who, rows: list[Credential], at: datetime
) -> PersonStanding:
    seen = _seen(organisation, at, [person])
    replaced = {row.corrects_id for row in rows}
    current = [row for row in rows if row.pk not in replaced and not row.withdrawn]
    papers = sorted(papers_of(seen, person, who.roles, current), key=_order)
    roles = ", ".join(role_words(who.roles))
    return PersonStanding(person, who.name, who.title, roles, tuple(papers), history_of(rows, seen.zone))


def _order(paper: Paper) -> tuple[int, int, str]:
    """What stops stands first, then what is missing or not looked at, then what ends soonest."""
    weight = ("stop", "hold", "unknown", "caution", "clear").index(paper.level)
    return weight, paper.days if paper.days is not None else len(SHOWS) * max(WITHIN.values()), paper.title


def _fits(line: Line, find: str) -> bool:
    words = f"{line.name} {line.title} {line.roles} {line.paper.title} {line.paper.number}"
    return find in words.lower()


def _narrowed(paper: Paper, show: str) -> bool:
    if show in WITHIN:
        return paper.state not in (ENDED, NOT_VALID) and paper.days is not None and paper.days <= WITHIN[show]
    if show == ENDED:
        return paper.state in (ENDED, NOT_VALID)
    return not show or paper.state == show
