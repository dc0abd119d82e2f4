"""The sums that every picture shares."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.ui.geometry import Scale, kept_apart, path, pushed_apart, steps


def test_scale_is_a_straight_line_and_does_not_clamp() -> None:
    scale = Scale(0, 10, 100, 200)
    assert [scale(value) for value in (0, 5, 10, 12)] == [100, 150, 200, 220]


def test_scale_of_one_value_stands_in_the_middle() -> None:
    assert Scale(7, 7, 100, 200)(7) == 150


@pytest.mark.parametrize(
    ("low", "high", "step", "found"),
    [(60, 176, 40, [80, 120, 160]), (0, 27, 5, [0, 5, 10, 15, 20, 25]), (80, 80, 40, [80]), (81, 82, 40, [])],
)
def test_steps_are_the_multiples_inside(low: float, high: float, step: float, found: list[float]) -> None:
    assert steps(low, high, step) == found


@given(st.lists(st.floats(0, 400), max_size=12))
def test_pushed_apart_keeps_order_and_room(places: list[float]) -> None:
    moved = pushed_apart(places, 17, 0, 400)
    assert len(moved) == len(places)
    assert all(b - a >= 17 - 0.2 for a, b in pairwise(sorted(moved)))
    assert all(
        (a <= b) == (moved[i] <= moved[j])
        for i, a in enumerate(places)
        for j, b in enumerate(places)
        if a != b
    )


def test_pushed_apart_leaves_what_has_room() -> None:
    assert pushed_apart([100, 50, 200], 17, 0, 400) == [100, 50, 200]


def test_kept_apart_lets_the_earlier_win() -> None:
    assert kept_apart([0, 10, 40, 45, 90], 34) == [True, False, True, False, True]


def test_path_writes_points_without_trailing_zeros() -> None:
    assert path([(1.0, 2.5), (30.2, 4.0)]) == "1,2.5 30.2,4"
