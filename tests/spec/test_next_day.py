"""Every line of the tables of the call on the day after a dose."""

from __future__ import annotations

from datetime import datetime

import pytest

from openkap.medicine.course.next_day import call_again, call_due, findings, gives_up, questions, unanswered
from openkap.medicine.monitoring.instructions import instructions
from openkap.medicine.protocols.routes import Route
from openkap.medicine.sources import resolve
from tests.spec.tables import Line, lines

ANSWERS = {"yes": True, "no": False}
ASKED = [line for line in lines("next_day") if line.rule != "N-CALL"]
WHEN = [line for line in lines("next_day") if line.rule == "N-CALL"]


@pytest.mark.parametrize("line", ASKED, ids=str)
def test_what_an_answer_comes_to(line: Line) -> None:
    said = {line.rule: ANSWERS[line["answer"]]} if line["answer"] in ANSWERS else {}
    found = [finding for finding in findings(said) if finding.rule == line.rule]
    assert bool(found) == (line["found"] == "yes")
    assert (found[0].alert if found else "") == line["needs someone"]


@pytest.mark.parametrize("line", WHEN, ids=str)
def test_when_someone_calls(line: Line) -> None:
    tries = int(line["tries"])
    due = call_due(datetime.fromisoformat(line["dose ended"]))
    for _try in range(tries):
        due = call_again(due)
    assert gives_up(tries) == (line["a prescriber is told"] == "yes")
    if line["next call"]:
        assert due == datetime.fromisoformat(line["next call"])


def test_every_question_of_the_call_has_a_table() -> None:
    assert {asked.key for asked in questions()} == {line.rule for line in ASKED}


def test_a_call_is_not_done_until_everything_was_asked() -> None:
    everything = {asked.key: False for asked in questions()}
    assert unanswered(everything) == ()
    assert [asked.key for asked in unanswered({**everything, "N-MIND": None})] == ["N-MIND"]  # type: ignore[dict-item]


def test_the_most_urgent_finding_comes_first() -> None:
    said = dict.fromkeys((asked.key for asked in questions()), True)
    assert [f.alert for f in findings(said)] == ["L3", "L3", "L2", "L2", "L1"]


@pytest.mark.parametrize("route", list(Route))
def test_every_route_has_going_home_words_with_sources(route: Route) -> None:
    for asked, given in (("en", "en"), ("es", "es"), ("de", "en")):
        text = instructions(route.value, asked)
        assert text.language == given and text.parts
        assert all(resolve(key).text for key in text.sources)


def test_a_route_without_words_is_an_error() -> None:
    with pytest.raises(KeyError):
        instructions("unheard_of")
