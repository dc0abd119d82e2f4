"""`openkap change`: a response that holds or is lost, the five categories, and what cannot be used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.commands.answers import openkap

NORMS = {"ill": {"mean": 24.85, "sd": 3.34012}, "well": {"mean": 8, "sd": 8}}


def said(**case: Any) -> dict[str, Any]:
    [out] = openkap("change", given=json.dumps({"instrument": "phq9", **case})).objects
    return out


@pytest.mark.parametrize(
    ("totals", "apart", "responded", "sustained", "lost"),
    [
        ([20, 9, 8, 8], 7, 1, 2, None),
        ([20, 9, 8, 8], 15, 1, None, None),
        ([20, 9, 12, 8], 7, 1, None, None),
        ([20, 9, 8, 12, 13], 7, 1, 2, 3),
        ([20, 9, 12, 8, 15, 16], 7, 1, None, 4),
        ([20, 18, 19], 7, None, None, None),
        ([20, 10], 7, 1, None, None),
    ],
)
def test_a_response_holds_at_two_in_a_row_and_is_lost_at_two_in_a_row(
    totals: list[int], apart: int, responded: int | None, sustained: int | None, lost: int | None
) -> None:
    """Assessments are fourteen days apart; the figures name which of them, the baseline being 0."""
    days = ["2026-01-01", "2026-01-15", "2026-01-29", "2026-02-12", "2026-02-26", "2026-03-12"]
    series = [{"on": on, "total": total} for on, total in zip(days, totals, strict=False)]
    out = said(series=series[::-1], days_apart=apart)
    wanted = [None if place is None else days[place] for place in (responded, sustained, lost)]
    assert [out["responded_on"], out["sustained_on"], out["lost_on"]] == wanted
    assert (out["assessments"], out["last_on"]) == (len(totals), days[len(totals) - 1])


@pytest.mark.parametrize(
    ("pre", "post", "strict", "category"),
    [
        (25, 15, False, "recovered"),
        (27, 21, False, "improved"),
        (25, 22, False, "unchanged"),
        (21, 26, False, "deteriorated"),
        (12, 25, False, "harmed"),
        (12, 4, False, "recovered"),
        (12, 4, True, "improved"),
    ],
)
def test_the_five_categories(pre: int, post: int, strict: bool, category: str) -> None:
    out = said(pre=pre, post=post, reliability=0.8, norms=NORMS, ill_at_first=strict)
    assert (out["jt"]["category"], out["jt"]["cutoff"]) == (category, 19.887)
    assert ("jt_rci" in out["fired"]) is (category != "unchanged")


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"series": [{"on": "2026-01-01", "total": 20}], "days_apart": 7}, "series"),
        ({"series": "long", "days_apart": 7}, "series"),
        ({"series": [{"on": "soon", "total": 20}], "days_apart": 7}, "series.on"),
        ({"series": [{"on": "2026-01-01", "total": 20}]}, "days_apart"),
        ({"pre": 18, "post": 8, "norms": {"ill": {"mean": 20, "sd": 0}}}, "norms.ill"),
        ({"pre": 18, "post": 8, "norms": 5}, "norms.ill"),
        ({"pre": 18.5, "post": 8}, "pre"),
        ({"pre": 18, "post": 8, "ill_at_first": "yes"}, "ill_at_first"),
    ],
)
def test_what_cannot_be_used_is_named(case: dict[str, Any], field: str) -> None:
    assert said(**case)["field"] == field


def test_a_total_that_is_no_whole_number_is_compared_where_the_form_gives_one() -> None:
    out = said(instrument="peg", pre=7.3333, post=4)
    assert (out["points"], out["fired"]) == (-3.3333, ["mid", "customary_30"])
    ends = said(instrument="madrs", pre=35, post=12)["ends"]
    assert {end["rule"]: end["reached"] for end in ends} == {
        "remission_ketect": False,
        "remission_esketamine": True,
    }


def test_it_is_told_in_words() -> None:
    case = {"instrument": "phq9", "pre": 25, "post": 4, "reliability": 0.8, "norms": NORMS}
    told = openkap("change", "--explain", given=json.dumps(case)).out
    assert "nhs_recovery: yes" in told and "Jacobson and Truax: recovered (cut-off 19.887)" in told
    course = {"instrument": "phq9", "days_apart": 7}
    course["series"] = [{"on": "2026-01-01", "total": 20}, {"on": "2026-01-15", "total": 9}]
    told = openkap("change", "--explain", given=json.dumps(course)).out
    assert "first response: 2026-01-15" in told and "lost at two in a row: no" in told
