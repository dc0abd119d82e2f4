"""Where a practice does otherwise than the library, and where a name is missing.

Decided here: a number set on the less careful side, or where nobody says which side is careful, stands out;
a route in use is one with a dose given in the stretch. A second name is missing where a change of a rule
waits for one, and where a dose was given that nobody else had checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import library
from openkap.reads.law_row import BECOMES
from openkap.reads.oversight.lists import Asked, Line, Section
from openkap.reads.rules import number_words, routes_of
from openkap.records.facts.law import Changed, law_of
from openkap.records.models import Administration, Confirmation
from openkap.records.scoped import scoped

STANDING = ("holds", "later", "second")


def rules(asked: Asked) -> Section:
    """Numbers of one's own, changes that wait for a second name, and unsigned routes in use. Six queries."""
    titles = {rule.id: rule.title for rule in library()}
    changes = [one for one in law_of(asked.place.id).changes if one.state(asked.at) in STANDING]
    routes = routes_of(asked.scope, asked.place.id, asked.at)
    unsigned = {one.route: one.signed.says for one in routes if not one.signed.stands}
    lines = [_change(one, titles, asked.at) for one in reversed(changes)]
    lines += _in_use(asked, unsigned)
    counts = (
        _("%(n)s of %(of)s routes are not signed") % {"n": len(unsigned), "of": len(routes)},
        _("changes of rules that stand: %(n)s") % {"n": len(changes)},
    )
    return Section(
        "rules",
        _("Rules set otherwise, and names missing"),
        tuple(lines),
        counts if lines else (),
        _("Beside the library that the site came with. Why each was changed stands with the rule."),
        _("Every number is the library’s, and no dose was given by a route whose rules are not signed."),
        link="rules",
    )


def _change(one: Changed, titles: dict[str, str], at: datetime) -> Line:
    state, row = one.state(at), one.row
    moved = [
        _("%(name)s: %(now)s instead of %(was)s %(unit)s")
        % {"name": number_words(name), "now": entry["value"], "was": entry["was"], "unit": entry["unit"]}
        for name, entry in row.numbers.items()
    ]
    looser = one.asks_second
    more = (*moved[1:], _(BECOMES[state]), _("Not on the careful side") if looser else "", row.reason)
    return Line(
        row.id,
        row.at,
        f"{titles.get(row.rule, row.rule)}: {moved[0]}" if moved else titles.get(row.rule, row.rule),
        tuple(words for words in more if words),
        row.by_name,
        "stop" if state == "second" else "caution" if looser else "",
        opens=("rule", row.rule),
    )


def _in_use(asked: Asked, unsigned: dict[str, str]) -> Iterable[Line]:
    """One line for each unsigned route by which doses were given, from its first dose of the stretch."""
    if not unsigned:
        return
    given = _given(asked).filter(order__route__in=list(unsigned)).order_by("at", "id")
    found: dict[str, list[tuple[UUID, datetime]]] = {}
    for pk, at, route in given.values_list("pk", "at", "order__route"):
        found.setdefault(route, []).append((pk, at))
    for route, doses in found.items():
        yield Line(
            doses[0][0],
            doses[0][1],
            _("%(route)s: the rules as they are now are not signed, and doses were given: %(n)s")
            % {"route": Route(route).words.capitalize(), "n": len(doses)},
            (unsigned[route],),
            level="stop",
            opens=("route", route),
        )


def second(asked: Asked) -> Section:
    """Doses given that nobody else had checked. Two queries."""
    checked = Confirmation.objects.current().filter(order=OuterRef("order"))
    rows = list(
        _given(asked)
        .filter(order__booster_of=None)
        .annotate(checked=Exists(checked))
        .select_related("given_by")
        .order_by("-at", "-id")
    )
    alone = [row for row in rows if not row.checked]
    fact = _("%(n)s of %(of)s doses had a second name") % {"n": len(rows) - len(alone), "of": len(rows)}
    return Section(
        "second",
        _("Doses without a second name"),
        tuple(
            Line(
                row.id,
                row.at,
                _("Given, and checked by nobody else"),
                (),
                row.given_by.name,
                "caution",
                row.patient_id,
                ("session", str(row.session_id)),
            )
            for row in alone
        ),
        (fact,) if rows else (),
        _("A second person checks the order and what was drawn, under their own name."),
        _("Every dose had one.") if rows else _("No dose was given."),
    )


def _given(asked: Asked):  # type: ignore[no-untyped-def]
    at = asked.period
    rows = Administration.objects.current().filter(
        organisation=asked.place, at__gte=at.since, at__lt=at.until
    )
    return scoped(rows, asked.scope)
