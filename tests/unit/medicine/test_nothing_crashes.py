"""Whatever is handed in: an answer or an `Unusable` with its field, never a crash."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openkap.commands.dose import as_dict
from openkap.commands.stream import to_json
from openkap.medicine.dosing import Order, Unusable, check
from openkap.medicine.monitoring import Baseline, Reading, watch
from openkap.medicine.monitoring import discharge as going_home
from openkap.medicine.monitoring.reading import VALUES
from openkap.medicine.protocols import Route

PAST = ("on", "at", "route", "mg", "tolerated", "same_session")
ORDER = tuple(field.name for field in fields(Order))
HOME = tuple(field.name for field in fields(going_home.GoingHome))
words = st.sampled_from(
    ["iv", "im", "esketamine", "sublingual", "actual", "ideal", "male", "trd", "2026-11-21", "2026-11-17",
     "2026-11-21T09:00:00-05:00", "2026-11-21T09:00", "9999-12-31T23:59:59-14:00", "none", "70", "0.5",
     "1e400", "1_0", "NaN", "-0", "½", "٣", ""]
)  # fmt: skip
numbers = st.one_of(
    st.integers(-5, 500),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.decimals(-1, 300, places=2),
    st.floats(),
)
plain = st.one_of(words, numbers, st.booleans(), st.none(), st.text(max_size=8))


def rows(keys: tuple[str, ...], nested: st.SearchStrategy[Any] = plain) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys), st.one_of(plain, nested), max_size=12)


histories = st.lists(st.one_of(rows(PAST), plain), max_size=4)


@given(rows(ORDER, histories), st.sampled_from(list(Route)))
def test_an_order_is_answered_or_refused(row: dict[str, Any], route: Route) -> None:
    for case in (row, {"route": route, "weight_kg": 70, "mg": 56} | row):
        try:
            answer = as_dict(check(Order.read(case)))
        except Unusable as unusable:
            assert unusable.field
            continue
        assert json.loads(to_json(answer))["verdict"] in ("clear", "caution", "unknown", "hold", "stop")


kept = rows(("minute", "sbp", "dbp", "hr", "spo2"))


@given(rows((*HOME, "vitals"), st.one_of(kept, st.lists(kept, max_size=3))), st.sampled_from(list(Route)))
def test_going_home_is_answered_or_refused(row: dict[str, Any], route: Route) -> None:
    try:
        ready = going_home.check(going_home.GoingHome.read({"route": route} | row))
    except Unusable as unusable:
        assert unusable.field
        return
    assert ready.level in ("clear", "hold")


@given(st.lists(rows((*VALUES, "t_seconds", "on_oxygen", "distressed", "symptoms", "at")), max_size=8))
def test_a_recording_is_played_or_refused(table: list[dict[str, Any]]) -> None:
    readings = []
    for place, row in enumerate(table):
        try:
            readings.append(Reading.read({"t_seconds": Decimal(place * 20)} | row))
        except Unusable as unusable:
            assert unusable.field
    try:
        said = list(watch(readings, "iv", Baseline(Decimal(120), Decimal(70))))
    except Unusable as unusable:
        assert unusable.field == "t_seconds"
        return
    assert all(json.loads(to_json(line.as_json())) for line in said)
