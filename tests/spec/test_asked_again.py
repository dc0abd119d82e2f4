"""Every line of the tables on consent that is asked for again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openkap.medicine.consent.again import Held, dose_class, reasons
from tests.spec.tables import Line, lines


@pytest.mark.parametrize("line", lines("agreed"), ids=str)
def test_it_is_asked_again_as_the_table_says(line: Line) -> None:
    if line.rule == "C-DOSE-CLASS":
        assert dose_class(line["given by"], Decimal(line["mg"]) if line["mg"] else None) == line["class"]
        return
    held = Held(
        signed_route=line["signed for"],
        route=line["given by"],
        on=date.fromisoformat(line["signed on"]),
        today=date.fromisoformat(line["today"]),
        same_document=line["document"] == "same",
        newest=line["version"] == "newest",
        signed_class=line["class then"],
        dose_class=line["class now"],
    )
    assert ", ".join(reasons(held)) == line["asked again for"]
