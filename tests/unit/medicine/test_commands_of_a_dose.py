"""`openkap dose`, `monitor` and `discharge`: one line a case, and the bad case does not stop the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openkap.commands import discharge, dose, monitor
from tests.spec.test_going_home import READY

CONTRACT = {
    "route": "iv", "weight_kg": 70, "height_cm": 172, "age": 44, "mg_per_kg": 0.5, "duration_min": 40,
    "concentration_mg_per_ml": 50, "on": "2026-11-21",
    "history": [{"on": "2026-11-17", "route": "iv", "mg": 35, "tolerated": True}],
}  # fmt: skip
HEAD = "t_seconds,hr,sbp,dbp,map,spo2,rr,etco2,moaas\n"

Say = Any


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command over a file; gives its status, its lines as objects and what it said on the side."""

    def run(command: Any, text: str | bytes, *options: str) -> tuple[int, list[dict[str, Any]], str]:
        file = tmp_path / "cases"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        status = command.run([*options, str(file)])
        out, err = capsys.readouterr()
        return status, [json.loads(line) for line in out.splitlines()], err

    return run


def test_the_contract_s_own_order(ask: Say) -> None:
    status, (line,), err = ask(dose, json.dumps(CONTRACT))
    assert (status, err) == (0, "")
    amounts = [line[key] for key in ("mg", "ml", "mg_per_kg", "iv_equivalent_mg_per_kg")]
    assert (line["verdict"], amounts) == ("clear", ["35.00", "0.70", "0.50", "0.50"])
    assert line["findings"] == []
    assert line["ruleset"] == "library 1"


def test_a_bad_order_is_one_line_and_the_others_are_answered(ask: Say) -> None:
    cases = [CONTRACT, CONTRACT | {"weight_kg": 700}, "seventy", CONTRACT | {"mg_per_kg": -1}, CONTRACT]
    status, lines, _ = ask(dose, "\n".join(json.dumps(case) for case in cases))
    assert status == 1
    assert [("error" in line) for line in lines] == [False, True, True, True, False]
    assert lines[1] == {"error": "700 kg is out of range. Did you mean 70.0?", "field": "weight_kg", "row": 2}
    assert (lines[3]["field"], lines[3]["row"]) == ("mg_per_kg", 4)


def test_a_dose_is_read_from_csv_as_well(ask: Say) -> None:
    text = "\ufeffroute;weight_kg;mg_per_kg;duration_min;first_dose\niv;70;0.6;40;false\nim;70;0.5;;\n"
    status, lines, _ = ask(dose, text)
    assert status == 0
    assert [line["mg"] for line in lines] == ["42.00", "35.00"]


def test_a_recording_ends_with_its_summary(ask: Say) -> None:
    rows = (
        HEAD + "".join(f"{t * 60},70,130,80,,98,14,,5\n" for t in range(60)) + "3600,70,162,101,,98,14,,5\n"
    )
    status, lines, _ = ask(monitor, rows, "--route", "iv", "--baseline", "128/78")
    assert status == 0
    assert [line["level"] for line in lines[:-1]] == ["amber"]
    assert lines[-1]["summary"]["prompts"] == {"amber": 1, "red": 0}
    assert lines[-1]["summary"]["peak_bp"] == "162/101"
    assert lines[-1]["summary"]["readings"] == 61


def test_the_order_of_rows_and_the_kind_of_file_do_not_matter(ask: Say) -> None:
    rows = [f"{t},{70},,,,{97 if t < 30 else 88},14,,\n" for t in range(90)]
    plain = ask(monitor, HEAD + "".join(rows), "--route", "im")
    back = ask(monitor, HEAD + "".join(reversed(rows)), "--route", "im")
    semicolons = ask(monitor, "\ufeff" + (HEAD + "".join(rows)).replace(",", ";"), "--route", "im")
    assert plain == back == semicolons
    assert [line["level"] for line in plain[1][:-1]] == ["red"]


def test_a_row_that_cannot_be_used_is_told_and_left_out(ask: Say) -> None:
    status, lines, _ = ask(
        monitor, HEAD + "0,70,,,,98,,,\nsoon,70,,,,98,,,\n60,fast,,,,98,,,\n120,70\n", "--route", "iv"
    )
    assert status == 1
    assert [(line.get("field"), line.get("row")) for line in lines[:3]] == [
        ("t_seconds", 2),
        ("hr", 3),
        ("", 4),
    ]
    assert lines[-1]["summary"]["readings"] == 1


def test_a_row_with_a_time_of_day_alone_is_told(ask: Say) -> None:
    rows = '{"at": "2026-11-21T09:00:00Z", "hr": 70}\n{"t_seconds": 5, "hr": 70}\n'
    status, lines, _ = ask(monitor, rows, "--route", "iv")
    assert status == 1
    assert lines[0] == {"error": "The time of the reading is missing.", "field": "t_seconds", "row": 1}
    assert lines[-1]["summary"]["readings"] == 1


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", ("--route", "iv")),
        ("a,b\n1,2\n", ("--route", "iv")),
        ("t_seconds,pulse\n0,70\n", ("--route", "iv")),
        (HEAD, ("--route", "sniff")),
        (HEAD, ()),
        (HEAD, ("--route", "iv", "--baseline", "high")),
        (HEAD, ("--route", "iv", "--baseline", "1280/780")),
        (b"\xff\xfe\x00", ("--route", "iv")),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_2(
    ask: Say, text: Any, options: tuple[str, ...]
) -> None:
    status, lines, err = ask(monitor, text, *options)
    assert (status, lines) == (2, [])
    assert err.count("\n") == 1


def test_an_empty_recording_is_a_recording(ask: Say) -> None:
    status, lines, _ = ask(monitor, HEAD, "--route", "iv")
    assert status == 0
    assert lines[0]["summary"]["readings"] == 0


def test_going_home(ask: Say) -> None:
    late = READY | {"route": "esketamine", "at": "2026-11-21T11:38:00-05:00"}
    status, lines, _ = ask(discharge, "\n".join(map(json.dumps, [READY, late, {"route": "sniff"}])))
    assert status == 1
    assert lines[0]["verdict"] == "clear"
    assert lines[1]["verdict"] == "hold"
    assert lines[1]["items"][0] == {
        "item": "observation_time", "met": False, "because": "118 of 120 minutes", "fixed": True,
    }  # fmt: skip
    assert lines[2]["field"] == "route"


@pytest.mark.parametrize(
    ("command", "text", "options"),
    [
        (dose, json.dumps(CONTRACT | {"mg_per_kg": 0.9}), ()),
        (monitor, HEAD + "0,70,190,100,,85,5,,2\n", ("--route", "iv")),
        (discharge, json.dumps({"route": "iv"}), ()),
    ],
)
def test_explained_for_people(
    command: Any, text: str, options: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases"
    file.write_text(text)
    assert command.run(["--explain", *options, str(file)]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") > 2
    assert "{" not in out
