"""Rates on a scale of percent, and a hundred people who are a hundred."""

from __future__ import annotations

import pytest

from openkap.ui.intervals import WIDTH, Measure, Rate, draw, marks, top_of
from openkap.ui.people import Part, hundred


def measure(*highs: float) -> tuple[Measure, ...]:
    return (Measure("Response", "", tuple(Rate("a", high / 2, 0, high) for high in highs)),)


@pytest.mark.parametrize(
    ("highs", "top"), [((), 20), ((3,), 20), ((20,), 20), ((20.1,), 40), ((64.5,), 80), ((100,), 100)]
)
def test_the_scale_ends_at_the_next_twenty(highs: tuple[float, ...], top: int) -> None:
    assert top_of(measure(*highs)) == top


def test_a_rate_stands_inside_its_interval_and_the_interval_inside_the_picture() -> None:
    bar = draw(Rate("Larkmoor", 53.8, 42.9, 64.5), 80)
    assert 0 < bar.low < bar.x < bar.low + bar.width < WIDTH


def test_an_interval_that_reaches_zero_or_a_hundred_stays_inside() -> None:
    bar = draw(Rate("few", 50, 0, 100), 100)
    assert (bar.low, bar.low + bar.width) == (8, WIDTH - 8)


def test_marks_are_the_twenties_from_end_to_end() -> None:
    assert [value for _, value in marks(80)] == [0, 20, 40, 60, 80]
    assert [place for place, _ in marks(80)][0::4] == [8, WIDTH - 8]


def test_a_hundred_people_each_have_a_place() -> None:
    people = hundred((Part(54, "better", "full"), Part(38, "between", "hollow"), Part(8, "worse", "cross")))
    assert len({(one.x, one.y) for one in people}) == 100
    assert [sum(one.kind == kind for one in people) for kind in ("full", "hollow", "cross")] == [54, 38, 8]


def test_people_who_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="the parts are 99 people"):
        hundred((Part(99, "better", "full"),))
