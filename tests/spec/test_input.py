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
    case = clean()
    if line["field"] == "vitals.pressure":
        sbp, dbp = map(int, json.loads(line["value"]).split("/"))
        case["vitals"][0] |= {"sbp": sbp, "dbp": dbp}
        _told(case, line, "sbp" if sbp not in range(50, 301) else "dbp")
        return
    *place, key = line["field"].split(".")
    group = case[place[0]] if place else case
    (group[0] if isinstance(group, list) else group)[key] = json.loads(line["value"])
    _told(case, line, key)


def _told(case: dict[str, Any], line: Line, key: str) -> None:
    if line["told"] == "accepted":
        read_case(case)
        return
    with pytest.raises(Unusable) as refused:
        read_case(case)
    assert line["told"] in str(refused.value)
    assert key in refused.value.field or refused.value.field.startswith("vitals[0].")
