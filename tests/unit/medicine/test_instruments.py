"""Scores: what is refused, what alerts with what went before, and the words that people read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.medicine.instruments import (
    BadAnswer,
    UnknownInstrument,
    change,
    instrument,
    instrument_ids,
    score,
    score_entered,
    text,
)
from openkap.medicine.instruments.alerts import UNANSWERED
from openkap.medicine.instruments.instrument import Answer
from openkap.medicine.instruments.loinc import is_loinc
from openkap.medicine.instruments.reading import read_instrument
from openkap.medicine.rules import Unsound, library_folder, read_document

PHQ9 = instrument("phq9")
NOTHING = {str(item): 0 for item in range(1, 10)}


@pytest.mark.parametrize(
    ("id", "answers", "field", "reason"),
    [
        ("phq9", {"1": 4}, "1", "takes 0 to 3"),
        ("phq9", {"1": -1}, "1", "takes 0 to 3"),
        ("phq9", {"1": "2"}, "1", "not a whole number"),
        ("phq9", {"1": 1.5}, "1", "not a whole number"),
        ("phq9", {"1": True}, "1", "not yes or no"),
        ("phq9", {"11": 1}, "11", "no item '11'"),
        ("pcl5", {"20": 5}, "20", "takes 0 to 4"),
        ("cssrs_recent", {"4": 2}, "4", "takes yes or no"),
        ("cssrs_recent", {"4": "maybe"}, "4", "takes yes or no"),
        ("cssrs_recent", {"4": {}}, "4", "no value and no code"),
        ("audit", {"9": 3}, "9", "takes 0, 2, 4"),
        ("madrs_s", {"1": 1.3}, "1", "in steps of 0.5"),
        ("phq9", {"1": float("nan")}, "1", "not a whole number"),
    ],
)
def test_an_answer_the_form_cannot_hold_is_refused(
    id: str, answers: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(BadAnswer, match=reason) as refused:
        score(instrument(id), answers)
    assert refused.value.field == field


def test_an_unknown_instrument_names_those_there_are() -> None:
    with pytest.raises(UnknownInstrument, match="phq9"):
        instrument("phq-9")
    with pytest.raises(UnknownInstrument):
        instrument("../phq9")
    with pytest.raises(UnknownInstrument, match="no text pack"):
        text("phq9", "xx")


YES = (True, 1, 1.0, "yes", "Y", "true", "LA33-6", "373066001", {"valueCoding": {"code": "LA33-6"}})
SAFETY = [(id, item) for id in instrument_ids() for item in instrument(id).safety]


@pytest.mark.parametrize(("id", "item"), SAFETY)
def test_a_worrying_answer_alerts_in_whatever_shape_it_comes(id: str, item: str) -> None:
    """The trap of a reference app: its forms sent codes, its rules read booleans, and "yes" was lost."""
    form = instrument(id)
    question = form.questions[item]
    worst = int(question.maximum)
    scaled = (worst, float(worst), Decimal(worst), {"valueInteger": worst}, {"value": worst})
    for shape in YES if question.yes_no else scaled:
        assert [a for a in score(form, {item: shape}).alerts if a.rule != UNANSWERED], shape
    calm = {True: (False, 0, "no", "LA32-8", {"valueBoolean": False}), False: (0, 0.0, {"valueInteger": 0})}
    for shape in calm[question.yes_no]:
        assert not [a for a in score(form, {item: shape}).alerts if a.rule != UNANSWERED], shape
    for strange in ("perhaps", {"valueCoding": {"display": "Yes"}}, {"valueCoding": {"code": "LA0-0"}}):
        with pytest.raises(BadAnswer) as refused:
            score(form, {item: strange})
        assert refused.value.field == item
    if id == "phq9":
        assert score(form, {item: "LA6570-1"}).alerts == score(form, {item: 2}).alerts


def test_the_safety_items_of_the_dossier_are_all_there() -> None:
    assert {("phq9", "9"), ("qids_sr16", "12"), ("madrs", "10"), ("bdi2", "9")} < set(SAFETY)
    assert {id for id, _ in SAFETY} >= {"cssrs_recent", "cssrs_slc", "asq"}


@pytest.mark.parametrize(("id", "item"), [pair for pair in SAFETY if instrument(pair[0]).sums])
def test_a_total_without_its_safety_item_is_none_typed_in_or_not(id: str, item: str) -> None:
    form = instrument(id)
    given: dict[str, Answer] = {i: form.questions[i].minimum for i in form.items if i != item}
    assert score(form, given).total is None
    typed = score_entered(form, 2)
    assert (typed.total, [a.rule for a in typed.alerts]) == (None, [UNANSWERED])
    assert score_entered(form, 2, items={item: 0}).total == 2


@pytest.mark.parametrize(
    ("id", "total", "subtotals", "field"),
    [
        ("moca", 31, {}, "total"),
        ("moca", True, {}, "total"),
        ("ybocs", 12, {"obsessions": 21}, "obsessions"),
        ("ybocs", 12, {"worry": 2}, "worry"),
        ("cssrs_recent", 2, {}, "total"),
        ("poms", 1000, {}, "total"),
        ("phq9", 12.5, {}, "total"),
        ("who5", 50.5, {}, "total"),
        ("ybocs", 12, {"obsessions": 6.5}, "obsessions"),
    ],
)
def test_a_total_typed_in_is_one_that_the_form_can_come_to(
    id: str, total: float, subtotals: dict[str, int], field: str
) -> None:
    with pytest.raises(BadAnswer) as refused:
        score_entered(instrument(id), total, subtotals)
    assert refused.value.field == field


def test_a_total_typed_in_has_its_band_its_flags_and_its_subtotals() -> None:
    typed = score_entered(instrument("ybocs"), 24, {"obsessions": 13, "compulsions": 11})
    assert (typed.band, typed.entered, dict(typed.subscales)) == (
        "severe",
        True,
        {"obsessions": 13, "compulsions": 11},
    )
    assert score_entered(instrument("dudit"), 3, context={"sex": "female"}).flags["positive"] is True


def test_every_code_is_marked_and_no_known_mistake_is_made() -> None:
    """Public code swaps these: a panel for a score, one form's total for another's."""
    totals = {id: instrument(id).codes.total for id in instrument_ids() if instrument(id).codes.total}
    assert len(set(totals.values())) == len(totals)
    assert totals["gad7"] == "70274-6" and totals["audit"] == "75624-7" and totals["auditc"] == "75626-2"
    assert instrument("asq").codes.panel == "" and instrument("gad2").codes.total == ""
    assert not instrument("dast10").codes.verified("82667-7") and instrument("phq9").codes.verified("44261-6")
    assert not is_loinc("70273-5") and is_loinc("70273-8") and not is_loinc("LA6570-1")


def test_yes_and_no_may_also_be_written_as_one_and_nought() -> None:
    form = instrument("cssrs_recent")
    given_ = {"1": True, "2": True, "3": False, "4": True, "5": False, "6_lifetime": False}
    assert score(form, given_) == score(form, {item: int(answer) for item, answer in given_.items()})


@pytest.mark.parametrize(
    ("answers", "context", "alerts"),
    [
        ({"9": 2}, {"on_site_for_dosing": True}, [("L3", "phq9-item9")]),
        ({"9": 1}, {"on_site_for_dosing": True}, [("L2", "phq9-item9")]),
        ({"9": 2}, {"previous_answers": {"9": 1}}, [("L2", "phq9-item9-rise"), ("L2", "phq9-item9")]),
        ({"9": 1}, {"previous_answers": {"9": 1}}, [("L2", "phq9-item9")]),
        ({"1": 3, "2": 2}, {"previous_total": 0}, [("L1", "phq9-worse")]),
        ({"1": 3, "2": 1}, {"previous_total": 0}, []),
        ({"1": 3, "2": 2}, {"previous_total": 4, "baseline_total": 0}, [("L1", "phq9-worse")]),
        (dict.fromkeys("1234567", 3), {"baseline_total": 10}, [("L2", "phq9-worse")]),
    ],
)
def test_alerts_know_what_went_before(
    answers: dict[str, int], context: dict[str, Any], alerts: list[tuple[str, str]]
) -> None:
    found = score(PHQ9, NOTHING | answers, context).alerts
    assert [(alert.level, alert.rule) for alert in found] == alerts


def test_an_alert_says_what_was_answered() -> None:
    [alert] = score(PHQ9, NOTHING | {"9": 2}).alerts
    assert "was answered 2 of 3" in alert.because
    [high] = score(instrument("cssrs_slc"), {"1": 0, "2": 0, "6": 1}).alerts
    assert "yes to item 6" in high.because


@given(st.dictionaries(st.sampled_from(list(NOTHING)), st.integers(0, 3) | st.none()))
def test_any_phq9_either_has_a_total_or_says_what_is_missing(answers: dict[str, int | None]) -> None:
    scored = score(PHQ9, answers)
    assert (scored.total is None) == (len(scored.missing) > 2 or "9" in scored.missing)
    assert (scored.band is None) == (scored.total is None)
    assert scored.prorated == (scored.total is not None and bool(scored.missing))
    assert ("safety-item-unanswered" in {a.rule for a in scored.alerts}) == ("9" in scored.missing)
    assert score(PHQ9, dict(reversed(answers.items()))) == scored


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9), st.integers(0, 8))
def test_a_worse_answer_never_gives_a_calmer_score(answers: list[int], item: int) -> None:
    worse = [*answers[:item], min(answers[item] + 1, 3), *answers[item + 1 :]]
    before, after = (score(PHQ9, dict(zip(NOTHING, row, strict=True))) for row in (answers, worse))
    assert before.total is not None
    assert after.total is not None
    assert before.total <= after.total
    assert len(before.alerts) <= len(after.alerts)


@given(st.lists(st.booleans(), min_size=7, max_size=7), st.integers(0, 6))
def test_a_yes_never_lowers_the_tier(answers: list[bool], item: int) -> None:
    form = instrument("cssrs_recent")
    order = ("none", "low", "moderate", "high")
    rows = [answers, [*answers[:item], True, *answers[item + 1 :]]]
    bands = [score(form, dict(zip(form.items, row, strict=True))).band for row in rows]
    assert order.index(str(bands[0])) <= order.index(str(bands[1]))


def test_the_zero_of_the_gad7_is_not_at_all() -> None:
    """Many copies print "not at all sure"."""
    assert text("gad7").options["1"][0].label == "Not at all"


@pytest.mark.parametrize(
    ("pre", "post", "sd", "reliability", "field"),
    [
        (28, 8, None, None, "pre"),
        (18, -1, None, None, "post"),
        (True, 8, None, None, "pre"),
        (18, 8, 0, 0.8, "sd"),
        (18, 8, -1.0, 0.8, "sd"),
        (18, 8, 5.8, 1.0, "reliability"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    pre: int, post: int, sd: float | None, reliability: float | None, field: str
) -> None:
    with pytest.raises(BadAnswer) as refused:
        change(PHQ9, pre, post, sd, reliability)
    assert refused.value.field == field


def test_what_has_no_total_has_no_change() -> None:
    with pytest.raises(BadAnswer, match="no total"):
        change(instrument("cssrs_recent"), 0, 0)


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ("from = 5, to = 9", "from = 6, to = 9", "gap or an overlap after minimal"),
        ("from = 20, to = 27", "from = 20, to = 26", "do not cover the whole total"),
        ('safety = ["9"]', 'safety = ["19"]', "item '19' is not on the form"),
        ('level = "L2"', 'level = "L9"', "level must be L1, L2 or L3"),
        ("points = 5", "points = 5\npercent = 5", "needs points or percent"),
        ('sources = ["Q3", "Q1"]', "sources = []", "items: no source"),
        ('direction = "lower_is_better"', "", "direction is missing"),
    ],
)
def test_an_unsound_instrument_is_refused(was: str, becomes: str, reason: str) -> None:
    sound = library_folder().joinpath("instruments", "phq9.toml").read_text("utf-8")
    assert was in sound
    with pytest.raises(Unsound, match=reason):
        read_instrument(read_document("instruments/phq9.toml", sound.replace(was, becomes, 1)))


def test_a_tier_of_a_form_with_open_questions_is_told_as_such() -> None:
    form = instrument("cssrs_recent")
    earned = score(form, {"1": True, "2": False, "6_lifetime": True}).alerts[0]
    assert earned.rule == "cssrs_recent-moderate"
    assert earned.because.endswith("Not every question was answered, so it may be higher.")
    whole = score(form, {"1": True, "2": False, "6_lifetime": True, "6_3months": False}).alerts[0]
    assert "may be higher" not in whole.because
