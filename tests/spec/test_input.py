"""A case that cannot be used is told by its field and one sentence."""

from __future__ import annotations

import json

import pytest

from openkap.medicine.inputs import Unusable
from openkap.medicine.screening import read_case
from tests.spec.cases import clean
from tests.spec.tables import Line, lines


@pytest.mark.parametrize("line", lines("input"), ids=str)
def test_what_cannot_be_used_is_told(line: Line) -> None:
    case = clean()
    *place, key = line["field"].split(".")
    group = case[place[0]] if place else case
    (group[0] if isinstance(group, list) else group)[key] = json.loads(line["value"])
    with pytest.raises(Unusable) as refused:
        read_case(case)
    assert line["told"] in str(refused.value)
    assert key in refused.value.field or refused.value.field.startswith("vitals[0].")
