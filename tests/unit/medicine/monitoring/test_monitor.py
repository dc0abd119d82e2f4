"""The watch one reading at a time, as a live room uses it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openkap.medicine.inputs import Unusable
from openkap.medicine.monitoring import Baseline, Line, Monitor, Reading, watch


def reading(t: int, **values: int) -> Reading:
    return Reading(t_seconds=Decimal(t), **{name: Decimal(value) for name, value in values.items()})


def test_a_lone_reading_speaks_at_once() -> None:
    (line,) = Monitor("iv").step(reading(0, spo2=88))
    assert (line.level, line.rule, line.value) == ("red", "M-SPO2-RED", "88")


def test_a_line_has_the_keys_of_the_contract() -> None:
    monitor = Monitor("iv", Baseline.parse("128/78"))
    (line,) = monitor.step(reading(0, sbp=162, dbp=101))
    assert line.as_json() == {
        "t_seconds": 0,
        "level": "amber",
        "signal": "bp",
        "value": "162/101",
        "rule": "M-BP-AMBER",
        "because": "Blood pressure is 162/101. It is 160/100 or more.",
        "action": "Tell the prescriber. Check again in 5 minutes.",
    }


def test_time_runs_forward_and_is_known() -> None:
    monitor = Monitor("iv")
    monitor.step(reading(60, hr=70))
    with pytest.raises(Unusable, match="earlier"):
        monitor.step(reading(59, hr=70))
    with pytest.raises(Unusable, match="time"):
        monitor.step(Reading(hr=Decimal(70)))


def test_values_of_two_sensors_at_one_moment_may_come_in_two_readings() -> None:
    monitor = Monitor("iv")
    assert monitor.step(reading(0, hr=70)) == []
    assert [line.signal for line in monitor.step(reading(0, spo2=85))] == ["spo2"]


def test_a_symptom_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Unusable, match="chest_pain"):
        Monitor("iv").step(Reading(t_seconds=Decimal(0), symptoms=("hiccups",)))


def test_a_row_of_text_is_refused_and_a_blank_is_not_zero() -> None:
    assert Reading.read({"t_seconds": "5", "hr": " ", "spo2": "NaN"}).measured is False
    for row, field in [
        ({"hr": "70"}, "t_seconds"),
        ({"t_seconds": "5", "hr": "fast"}, "hr"),
        ({"t_seconds": ""}, "t_seconds"),
    ]:
        with pytest.raises(Unusable) as refused:
            Reading.read(row)
        assert refused.value.field == field


@pytest.mark.parametrize("seconds", ["1700000000", "604801", "-86401"])
def test_a_clock_that_is_days_off_is_refused(seconds: str) -> None:
    with pytest.raises(Unusable, match="too far from the start"):
        Reading.read({"t_seconds": seconds, "hr": "70"})


@pytest.mark.parametrize("symptoms", [1, "hiccups", ["chest_pain", 3], {"chest_pain": True}])
def test_symptoms_are_known_words(symptoms: object) -> None:
    with pytest.raises(Unusable):
        Reading.read({"t_seconds": 0, "symptoms": symptoms})
    assert Reading.read({"t_seconds": 0, "symptoms": "seizure; chest_pain"}).symptoms == (
        "chest_pain",
        "seizure",
    )


@pytest.mark.parametrize("text", ["128", "78/128", "a/b", "128/0", ""])
def test_a_baseline_is_a_pressure(text: str) -> None:
    with pytest.raises(Unusable):
        Baseline.parse(text)


def test_days_apart_is_still_a_recording() -> None:
    said = list(watch([reading(0, hr=70), reading(600_000, hr=70)], "im"))
    summary = said.pop()
    assert all(isinstance(line, Line) and line.level == "due" for line in said)
    assert summary.as_json()["summary"]["gaps"] == [[0, 600_000]]  # type: ignore[union-attr]
