"""`openkap score`: files of every make, one answer a line, and one clear line for what cannot be used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from openkap.commands.stream import read_rows
from tests.unit.commands.answers import openkap

NINE = {str(item): 2 for item in range(1, 10)}
ONE = json.dumps({"instrument": "phq9", "answers": NINE})


def test_one_object_gives_the_promised_shape() -> None:
    [scored] = openkap("score", given=ONE).objects
    assert scored["total"] == 18
    assert (scored["band"], scored["complete"], scored["missing"]) == ("moderately_severe", True, [])
    assert scored["flags"] == {"major_depressive_syndrome": True, "other_depressive_syndrome": False}
    assert scored["ruleset"] == "library 1"
    [alert] = scored["alerts"]
    assert alert["rule"] == "phq9-item9"
    assert {"rule", "level", "because", "action", "sources"} <= set(alert)


@pytest.mark.parametrize(
    "given",
    [
        json.dumps(json.loads(ONE), indent=2),
        f"\n{ONE}\n\n",
        f"[{ONE}]",
        json.dumps([json.loads(ONE)], indent=1),
        "\ufeff" + ONE,
        ONE.replace(": 2", ": 2.0"),
    ],
)
def test_one_object_may_be_written_in_many_ways(given: str) -> None:
    answered = openkap("score", "-", given=given)
    assert [scored["total"] for scored in answered.objects] == [18]
    assert answered.status == 0


def test_a_case_that_cannot_be_used_does_not_stop_the_others() -> None:
    rows: list[Any] = [
        {"instrument": "phq9", "answers": NINE},
        {"instrument": "nope", "answers": {}},
        {"instrument": "phq9", "answers": {"1": 9}},
        {"instrument": "phq9", "answers": {"1": "2"}},
        {"instrument": "phq9", "answers": [1, 2]},
        {"answers": NINE},
        {"instrument": "phq9", "answers": NINE, "context": 3},
        {"instrument": "phq9", "answers": NINE, "context": {"previous_total": "high"}},
        7,
        {"instrument": "phq9", "answers": NINE},
    ]
    given = "\n".join(map(json.dumps, rows[:-1])) + "\nnot json\n" + json.dumps(rows[-1])
    answered = openkap("score", given=given)
    assert answered.status == 1
    assert answered.err == ""
    told = [(row.get("row"), row.get("field")) for row in answered.objects]
    assert told == [
        (None, None),
        (2, "instrument"),
        (3, "1"),
        (4, "1"),
        (5, "answers"),
        (6, "instrument"),
        (7, "context"),
        (8, "context.previous_total"),
        (9, ""),
        (10, ""),
        (None, None),
    ]


def test_a_csv_of_another_make_is_mapped_and_its_other_columns_come_back() -> None:
    given = "id;Q1;Q2;sex\nA;3;3;f\nB;7;2;m\nC;.;;\n"
    answered = openkap(
        "score", "--instrument", "phq2", "--map", "1=Q1,2=Q2", "--missing", "7,9,.", given=given
    )
    assert answered.status == 0
    assert [scored["total"] for scored in answered.objects] == [6, None, None]
    assert [scored["row"] for scored in answered.objects] == [
        {"id": "A", "sex": "f"},
        {"id": "B", "sex": "m"},
        {"id": "C", "sex": ""},
    ]


def test_a_csv_may_name_its_instrument_in_a_column() -> None:
    given = "\ufeffinstrument,1,2\nphq2,1,2.0\nphq2,x,1\nnope,1,1\nphq2,1\n\n"
    answered = openkap("score", given=given)
    assert answered.status == 1
    assert [row.get("total") for row in answered.objects] == [3, None, None, None]
    assert [row.get("field") for row in answered.objects] == [None, "1", "instrument", ""]
    assert "2 cells, the header 3" in answered.objects[3]["error"] or "cells" in answered.objects[3]["error"]


def test_yes_and_no_in_a_csv() -> None:
    given = "1,2,3,4,5,6_lifetime,6_3months\nyes,no,,,,No,\nTRUE,true,1,0,n,y,false\n"
    answered = openkap("score", "--instrument", "cssrs_recent", given=given)
    assert [scored["band"] for scored in answered.objects] == ["low", "moderate"]


@pytest.mark.parametrize(
    ("arguments", "given", "sentence"),
    [
        (("--instrument", "phq-9"), ONE, "No instrument 'phq-9'"),
        (("--map", "1=Q1"), "1,2\n1,1\n", "no column 'Q1'"),
        (("--map", "Q1"), "1,2\n1,1\n", "item=column pairs"),
        (("--instrument", "phq9"), "a,b\n1,1\n", "no column for any item of PHQ-9"),
        ((), "1,2\n1,1\n", "no column instrument"),
        ((), "", "is empty"),
        ((), "{broken", "not readable as JSON"),
        ((), "a,a\n1,1\n", "two columns of the same name"),
        (("--bad",), ONE, "unrecognized arguments: --bad"),
        (("--rules", "missing.json"), ONE, "cannot be read"),
        (("missing.csv",), "", "missing.csv cannot be read"),
    ],
)
def test_an_unusable_file_or_option_is_one_sentence(
    arguments: tuple[str, ...], given: str, sentence: str
) -> None:
    answered = openkap("score", *arguments, given=given)
    assert (answered.status, answered.out) == (2, "")
    assert sentence in answered.err
    assert answered.err.count("\n") == 1


def test_what_is_not_text_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes("instrument,1\nphq2,é\n".encode("latin-1"))
    answered = openkap("score", str(path))
    assert (answered.status, answered.err) == (2, f"{path} is not UTF-8 text.\n")


def test_explained_for_people() -> None:
    answered = openkap("score", "--explain", given=ONE)
    assert "PHQ-9: total 18, moderately severe" in answered.out
    assert "L2: Item 9" in answered.out


def test_a_long_file_is_read_as_it_comes() -> None:
    """The first case is answered before the last is read, so that a million rows need no memory."""
    taken = []

    def endless() -> Iterator[str]:
        for number in count():
            taken.append(number)
            yield ONE + "\n"

    rows = read_rows(endless(), "-")
    assert [next(rows).number for _ in range(3)] == [1, 2, 3]
    assert len(taken) < 10


def test_a_total_typed_in_needs_its_safety_item() -> None:
    def typed(**entered: object) -> dict[str, Any]:
        [out] = openkap("score", given=json.dumps({"instrument": "bdi2", "entered": entered})).objects
        return out

    whole = typed(total=21, items={"9": 1})
    assert (whole["total"], whole["band"], whole["entered"]) == (21, "moderate", True)
    assert [alert["rule"] for alert in whole["alerts"]] == ["bdi2-item9"]
    assert typed(total=21)["total"] is None
    assert typed(total=64, items={"9": 0})["field"] == "total"
    assert typed(total=3, subtotals=5)["field"] == "entered.subtotals"


def test_a_coded_yes_is_a_yes_and_a_cut_off_knows_the_sex() -> None:
    asked = {
        "instrument": "cssrs_slc",
        "answers": {"1": {"valueCoding": {"code": "LA33-6"}}, "2": "no", "6": "LA32-8"},
    }
    [out] = openkap("score", given=json.dumps(asked)).objects
    assert (out["band"], out["missing"]) == ("low", [])
    rows = openkap("score", "--instrument", "auditc", given="1,2,3,sex\n1,1,1,female\n1,1,1,male\n1,1,1,\n")
    assert [row["flags"]["positive"] for row in rows.objects] == [True, False, None]
    assert [row["row"] for row in rows.objects] == [{"sex": "female"}, {"sex": "male"}, {"sex": ""}]
