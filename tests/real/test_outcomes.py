"""Outcomes of real groups: every figure must be the one that was worked out without us."""

from __future__ import annotations

import csv
import statistics
from typing import Any

import pytest

from openkap.medicine.instruments.jacobson import Norm, category, cutoffs, reliable_points, sdiff, sem
from openkap.medicine.outcomes.effect import mean_against_nought, paired
from openkap.medicine.outcomes.mixed import line_over_time
from openkap.medicine.outcomes.survival import kaplan_meier, log_rank
from tests.real.data import read_json, real
from tests.unit.commands.answers import openkap


def rows(name: str) -> list[dict[str, str]]:
    with real("outcomes", name).open(newline="") as file:
        return list(csv.DictReader(file))


def claus(column: str) -> list[tuple[float, float]]:
    """First and last scores of whoever has both."""
    people: dict[str, dict[str, str]] = {}
    for row in rows("claus2020_bdi_hamd_who5.csv"):
        people.setdefault(row["id"], {})[row["time"]] = row[column]
    both = [(p.get("1", ""), p.get("4", "")) for p in people.values()]
    return [(float(a), float(b)) for a, b in both if a not in ("", "NA") and b not in ("", "NA")]


def counted(pairs: list[tuple[float, float]], reliability: float, well: Norm) -> tuple[dict[str, int], Any]:
    before = [pre for pre, _ in pairs]
    ill = Norm(statistics.mean(before), statistics.stdev(before))
    points, cut = reliable_points(sdiff(ill.sd, reliability)), cutoffs(ill, well)["c"]
    found = [category(pre, post, points, cut) for pre, post in pairs]
    names = ("recovered", "improved", "unchanged", "deteriorated", "harmed")
    return {name: found.count(name) for name in names}, (ill, points, cut)


def test_inpatients_from_end_to_end_on_the_hamd() -> None:
    pairs = claus("hamd")
    found, (ill, points, cut) = counted(pairs, 0.80, Norm(8, 8))
    assert len(pairs) == 40
    assert (ill.sd, sem(ill.sd, 0.8), sdiff(ill.sd, 0.8)) == pytest.approx(
        (3.34012, 1.49375, 2.11248), abs=1e-4
    )
    assert (points, cut) == pytest.approx((4.1405, 19.8870), abs=1e-4)
    assert list(found.values()) == [26, 3, 10, 1, 0]
    assert sum((pre - post) / pre >= 0.5 for pre, post in pairs) == 16


def test_inpatients_from_end_to_end_on_the_bdi() -> None:
    found, (ill, points, cut) = counted(claus("bdi"), 0.801, Norm(7.69, 7.52))
    assert (sdiff(ill.sd, 0.801), points, cut) == pytest.approx((5.14706, 10.0882, 21.0166), abs=1e-4)
    assert list(found.values()) == [10, 8, 22, 0, 0]


def test_the_same_by_the_command() -> None:
    lines = "\n".join(f"bdi2,{pre:g},{post:g}" for pre, post in claus("bdi"))
    norms = ["--ill-mean", "35.475", "--ill-sd", "8.1586", "--well-mean", "7.69", "--well-sd", "7.52"]
    answered = openkap(
        "outcomes", "--reliability", "0.801", *norms, given="instrument,pre,post\n" + lines + "\nbdi2,30,\n"
    )
    [out] = answered.objects
    assert out["categories"] == {"recovered": 10, "improved": 8, "unchanged": 22}
    assert (out["followed"]["count"], out["followed"]["of"]) == (40, 41)
    assert out["effect"]["dz"] == pytest.approx(0.8847, abs=1e-4)


