"""The course ribbon: order, true time, what is behind, and labels that never touch."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.ui import kit_pictures
from openkap.ui.ribbon import MIDDLE, WIDE, Band, Course, Mark, Stage, bars, draw, overlaps, progress

AT = datetime(2027, 3, 9, 10, 52, tzinfo=ZoneInfo("America/New_York"))


def dosing(*marks: Mark, bands: tuple[Band, ...] = (), state: str = "now") -> Course:
    return Course((Stage("Dosing and integration", state, marks, bands),), AT)  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [WIDE, MIDDLE])
def test_stages_stand_left_to_right_without_touching(width: int) -> None:
    tracks = draw(kit_pictures.course(), width).stages
    assert tracks[0].name == "Evaluation"
    assert all(a.x + a.width < b.x for a, b in pairwise(tracks))
    assert tracks[-1].x + tracks[-1].width <= width


def test_true_time_within_a_stage() -> None:
    days = [Mark(AT + timedelta(days=d), "dose") for d in (0, 3, 7)]
    first, second, third = (mark.x for mark in draw(dosing(*days)).marks)
    assert (third - first) / (second - first) == pytest.approx(7 / 3, rel=0.01)


def test_a_window_runs_from_its_opening_to_its_close() -> None:
    dose = Mark(AT, "dose", "done")
    late = Mark(AT + timedelta(days=6), "dose")
    opens, closes = AT + timedelta(hours=24), AT + timedelta(hours=72)
    picture = draw(dosing(dose, late, bands=(Band(opens, closes, "fixed"),)))
    a, b = (mark.x for mark in picture.marks)
    band = picture.bands[0]
    assert band.x == pytest.approx(a + (b - a) / 6, abs=0.2)
    assert band.x + band.width == pytest.approx(a + (b - a) / 2, abs=0.2)


def test_what_is_behind_ends_at_today() -> None:
    picture = draw(kit_pictures.course())
    evaluation, preparation, doses, after = picture.stages
    assert (evaluation.past, preparation.past) == (evaluation.width, preparation.width)
    today = next(mark for mark in picture.marks if mark.today)
    assert doses.x + doses.past == pytest.approx(today.x, abs=3)
    assert after.past == 0


def test_today_is_ringed_in_the_clinics_own_day() -> None:
    just_before_midnight = AT.replace(hour=23, minute=59)
    ours = dosing(Mark(just_before_midnight.astimezone(ZoneInfo("UTC")), "dose"))
    assert draw(ours).marks[0].shape == "ring"


def test_a_line_marks_today_where_no_visit_is() -> None:
    course = dosing(Mark(AT - timedelta(days=4), "dose", "done"), Mark(AT + timedelta(days=4), "dose"))
    first, second = (mark.x for mark in draw(course).marks)
    now_x = draw(course).now_x
    assert now_x is not None
    assert first < now_x < second


def test_sessions_between_doses_carry_no_date_of_their_own() -> None:
    picture = draw(dosing(Mark(AT, "dose"), Mark(AT + timedelta(days=2), "session")))
    assert [mark.when is None for mark in picture.marks] == [False, True]


@given(st.integers(0, 40), st.integers(1, 9), st.sampled_from([WIDE, MIDDLE]))
def test_labels_never_touch(count: int, days: int, width: int) -> None:
    marks = [Mark(AT + timedelta(days=days * i), "dose", "planned", f"Dose {i + 1}") for i in range(count)]
    picture = draw(dosing(*marks), width)
    assert len(picture.marks) == count
    assert not overlaps(picture.marks)


def test_the_label_of_today_is_never_the_one_that_gives_way() -> None:
    today = next(mark for mark in draw(kit_pictures.long_course(), MIDDLE).marks if mark.today)
    assert (today.label, today.when is not None) == ("Dose 17", True)


@pytest.mark.parametrize(
    ("state", "done", "share"),
    [("done", 0, 1.0), ("planned", 2, 0.0), ("now", 0, 0.0), ("now", 3, 0.5), ("now", 6, 1.0)],
)
def test_progress_counts_doses(state: str, done: int, share: float) -> None:
    doses = [Mark(AT, "dose", "done" if i < done else "planned") for i in range(6)]
    session = Mark(AT, "session", "done")
    assert progress(Stage("Dosing", state, (*doses, session))) == share  # type: ignore[arg-type]


def test_four_bars_fill_the_phone() -> None:
    found = bars(kit_pictures.course())
    assert len(found) == 4
    assert found[-1].x + found[-1].width == pytest.approx(100, abs=0.05)
    assert found[2].width == max(bar.width for bar in found)
    assert all(0 <= bar.full <= bar.width for bar in found)


def test_a_course_with_nothing_in_it_still_has_its_places() -> None:
    picture = draw(kit_pictures.empty_course())
    assert (len(picture.stages), picture.marks, picture.bands) == (4, (), ())
