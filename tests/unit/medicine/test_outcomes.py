"""Outcomes by the textbook, and groups made so that they must print what was published of them."""

from __future__ import annotations

import pytest

from openkap.medicine.instruments.jacobson import Norm, cutoffs, sdiff, sem
from openkap.medicine.outcomes.effect import between, paired_from, paired_from_difference
from openkap.medicine.outcomes.survival import kaplan_meier, log_rank
from tests.unit.commands.answers import openkap

GEHAN = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def seen(text: str) -> tuple[list[float], list[bool]]:
    """Times as the papers print them: a plus is not seen to the end."""
    return [float(t.rstrip("+")) for t in text.split()], [not t.endswith("+") for t in text.split()]


def test_the_textbook_of_jacobson_and_truax() -> None:
    assert sem(7.5, 0.8) == pytest.approx(3.3541, abs=1e-4)
    assert sdiff(7.5, 0.8) == pytest.approx(4.7434, abs=1e-4)
    assert (47.5 - 32.5) / sdiff(7.5, 0.8) == pytest.approx(3.1623, abs=1e-4)
    assert cutoffs(Norm(40, 7.5), Norm(60, 7.5), lower_is_better=False) == {"a": 55, "b": 45, "c": 50}


@pytest.mark.parametrize(("reliability", "error"), [(0.88, 5.7934), (0.80, 7.4792)])
def test_the_couples_of_jacobson(reliability: float, error: float) -> None:
    """Thirty couples, spread before 11.826 as printed: the error lies where that rounding lets it."""
    assert sdiff(11.8255, reliability) - 1e-4 <= error <= sdiff(11.8265, reliability) + 1e-4


def test_the_textbook_of_borenstein() -> None:
    found = paired_from_difference(50, 3, 5.5, 0.7)
    assert (found.pooled_sd, found.d, found.variance) == pytest.approx((7.1005, 0.4225, 0.0131), abs=1e-4)
    assert (found.j, found.g, found.variance_g) == pytest.approx((0.9846, 0.4160, 0.0127), abs=1e-4)
    other = between((50, 103, 5.5), (50, 100, 4.5))
    assert (other.pooled_sd, other.d, other.variance) == pytest.approx((5.0249, 0.5970, 0.0418), abs=1e-4)
    assert (other.g, other.variance_g) == pytest.approx((0.5924, 0.0411), abs=1e-4)


def test_the_children_of_gehan() -> None:
    curve = kaplan_meier(*seen(GEHAN))
    survival = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    errors = (0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346)
    assert {step.time: step.survival for step in curve.steps} == pytest.approx(survival, abs=1e-4)
    assert [step.error for step in curve.steps] == pytest.approx(errors, abs=1e-4)
    assert (curve.steps[-1].low, curve.steps[-1].high) == pytest.approx((0.1880, 0.6801), abs=1e-4)
    assert curve.median == 23
    assert kaplan_meier(*seen(PLACEBO)).median == 8
    times, events = (a + b for a, b in zip(seen(GEHAN), seen(PLACEBO), strict=True))
    test = log_rank(times, events, ["6-MP"] * 21 + ["placebo"] * 21)
    assert (test.chi_square, test.df) == (pytest.approx(16.793, abs=1e-3), 1)
    assert test.p == pytest.approx(4.17e-5, rel=1e-2)


def test_a_curve_that_lies_flat_on_one_half() -> None:
    """Eight responders: the median always falls on an exact half. One library says 20, R says 16."""
    curve = kaplan_meier(*seen("4 7 10 12 20 24+ 24+ 24+"))
    assert (curve.at(8), curve.at(12), curve.events) == (0.75, pytest.approx(0.5), 5)
    assert (curve.median, curve.flat_until) == (16, 20)
    never = kaplan_meier(*seen("4 7 10 12 24+ 24+ 24+ 24+"))
    assert (never.median, never.flat_until) == (18, 24)
    assert kaplan_meier(*seen("4 24+ 24+")).median is None


