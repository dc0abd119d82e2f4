"""A case that cannot be used is told by its field and one sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openkap.medicine.inputs import Unusable
from openkap.medicine.screening import read_case
from tests.spec.cases import clean
from tests.spec.tables import Line, lines


@pytest.mark.parametrize("line", lines("input"), ids=str)
def test_what_cannot_be_used_is_told(line: Line) -> None:
    case, key = clean(), line["field"].rpartition(".")[2]
    if line["field"] == "vitals.pressure":
        sbp, dbp = map(int, json.loads(line["value"]).split("/"))
        case["vitals"][0] |= {"sbp": sbp, "dbp": dbp}
    else:
        *place, key = line["field"].split(".")
        group = case[place[0]] if place else case
        (group[0] if isinstance(group, list) else group)[key] = json.loads(line["value"])
    field, told = _told(case)
    assert line["told"] in told
    assert not field or key in field or field.startswith("vitals[0].")


def _told(case: dict[str, Any]) -> tuple[str, str]:
    """The field at fault and the sentence; no field and "accepted" where the case can be used."""
    try:
        read_case(case)
    except Unusable as refused:
        return refused.field, str(refused)
    return "", "accepted"
