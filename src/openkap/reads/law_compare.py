"""Two sets of one practice beside one another: what reads otherwise now, by whom and why.

Decided here: the set before is the one that held until the last change began to hold. A number counts as
otherwise where its value is, not where only its status is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from openkap.medicine.protocols.route_set import reading
from openkap.medicine.rules import RuleSet
from openkap.permits import Scope
from openkap.reads.rules import RouteShown, RuleShown, number_words, route_shown
from openkap.records.facts.law import SECONDED, SIGNED, Changed, law_of

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One number that reads otherwise, with the change that made it so."""

    rule: str
    title: str
    number: str
    was: str
    now: str
    reason: str
    who: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """The names of both sets, when the older one ended, and every number that differs."""

    before: str
    now: str
    until: datetime | None
    lines: tuple[Otherwise, ...]


def compared(organisation: UUID, at: datetime, until: datetime | None = None) -> Compared:
    """The set of now beside that of `until`, absent: of just before the last change. Two queries at most."""
    law = law_of(organisation)
    held = [(since, one) for one in law.changes if (since := one.holds_from) is not None and since <= at]
    last = max((since for since, _one in held), default=None)
    moment = until or (last - MOMENT if last is not None else None)
    now = law.at(at)
    if moment is None:
        return Compared(now.name, now.name, None, ())
    before = law.at(moment)
    later = {one.row.rule: (since, one) for since, one in sorted(held, key=lambda p: p[0]) if since > moment}
    lines = [line for rule, pair in sorted(later.items()) for line in _lines(rule, pair, before, now)]
    return Compared(before.name, now.name, until or last, tuple(lines))


def _lines(id: str, pair: tuple[datetime, Changed], before: RuleSet, now: RuleSet) -> list[Otherwise]:
    (since, one), was, rule = pair, before.rule(id), now.rule(id)
    return [
        Otherwise(
            id,
            rule.title,
            number_words(name),
            reading(was.numbers[name]),
            reading(number),
            one.row.reason,
            _names(one),
            since,
        )
        for name, number in rule.numbers.items()
        if number.value != was.numbers[name].value
    ]


def _names(one: Changed) -> str:
    """Who signed it, and who signed second."""
    return ", ".join(one.acts[act].by_name for act in (SIGNED, SECONDED) if act in one.acts)


@dataclass(frozen=True, slots=True)
class Printed:
    """A route's whole set for paper: each rule with who approved it and when, blank where nobody has."""

    route: RouteShown
    name: str
    sections: tuple[tuple[str, tuple[tuple[RuleShown, str, datetime | None], ...]], ...]


def printed(scope: Scope, organisation: UUID, route: str, at: datetime) -> Printed:
    """Three queries. Raises ValueError for no route."""
    shown, law = route_shown(scope, organisation, route, at), law_of(organisation)
    own = {
        one.row.rule: (_names(one), since)
        for since, one in sorted(
            ((one.holds_from, one) for one in law.changes if one.holds_from), key=lambda pair: pair[0]
        )
        if since <= at
    }
    row = shown.signed.row if shown.signed.stands else None
    whole: tuple[str, datetime | None] = (row.by_name, row.at) if row is not None else ("", None)
    sections = tuple(
        (part.title, tuple((rule, *own.get(rule.id, whole)) for rule in part.rules))
        for part in shown.sections
        if part.rules
    )
    return Printed(shown, law.at(at).name, sections)
