"""The licenses and certificates of a demonstration's invented people, looked at as the practice would.

Decided here: who has what follows their roles, by the same rows that ask for it; every number is invented and
says so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from openkap.medicine.standing import kinds
from openkap.permits import Actor, Role
from openkap.records.facts.standing import today_in
from openkap.records.models import Organisation, Person
from openkap.steps.standing import look_at_credential, write_credential

# Invented: how long each of them still holds when the practice is founded.
HOLDS = {"license": 900, "dea": 1000, "acls": 720, "bls": 700, "kap_training": 1400}
GIVEN_BY = {
    "license": "State board",
    "dea": "DEA",
    "acls": "Training center",
    "bls": "Training center",
    "kap_training": "A school of therapy",
}
STATE, WHERE = "Oregon", "Looked up for the demonstration; all of it is invented"


def have_papers(
    by: Actor, person: Person, organisation: Organisation, roles: Collection[Role], *, at: datetime
) -> None:
    """Everything that is asked of these roles, each with a look."""
    today = today_in(organisation, at)
    for rule in kinds():
        kind = rule.words["kind"]
        if not set(rule.words["asked_of"]) & {role.value for role in roles}:
            continue
        row = write_credential(
            by=by,
            at=at,
            organisation=organisation,
            person=person,
            kind=kind,
            number=f"{kind[:3].upper()}-{person.family_name[:3].upper()}-000"
            if kind != "kap_training"
            else "",
            state=STATE if kind == "license" else "",
            body=GIVEN_BY[kind],
            expires_on=today + timedelta(days=HOLDS[kind]),
        )
        look_at_credential(by=by, at=at, credential=row, valid=True, where=WHERE)
