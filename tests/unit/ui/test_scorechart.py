"""Scores over time: what is missing is never drawn as if it were there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from openkap.ui import kit_pictures
from openkap.ui.scorechart import NARROW, SPARK, WIDE, Event, Point, Rule, ScoreChart, draw

CHART = kit_pictures.phq9()
START = date(2027, 2, 17)


def chart(*values: float | None) -> ScoreChart:
    points = tuple(Point(START + timedelta(days=30 * i), value) for i, value in enumerate(values))
    return ScoreChart(points, 0, 27)


@pytest.mark.parametrize("width", [WIDE, NARROW, SPARK])
def test_every_point_lies_in_the_plot(width: int) -> None:
    picture = draw(CHART, width)
    assert all(picture.left <= dot.x <= picture.right for dot in picture.dots)
    assert all(picture.top <= dot.y <= picture.bottom for dot in picture.dots)


def test_higher_scores_stand_higher() -> None:
    high, low = draw(chart(20, 5)).dots
    assert high.y < low.y


def test_a_missing_answer_is_bridged_by_dots_only() -> None:
    picture = draw(chart(19, None, 9, 8))
    assert len(picture.solid) == 1
    assert len(picture.dotted) == 1
    assert [dot.kind for dot in picture.dots] == ["answer", "unanswered", "answer", "answer"]


def test_missing_at_the_ends_draws_nothing() -> None:
    picture = draw(chart(None, 12, 11, None))
    assert picture.dotted == ()
    assert len(picture.solid) == 1


def test_two_missing_in_a_row_are_one_bridge() -> None:
    assert len(draw(chart(19, None, None, 9)).dotted) == 1


def test_the_band_of_chance_lies_between_worse_and_better() -> None:
    picture = draw(CHART)
    rules = {rule.kind: rule.y for rule in picture.rules if rule.kind != "goal"}
    assert picture.between is not None
    assert picture.between.y == rules["worse"]
    assert picture.between.y + picture.between.height == pytest.approx(rules["better"], abs=0.1)


def test_better_lies_on_the_other_side_where_more_is_better() -> None:
    rules = (Rule(40, "better", "better"),)
    more = replace(chart(20, 44), high=60, rules=rules, lower_is_better=False)
    picture = draw(more)
    assert picture.better is not None
    assert picture.better.y == picture.top


def test_rule_words_do_not_touch() -> None:
    close = replace(CHART, rules=tuple(Rule(10 + i / 10, f"{i}") for i in range(5)))
    places = sorted(rule.words_y for rule in draw(close).rules)
    assert all(b - a >= 16.9 for a, b in pairwise(places))


def test_a_rule_outside_the_instrument_is_not_drawn() -> None:
    assert draw(replace(CHART, rules=(Rule(33, "worse", "worse"),))).rules == ()


def test_the_words_for_all_doses_stand_once() -> None:
    texts = [event.text for event in draw(CHART).events if event.text]
    assert texts == ["6 doses", "Booster", "10 sessions"]


def test_one_answer_and_none() -> None:
    assert len(draw(chart(12)).dots) == 1
    assert draw(chart(12)).solid == ()
    assert draw(ScoreChart((), 0, 27)).dots == ()


def test_few_weeks_are_marked_by_days() -> None:
    short = replace(chart(19, 12), events=(Event(START),))
    assert all(month.days for month in draw(short).months)
    assert not any(month.days for month in draw(CHART).months)


def test_hatching_stays_in_its_band() -> None:
    picture = draw(CHART)
    assert picture.between is not None
    ends = [float(pair.split()[1]) for pair in picture.hatch.replace("L", "M").split("M") if pair]
    assert all(picture.between.y - 0.1 <= y <= picture.between.y + picture.between.height + 0.1 for y in ends)
