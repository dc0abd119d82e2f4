"""Every rule as it holds in one practice: its numbers, what sources say, who stands behind it, what waits.

Decided here: a rule is approved where a number of it was signed on its own, or where every route it speaks to
is signed; a route that is not signed is named. One that is fixed says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.disagreements import settings
from openkap.medicine.inputs import plain
from openkap.medicine.protocols.protocol import rows as protocol_rows
from openkap.medicine.protocols.route_set import SPACING, numbers_of, reading, speaks
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule, RuleSet, library
from openkap.medicine.settable import why_not
from openkap.medicine.verdict import Status
from openkap.permits import Scope
from openkap.reads.law_beside import FORM, TEXT, form_rows, text_rows
from openkap.reads.law_row import (
    AREAS,
    NO_ROUTE,
    PARTS,
    ChangeShown,
    Numbered,
    RuleRow,
)
from openkap.reads.rules import (
    STANDS,
    SURE,
    RouteShown,
    action_words,
    cited,
    number_words,
    routes_of,
    sources_words,
)
from openkap.records.facts.law import Changed, Law, law_of

# What stands open where nothing waits.
FIRST = "who"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to narrow the desk to; blank is everything, of `part`: where something waits."""

    part: str = ""
    route: str = ""
    state: str = ""
    q: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The rules of the part that is open and fit, how many fit in each part, and what waits."""

    name: str
    part: str
    rows: tuple[RuleRow, ...]
    counts: dict[str, int]
    total: int
    changed: int
    unsigned: tuple[RouteShown, ...]
    waiting: tuple[RuleRow, ...]

    def chosen(self, id: str) -> RuleRow | None:
        """The row that was asked for, else what waits for a name, else the first that can be set."""
        known = {row.id: row for row in (*self.waiting, *self.rows)}
        if id in known:
            return known[id]
        first = [row for row in self.rows if row.open] or [row for row in self.rows if row.can_change]
        return next(iter(first or self.rows), None)


def desk(scope: Scope, organisation: UUID, at: datetime, wanted: Wanted) -> Desk:
    """Every rule as it holds at `at`, and what stands beside them. Six queries."""
    law = law_of(organisation)
    ruleset, routes = law.at(at), routes_of(scope, organisation, at)
    asked = tuple(route for route in routes if wanted.route in ("", route.route))
    rows = [row_of(rule, law, ruleset, asked, at) for rule in _all(ruleset)]
    rows += [*form_rows(), *text_rows(organisation)]
    fits = [row for row in rows if _fits(row, wanted)]
    counts = {key: sum(row.part == key for row in fits) for key in PARTS}
    part = wanted.part or next((row.part for row in fits if row.open), FIRST)
    if part in PARTS:
        part = next((row.part for row in rows if row.id == wanted.rule), part)
    return Desk(
        ruleset.name,
        part,
        tuple(row for row in fits if part not in PARTS or row.part == part),
        counts,
        len(rows),
        sum(row.changed for row in rows),
        tuple(route for route in routes if not route.signed.stands),
        tuple(row for row in rows if row.open),
    )


def one_rule(scope: Scope, organisation: UUID, at: datetime, id: str) -> RuleRow | None:
    """One row with its history; None for what is none. Five queries."""
    if id.startswith((FORM, TEXT)):
        beside = form_rows() if id.startswith(FORM) else text_rows(organisation)
        return next((row for row in beside if row.id == id), None)
    law = law_of(organisation)
    ruleset = law.at(at)
    found = next((rule for rule in _all(ruleset) if rule.id == id), None)
    return row_of(found, law, ruleset, routes_of(scope, organisation, at), at) if found is not None else None


def _all(ruleset: RuleSet) -> Iterable[Rule]:
    ids = dict.fromkeys(rule.id for rule in ruleset)
    return (*(ruleset.rule(id) for id in ids), *protocol_rows())


def row_of(rule: Rule, law: Law, ruleset: RuleSet, routes: tuple[RouteShown, ...], at: datetime) -> RuleRow:
    part = "between" if rule.id in SPACING else AREAS.get(rule.area, "after")
    changes = tuple(_change(one, at) for one in reversed(law.changes) if one.row.rule == rule.id)
    held = next((one for one in changes if one.state == "holds"), None)
    spoken = [] if part in NO_ROUTE else [one for one in routes if speaks(rule, Route(one.route))]
    signed = next((one.signed.row for one in spoken if one.signed.stands), None)
    return RuleRow(
        id=rule.id,
        title=rule.title,
        says=action_words(rule),
        part=part,
        area=rule.area,
        numbers=tuple(_number(rule, name) for name in _bearing(rule, routes)),
        sources=sources_words(rule.sources),
        cited=cited(rule.sources),
        confidence=_(SURE[rule.confidence]),
        status=_(STANDS[rule.status]),
        fixed=rule.status is Status.FIXED,
        ranges=tuple(setting for setting in settings(ruleset) if rule.id in setting.rows),
        by=held.signed_by if held is not None else signed.by_name if signed is not None else "",
        on=held.holds_from if held is not None else signed.at if signed is not None else None,
        waits=tuple(Route(one.route).words for one in spoken if not one.signed.stands),
        changes=changes,
    )


def _bearing(rule: Rule, routes: tuple[RouteShown, ...]) -> tuple[str, ...]:
    """The names of the numbers that bear on any of these routes."""
    return tuple(name for name in rule.numbers if any(name in numbers_of(rule, one.route) for one in routes))


def _number(rule: Rule, name: str) -> Numbered:
    number = rule.numbers[name]
    first_of = rule if rule.area == "protocols" else library().rule(rule.id)
    first = first_of.numbers[name]
    careful = {
        "lower": _("Lower is more careful."),
        "higher": _("Higher is more careful."),
        "": _("Any other number takes a second name."),
    }
    return Numbered(
        name,
        number_words(name),
        plain(number.value),
        number.unit,
        reading(number),
        reading(first) if first.value != number.value else "",
        why_not(first_of, name),
        careful[number.safer],
    )


def _change(one: Changed, at: datetime) -> ChangeShown:
    says = tuple(
        _("%(name)s: from %(was)s to %(now)s %(unit)s")
        % {"name": number_words(name), "was": entry["was"], "now": entry["value"], "unit": entry["unit"]}
        for name, entry in one.row.numbers.items()
    )
    signed, second = one.acts.get("signed"), one.acts.get("seconded")
    return ChangeShown(
        one.row.id,
        says,
        one.row.reason,
        one.row.by_name,
        one.row.at,
        one.state(at),
        one.row.origin,
        one.holds_from or (signed.from_at if signed is not None else None),
        signed.by_name if signed is not None else "",
        second.by_name if second is not None else "",
    )


def history(organisation: UUID, at: datetime) -> tuple[tuple[str, str, ChangeShown], ...]:
    """Every change ever written down here, the latest first: the rule, its title, the change."""
    known = {rule.id: rule.title for rule in library()}
    changes = reversed(law_of(organisation).changes)
    return tuple((one.row.rule, known.get(one.row.rule, one.row.rule), _change(one, at)) for one in changes)


def _fits(row: RuleRow, wanted: Wanted) -> bool:
    if wanted.route and not _of_route(row, wanted.route):
        return False
    if wanted.q:
        text = " ".join([row.id, row.title, row.says, row.sources, *(n.words for n in row.numbers)]).lower()
        if not all(word in text for word in wanted.q.lower().split()):
            return False
    match wanted.state:
        case "unsigned":
            return bool(row.waits or row.open)
        case "changed":
            return row.changed or bool(row.changes)
        case "proposed":
            return row.status == _(STANDS[Status.PROPOSED])
        case "fixed":
            return row.fixed
    return True


def _of_route(row: RuleRow, route: str) -> bool:
    if row.part in NO_ROUTE:
        return False
    return speaks(library().rule(row.id), Route(route))
