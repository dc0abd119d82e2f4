"""What the practices of a demonstration decided about themselves: a rule set otherwise, one that waits, a
colleague who was asked.

Decided here: what is set changes nothing about a course of the demonstration, so that it is there to be
looked at; one change waits for the second name that a visitor can give.
"""

from __future__ import annotations

from decimal import Decimal

from openkap.demonstration.house import House
from openkap.permits import Role
from openkap.records.models import EvaluationRequest
from openkap.steps.cast import CLINIC
from openkap.steps.requests import contact_request
from openkap.steps.rule_changes import sign_change
from openkap.steps.staff import invite_staff


def governed(house: House) -> None:
    """The director of the clinic, its administrator and its desk, some months and some days ago."""
    director, clinic = house.by("osric", CLINIC), house.places[CLINIC]
    sign_change(
        by=director, at=house.clock(95, 10), organisation=clinic, rule="D-REPEAT-WAIT",
        values={"im_soft": Decimal(20)},
        reason="After two people who were slow to come back. We wait longer before a second injection.",
    )  # fmt: skip
    sign_change(
        by=director, at=house.clock(1, 16), organisation=clinic, rule="C-PDMP",
        values={"days": Decimal(120)},
        reason="The state asks for a look every four months in a course that is stable.",
    )  # fmt: skip
    invite_staff(
        by=house.by("priya", CLINIC), at=house.clock(2, 11), organisation=clinic, name="Benedikt Osei",
        email="benedikt@example.org", roles=[Role.MONITOR.value],
    )  # fmt: skip
    asked = EvaluationRequest.objects.filter(organisation=clinic, given_name="Juno").get()
    contact_request(
        by=house.by("odette", CLINIC), at=house.now, request=asked,
        words="Called, no answer. Tries again after five, as she asked.",
    )  # fmt: skip