@pytest.mark.parametrize(
    ("column", "figures", "effects", "t"),
    [
        (
            "bdi",
            (35.475, 8.1586, 25.700, 13.3497, 0.5633, 9.775, 11.0488),
            {"dz": 0.8847, "drm": 0.8268, "dav": 0.9089, "glass": 1.1981, "j": 0.98065, "g": 0.8108},
            (5.5954, 6.2414, 13.3086),
        ),
        (
            "hamd",
            (24.850, 3.3401, 14.975, 7.7111, 0.1631, 9.875, 7.8876),
            {"dz": 1.2520, "drm": 1.6197, "dav": 1.7871, "glass": 2.9565},
            (7.9181, None, None),
        ),
    ],
)
def test_one_change_and_its_many_effect_sizes(
    column: str, figures: tuple[float, ...], effects: dict[str, float], t: tuple[float | None, ...]
) -> None:
    pairs = claus(column)
    found = paired([pre for pre, _ in pairs], [post for _, post in pairs])
    told = (found.mean_before, found.sd_before, found.mean_after, found.sd_after)
    assert (*told, found.r, found.difference, found.sd_difference) == pytest.approx(figures, abs=1e-4)
    assert {name: getattr(found, name) for name in effects} == pytest.approx(effects, abs=1e-4)
    test = mean_against_nought(found.n, found.difference, found.sd_difference)
    assert test.df == 39 and test.t == pytest.approx(t[0], abs=1e-4)
    if t[1] is not None:
        assert (test.low, test.high) == pytest.approx(t[1:], abs=1e-4)


KNOWN_CURVES = [
    ("lung.csv", "time", "status", "2", "sex", {"1": 270, "2": 426}),
    ("veteran.csv", "time", "status", "1", "trt", {"1": 103, "2": 52.5}),
    ("aml.csv", "time", "cens", "1", "group", {"1": 31, "2": 23}),
    ("lifelines_waltons_dataset.csv", "T", "E", "1", "group", {"control": 58, "miR-137": 26}),
]


@pytest.mark.parametrize(("file", "time", "event", "yes", "group", "medians"), KNOWN_CURVES)
def test_known_curves(
    file: str, time: str, event: str, yes: str, group: str, medians: dict[str, float]
) -> None:
    known = read_json("outcomes", "known_answers.json")[file]
    people = [(float(r[time]), r[event] == yes, r[group]) for r in rows(file)]
    for name, median in medians.items():
        own = [(t, e) for t, e, g in people if g == name]
        assert kaplan_meier([t for t, _ in own], [e for _, e in own]).median == median
    test = log_rank(*(list(column) for column in zip(*people, strict=True)))  # type: ignore[arg-type]
    assert test.chi_square == pytest.approx(known["logrank_chisq"], rel=1e-3)


def test_people_who_slept_little() -> None:
    found = line_over_time(
        [(r["Subject"], float(r["Days"]), float(r["Reaction"])) for r in rows("sleepstudy.csv")]
    )
    assert (found.readings, found.people) == (180, 18)
    fixed = (found.intercept, found.intercept_error, found.slope, found.slope_error)
    assert fixed == pytest.approx((251.405, 6.825, 10.467, 1.546), abs=1e-3)
    assert (found.sd_intercept, found.sd_slope) == pytest.approx((24.741, 5.922), abs=1e-2)
    assert found.r == pytest.approx(0.066, abs=1e-3)
    assert found.residual_variance**0.5 == pytest.approx(25.592, abs=1e-3)
    assert found.minus_two_log_likelihood == pytest.approx(1743.628, abs=1e-3)


def test_inpatients_over_four_times() -> None:
    kept = [r for r in rows("claus2020_bdi_hamd_who5.csv") if r["hamd"] not in ("", "NA")]
    found = line_over_time(
        [(r["id"], float(r["time"]) - 1, float(r["hamd"])) for r in kept], own_slopes=False
    )
    assert found.readings == 164
    fixed = (found.intercept, found.intercept_error, found.slope, found.slope_error)
    assert fixed == pytest.approx((23.3050, 0.8356, -3.2107, 0.2912), abs=1e-4)
    assert found.residual_variance == pytest.approx(17.2264, abs=1e-2)
