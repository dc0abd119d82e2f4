"""Every line of the table of what counts as a tolerated dose, and how much there has been so far."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openkap.medicine.dosing import Unusable
from openkap.medicine.dosing.exposure import exposure
from openkap.medicine.dosing.order import PastDose
from tests.spec.tables import Line, lines

WORDS = {"yes": True, "no": False, "not known": None}


@pytest.mark.parametrize("line", lines("tolerated"), ids=str)
def test_a_dose_was_tolerated_as_the_table_says(line: Line) -> None:
    row = {"on": "2026-11-17", "route": "iv", "mg": 35}
    for key in ("worst_grade", "pressure_back_min", "emergency_medicine"):
        cell = line[{"pressure_back_min": "pressure back"}.get(key, key.replace("_", " "))]
        row[key] = WORDS[cell] if cell in WORDS else int(cell)
    assert PastDose.read(row).tolerated is WORDS[line["tolerated"]]


def test_what_a_clinician_says_of_it_goes_before_what_it_comes_to() -> None:
    row = {"on": "2026-11-17", "route": "iv", "mg": 35, "worst_grade": 3, "tolerated": True}
    assert PastDose.read(row).tolerated is True
    with pytest.raises(Unusable):
        PastDose.read(row | {"tolerated": None, "worst_grade": "bad"})


def test_exposure_counts_days_and_adds_up_routes_as_if_into_a_vein() -> None:
    on = date(2026, 11, 21)
    given = [
        *(("2026-10-22", "iv", 35), ("2026-10-23", "im", 100), ("2026-11-21", "sublingual", 200)),
        *(("2026-11-21", "sublingual", 100), ("2026-08-24", "oral", 100), ("2025-01-01", "esketamine", 56)),
        ("2026-11-22", "iv", 35),
    ]
    found = exposure((PastDose.read({"on": d, "route": r, "mg": mg}) for d, r, mg in given), on)
    assert [(s.days, s.doses) for s in found] == [(30, 2), (90, 4), (365, 4), (None, 5)]
    assert [s.iv_mg for s in found[:2]] == [Decimal("183.00"), Decimal("238.00")]
    assert [s.esketamine_mg for s in found] == [0, 0, 0, 56]
    assert exposure((), date.min)[0].doses == 0
