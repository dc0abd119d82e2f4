"""Of the list before care: what those who order and watch must have on record before a dose is given.

Decided here: the same rows of the gate that will ask for it on the day (`R-LICENSE` and the like), asked of
everyone who could order or watch, so that nobody meets them for the first time beside a patient.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openkap.medicine.standing import Colleague, line_of
from openkap.medicine.verdict import Level
from openkap.permits import Role
from openkap.records.facts.law import rules_at
from openkap.records.facts.standing import held_by, today_in
from openkap.records.models import LicensedRole, Organisation

PARTS = {"prescriber": Role.PRESCRIBER, "monitor": Role.MONITOR}
# Who works here: name and roles by person.
Staff = Mapping[UUID, tuple[str, frozenset[Role]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of the gate for the whole staff: its id and title, the worst that it finds, and what then."""

    rule: str
    title: str
    level: Level
    says: str


def papers_asked(
    staff: Staff, organisation: Organisation, routes: Collection[str], at: datetime
) -> tuple[Asked, ...]:
    """Every row that asks for a paper, for these routes; none where nobody orders or watches. One query."""
    parts = [
        (person, name, part)
        for person, (name, roles) in staff.items()
        for part, role in PARTS.items()
        if role in roles
    ]
    held = held_by({person for person, _name, _part in parts}, organisation.id, at)
    people = [Colleague(name, part, held.get(person, ())) for person, name, part in parts]
    found = []
    for rule in rules_at(organisation.id, at).area("gate"):
        if "credentials" not in rule.words or rule.words.get("route", "") not in {"", *routes}:
            continue
        told = line_of(rule, people, today_in(organisation, at))
        if told is None:
            continue
        said = rule.words["says"][told[0]]
        words = f"{said['because']} {said.get('action', '')}".strip().format(**told[1])
        found.append(Asked(rule.id, rule.title, Level(said["level"]), words))
    return tuple(found)


def waiting_for_a_look(organisation: Organisation) -> dict[str, list[str]]:
    """Who was let in for a role and whose license nobody has looked at yet, by role. One query."""
    rows = LicensedRole.objects.filter(organisation=organisation, looked_at=None, ended_at=None)
    found: dict[str, list[str]] = {}
    for row in rows.select_related("person").order_by("made_at", "id"):
        found.setdefault(row.role, []).append(row.person.name)
    return found
