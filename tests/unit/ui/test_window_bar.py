"""The window countdown: half-open, words that follow the clock, and a square that stays on its bar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from openkap.ui.window import WIDTH, Window, draw

ENDED = datetime(2027, 3, 9, 16, 0, tzinfo=UTC)


def window(hours: float, session: float | None = None) -> Window:
    held = None if session is None else ENDED + timedelta(hours=session)
    return Window(
        ENDED, ENDED + timedelta(hours=24), ENDED + timedelta(hours=72), ENDED + timedelta(hours=hours), held
    )


@pytest.mark.parametrize(
    ("hours", "phase"),
    [(0, "before"), (23.9, "before"), (24, "open"), (71.9, "open"), (72, "after"), (90, "after")],
)
def test_phases_are_half_open(hours: float, phase: str) -> None:
    assert window(hours).phase == phase


def test_hours_left_count_down_to_none() -> None:
    assert [window(hours).hours_left for hours in (26, 71.5, 72, 100)] == [46, 0, 0, 0]


@pytest.mark.parametrize(
    ("session", "unmet"), [(None, True), (12, True), (24, False), (47, False), (72, True)]
)
def test_it_is_unmet_when_no_session_lay_inside(session: float | None, unmet: bool) -> None:
    assert window(80, session).unmet is unmet


def test_an_open_window_is_never_called_unmet() -> None:
    assert not window(30).unmet


def test_the_parts_stand_where_time_puts_them() -> None:
    bar = draw(window(36, 48))
    assert bar.open_x == pytest.approx(WIDTH / 3, abs=0.1)
    assert bar.open_x + bar.open_width == pytest.approx(WIDTH, abs=0.1)
    assert bar.gone == WIDTH / 2
    assert bar.session_x == pytest.approx(WIDTH * 2 / 3 - 11, abs=0.1)


@pytest.mark.parametrize("session", [-5, 0, 72, 200])
def test_the_square_never_leaves_its_bar(session: float) -> None:
    place = draw(window(200, session)).session_x
    assert place is not None
    assert 0 <= place <= WIDTH - 22


def test_time_gone_is_never_more_than_the_bar() -> None:
    assert [draw(window(hours)).gone for hours in (-1, 0, 500)] == [0, 0, WIDTH]
