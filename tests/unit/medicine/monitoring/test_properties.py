"""What must hold for every recording, whatever its values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openkap.medicine.monitoring import Baseline, Line, Monitor, Reading, Sign, watch

BASE = Baseline(Decimal(126), Decimal(78))
LOUD = (Sign.AMBER, Sign.RED)
spacings = st.sampled_from([1, 5, 20, 60, 300])
# Where the worse end lies: lower oxygen and breaths, higher pressure and heart rate.
normal = st.fixed_dictionaries(
    {
        "spo2": st.integers(70, 100),
        "rr": st.integers(3, 20),
        "hr": st.integers(60, 150),
        "sbp": st.integers(120, 230),
        "dbp": st.integers(70, 110),
    }
)
worse = st.fixed_dictionaries(
    {
        "spo2": st.integers(-30, 0),
        "rr": st.integers(-2, 0),
        "hr": st.integers(0, 60),
        "sbp": st.integers(0, 40),
        "dbp": st.integers(0, 9),
    }
)
impossible = st.sampled_from([-1, 0, 127, 255, 999, 32767, 65535])


def recording(rows: list[dict[str, int]], gap: int) -> list[Reading]:
    return [
        Reading(t_seconds=Decimal(n * gap), **{name: Decimal(value) for name, value in row.items()})
        for n, row in enumerate(rows)
    ]


def lines(readings: list[Reading]) -> list[Line]:
    return [said for said in watch(readings, "iv", BASE) if isinstance(said, Line)]


def loudest(said: list[Line], signal: str, until: Decimal) -> int:
    levels = [s.level.weight for s in said if s.signal == signal and s.level in LOUD and s.t_seconds <= until]
    return max(levels, default=0)


@given(st.lists(st.tuples(normal, worse), min_size=1, max_size=40), spacings)
def test_worse_vitals_are_never_called_calmer(
    pairs: list[tuple[dict[str, int], dict[str, int]]], gap: int
) -> None:
    before = recording([row for row, _ in pairs], gap)
    after = recording([{k: row[k] + change[k] for k in row} for row, change in pairs], gap)
    calm, hard = lines(before), lines(after)
    for signal in ("spo2", "rr", "hr", "bp"):
        for reading in before:
            assert reading.t_seconds is not None
            assert loudest(hard, signal, reading.t_seconds) >= loudest(calm, signal, reading.t_seconds)


@given(st.lists(normal, min_size=1, max_size=40), spacings, st.randoms())
def test_the_order_of_the_input_never_matters(rows: list[dict[str, int]], gap: int, chance: Any) -> None:
    readings = recording(rows, gap)
    shuffled = list(readings)
    chance.shuffle(shuffled)
    assert list(watch(shuffled, "iv", BASE)) == list(watch(readings, "iv", BASE))


@given(
    st.lists(st.sampled_from(["hr", "spo2", "sbp", "dbp", "map", "none"]), max_size=40), impossible, spacings
)
def test_zeros_and_sentinels_never_alarm(broken: list[str], value: int, gap: int) -> None:
    well = {"hr": 70, "spo2": 98, "sbp": 120, "dbp": 78, "map": 92, "rr": 14}
    rows = [
        well | ({} if name == "none" or not _cannot_be(name, value) else {name: value}) for name in broken
    ]
    assert [said for said in lines(recording(rows, gap)) if said.level in LOUD] == []


def _cannot_be(name: str, value: int) -> bool:
    """127 and 255 are real heart rates and pressures; as a diastolic they are above this systolic."""
    return value not in (127, 255) or name in ("spo2", "dbp", "map")


@given(st.integers(70, 89), st.integers(1, 60), spacings)
def test_missing_values_never_end_a_prompt(low: int, blanks: int, gap: int) -> None:
    rows = [{"spo2": low, "hr": 70}] * 20 + [{"hr": 70}] * blanks
    said = [line for line in lines(recording(rows, gap)) if line.signal == "spo2"]
    assert [line.level for line in said] == [Sign.RED]


@given(st.lists(normal, min_size=1, max_size=60), spacings)
def test_one_signal_never_has_two_prompts_open(rows: list[dict[str, int]], gap: int) -> None:
    open_now: dict[str, Sign | None] = {}
    for said in lines(recording(rows, gap)):
        if said.level is Sign.AMBER:
            assert open_now.get(said.signal) is None
        if said.level is Sign.RESOLVED:
            assert open_now.get(said.signal) is not None
            open_now[said.signal] = None
        elif said.level in LOUD:
            open_now[said.signal] = said.level


@given(st.lists(normal, min_size=1, max_size=60), spacings)
def test_lines_come_in_time_order_and_the_summary_counts_them(rows: list[dict[str, int]], gap: int) -> None:
    readings = recording(rows, gap)
    said = lines(readings)
    assert [line.t_seconds for line in said] == sorted(line.t_seconds for line in said)
    monitor = Monitor("iv", BASE)
    stepped = [line for reading in readings for line in monitor.step(reading)]
    summary = monitor.finish()
    assert summary.readings == len(readings)
    assert summary.red == sum(line.level is Sign.RED for line in stepped)
