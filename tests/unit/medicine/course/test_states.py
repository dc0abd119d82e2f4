"""The state tables are whole, and the page in the manual is drawn from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from openkap.medicine.course import COURSE, SESSION, Refusal, Table, allowed, course_after, session_after
from openkap.medicine.course.diagram import mermaid, page

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "states.md"
TABLES = [COURSE, SESSION]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_state_is_named_reached_and_owned(table: Table) -> None:
    reached = {table.start} | {after for verbs in table.moves.values() for after in verbs.values()}
    assert set(table.words) == set(table.moves) == reached
    assert set(table.owner) == set(table.words) - set(table.ended)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_verb_is_worded_and_used(table: Table) -> None:
    assert {verb for verbs in table.moves.values() for verb in verbs} == set(table.does)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_state_can_come_to_an_end(table: Table) -> None:
    ends = set(table.ended)
    while more := {s for s, verbs in table.moves.items() if s not in ends and ends & set(verbs.values())}:
        ends |= more
    assert ends == set(table.words)


def test_a_dose_goes_its_way() -> None:
    state = "planned"
    for verb in ("arrive", "make_ready", "start", "pause", "resume", "end_dose", "go_home"):
        after = session_after(state, verb)
        assert after is not None
        state = after
    assert state == "done"
    assert session_after("planned", "start") == "under_way"


def test_a_course_goes_its_way() -> None:
    state = "evaluation"
    for verb in ("wait", "look_again", "accept", "begin_doses", "end_doses", "follow", "finish"):
        after = course_after(state, verb)
        assert after is not None
        state = after
    assert state == "done"


def test_a_refusal_says_what_is_so_and_what_can_be_done() -> None:
    refusal = allowed(SESSION, "planned", "go_home")
    assert isinstance(refusal, Refusal)
    assert not refusal
    assert str(refusal).startswith("Not now. This session is planned and not started. What can be done: ")
    assert session_after("planned", "end_dose") is None
    assert "What can be done" not in str(allowed(SESSION, "done", "start"))


def test_an_unknown_word_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        allowed(SESSION, "asleep", "start")
    with pytest.raises(KeyError):
        allowed(SESSION, "planned", "begin")


def test_the_page_is_drawn_from_the_tables() -> None:
    assert PAGE.read_text("utf-8") == page()
    assert "under_way --> recovering: end the dose" in mermaid(SESSION)
