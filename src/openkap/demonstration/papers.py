"""Some licenses and certificates that end, ended, or wait for a look, so that a visitor meets each.

Decided here: none of them holds a dose of the demonstration; what they say is told on the pages of the staff.
"""

from __future__ import annotations

from datetime import timedelta

from openkap.demonstration.house import PSYCHIATRY, House
from openkap.records.models import Credential
from openkap.steps.cast import CLINIC
from openkap.steps.standing import correct_credential, look_at_credential, write_credential

# Whose, where, what, how many days from today is its last day, and who of the practice looks.
ENDING = (
    ("mabel", CLINIC, "acls", 24, "osric"),
    ("roswitha", CLINIC, "bls", -12, "priya"),
    ("lowell", PSYCHIATRY, "license", 52, "cosima"),
    ("tove", PSYCHIATRY, "bls", 81, "hettie"),
)


def mixed_papers(house: House) -> None:
    """Corrected and looked at by whoever keeps the staff; one is written down by its holder, and waits."""
    today = house.clock(0, 9).date()
    for key, place, kind, days, keeper in ENDING:
        row = Credential.objects.get(
            person=house.persons[key],
            organisation=house.places[place],
            kind=kind,
            corrected_by=None,
        )
        by, at = house.by(keeper, place), house.clock(100, 9)
        again = correct_credential(
            by=by,
            at=at,
            credential=row,
            reason="Its last day was read wrong.",
            number=row.number,
            state=row.state,
            body=row.body,
            expires_on=today + timedelta(days=days),
        )
        look_at_credential(by=by, at=at, credential=again, valid=True, where="The card itself")
    write_credential(
        by=house.by("tove", PSYCHIATRY),
        at=house.clock(3, 16),
        organisation=house.places[PSYCHIATRY],
        person=house.persons["tove"],
        kind="rems_training",
        body="The program’s own course",
        issued_on=house.clock(4, 9).date(),
    )