# People, those who fell by half, those in remission, those worse, and what the study printed.
PRINTED = [
    ("McInnes 2022", 537, 288, 155, 45, ("53.6", "28.9", "8.4"), ((49.4, 57.8), (25.2, 32.8), (6.3, 11.0))),
    ("Wilkinson 2018", 44, 20, 12, 0, ("45.5", "27.3", "0.0"), ((31.7, 59.9), (16.3, 41.8), None)),
    ("Murrough 2013", 24, 17, 0, 0, ("70.8", "0.0", "0.0"), ((50.8, 85.1), None, None)),
    ("Hull 2022", 1247, 783, 0, 0, ("62.8", "0.0", "0.0"), ((60.1, 65.4), None, None)),
]


@pytest.mark.parametrize(
    ("study", "n", "responded", "remitted", "worse", "percents", "intervals"),
    PRINTED,
    ids=lambda v: str(v)[:14],
)
def test_a_made_group_prints_the_published_percentages(
    study: str,
    n: int,
    responded: int,
    remitted: int,
    worse: int,
    percents: tuple[str, ...],
    intervals: tuple[tuple[float, float] | None, ...],
) -> None:
    people = [(18, 4)] * remitted + [(18, 9)] * (responded - remitted) + [(14, 20)] * worse
    people += [(18, 15)] * (n - len(people))
    given = "pre,post\n" + "\n".join(f"{pre},{post}" for pre, post in people) + "\n"
    [out] = openkap("outcomes", "--instrument", "phq9", given=given).objects
    told = (out["response"], out["remission"], out["worse"]["clinically_significant"])
    assert tuple(f"{each['percent']:.1f}" for each in told) == percents
    for each, wanted in zip(told, intervals, strict=True):
        assert wanted is None or (each["low"], each["high"]) == wanted


def test_what_cannot_be_worked_out_is_refused() -> None:
    with pytest.raises(ValueError, match="no spread"):
        paired_from(10, (20, 5), (15, 5), 1.0)
    with pytest.raises(ValueError, match="from 0 on"):
        kaplan_meier([-1, 2], [True, False])
    with pytest.raises(ValueError, match="two groups"):
        log_rank([1, 2], [True, True], ["a", "a"])
    assert kaplan_meier([1, 2], [False, False]).median is None


def test_a_row_that_cannot_be_used_stops_no_other() -> None:
    answered = openkap("outcomes", "--instrument", "phq9", given="pre,post\n18,8\n40,8\n,3\n20,\n")
    bad, blank, out = answered.objects
    assert answered.status == 1
    assert (bad["field"], bad["row"], blank["field"], blank["row"]) == ("pre", 2, "pre", 3)
    assert (out["followed"]["count"], out["followed"]["of"], out["response"]["count"]) == (1, 2, 1)
    refused = openkap("outcomes", given="instrument,pre,post\nphq9,18,8\ngad7,9,3\n")
    assert (refused.status, refused.out) == (2, "")
    assert "one instrument" in refused.err


def test_how_long_it_lasted_by_the_command() -> None:
    rows = [(t.rstrip("+"), int(not t.endswith("+")), "6-MP") for t in GEHAN.split()]
    rows += [(t, 1, "placebo") for t in PLACEBO.split()]
    given = "time,event,group\n" + "\n".join(",".join(map(str, row)) for row in rows)
    [out] = openkap("outcomes", "--lasting", given=given).objects
    assert (out["curves"]["6-MP"]["median"], out["curves"]["placebo"]["median"]) == (23, 8)
    assert out["compared"]["chi_square"] == pytest.approx(16.793, abs=1e-3)
    told = openkap("outcomes", "--lasting", "--explain", given=given).out
    assert "6-MP: 21 people, 9 events, median 23" in told
    assert out["curves"]["placebo"]["steps"][-1]["error"] is None, "no number, and JSON has no other word"
    for given in ("time,event,group\n5,0,a\n6,0,b\n", "time,event,group\n5,1,a\n5,1,b\n"):
        [out] = openkap("outcomes", "--lasting", given=given).objects
        assert out["compared"] is None, "no event tells them apart"
