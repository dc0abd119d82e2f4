"""`openkap screen`, `change`, `rules` and `sources`: the promised shapes, and a signed set in force."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openkap.medicine.inputs import Unusable
from openkap.medicine.rules import library
from openkap.medicine.screening import read_case, screen
from openkap.medicine.sources import bibliography
from tests.spec.cases import clean
from tests.unit.commands.answers import openkap

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [*clean(), "history.stroke_history", "labs.hcg", "labs.alt_x_uln", "scores.audit"]
FIELDS += ["scores.cssrs_recent", "vitals.at", "vitals.sbp", "vitals.weight_kg", "scores.x", "labs.x"]


def high_pressure() -> dict[str, Any]:
    case = clean()
    case["vitals"][0] |= {"sbp": 146, "dbp": 88}
    return case


def test_a_case_gives_the_promised_shape() -> None:
    case = high_pressure()
    del case["history"]["arteriovenous_malformation"]
    [answer] = openkap("screen", given=json.dumps(case)).objects
    assert (answer["verdict"], answer["unknown"], answer["unrecognised_medications"]) == ("hold", ["S02"], [])
    [finding] = answer["findings"]
    assert finding["data"] == {"sbp": 146, "dbp": 88}
    assert (finding["rule"], finding["verdict"], finding["override"]) == ("S06", "hold", "prescriber")
    assert {"because", "action", "sources", "status"} <= set(finding)
    [silent] = answer["unknown_because"]
    assert silent["rule"] == "S02"


def test_a_bad_case_is_told_and_the_next_is_answered() -> None:
    cases = [clean() | {"route": "rectal"}, clean() | {"escort": "yes"}, clean()]
    answered = openkap("screen", given="\n".join(map(json.dumps, cases)))
    assert answered.status == 1
    assert [row.get("field") for row in answered.objects] == ["route", "escort", None]
    assert answered.objects[2]["verdict"] == "clear"


def test_a_table_is_refused_in_one_sentence() -> None:
    answered = openkap("screen", given="at,route\n2026-11-21,iv\n")
    assert (answered.status, answered.err) == (2, "openkap screen takes JSON, not CSV.\n")


def test_explained_for_people_says_the_decision_first() -> None:
    answered = openkap("screen", "--explain", given=json.dumps(high_pressure()))
    assert answered.out.startswith("Not today.\n  S06 hold: Blood pressure is 146/88. The guide is 140/90.")


def test_the_keys_of_a_case_name_their_question_and_rules() -> None:
    keys = {row["key"]: row for row in openkap("screen", "--keys").objects}
    assert keys["aneurysmal_vascular_disease"]["rules"] == ["S01"]
    assert keys["alcohol_last_24h"]["rules"] == ["I13", "S22"]
    assert set(clean()["history"]) <= set(keys)
    assert all(row["question"].endswith(("?", "means none.")) for row in keys.values())


def test_a_signed_set_is_laid_over_and_named(tmp_path: Path) -> None:
    [data] = openkap("rules", "--export").objects
    data |= {"name": "Larkmoor", "version": "3", "signed_by": "Dr Orrery", "signed_on": "2026-11-21"}
    for rule in data["rules"]:
        if rule["id"] == "S06":
            rule |= {"status": "approved", "version": "1a"}
            rule["numbers"]["sbp_over"]["value"] = "120"
    path = tmp_path / "set.json"
    path.write_text(json.dumps(data))
    [answer] = openkap("screen", "--rules", str(path), given=json.dumps(clean())).objects
    assert answer["ruleset"] == "Larkmoor 3"
    assert [(f["rule"], f["status"]) for f in answer["findings"]] == [("S06", "approved")]
    path.write_text(path.read_text().replace('"sbp_over": {"value": "120"', '"sbp_over": {"value": "1.2e"'))
    refused = openkap("screen", "--rules", str(path), given=json.dumps(clean()))
    assert refused.status == 2
    assert refused.err.startswith("set.json, line 1: S06: sbp_over is not a number")


def test_a_change_gives_the_promised_shape() -> None:
    given_ = {"instrument": "phq9", "pre": 18, "post": 8, "sd": 5.8, "reliability": 0.84}
    [answer] = openkap("change", given=json.dumps(given_)).objects
    assert (answer["points"], answer["percent"], answer["response"], answer["remission"]) == (
        -10,
        -55.56,
        True,
        False,
    )
    assert answer["rci"] == -3.0479
    assert {"rule", "threshold", "verdict"} <= set(answer["rules"][0])
    bad = [
        {"instrument": "x"},
        {"instrument": "phq9", "pre": 18},
        given_ | {"pre": 18.5},
        given_ | {"sd": "wide"},
    ]
    answered = openkap("change", given="\n".join(map(json.dumps, bad)))
    assert [row["field"] for row in answered.objects] == ["instrument", "post", "pre", "sd"]
    csv = openkap("change", given="instrument,pre,post,sd,reliability\nphq9,18,8,,\n")
    assert csv.objects[0]["rci"] is None


def test_rules_and_sources_are_printed_whole_or_by_name() -> None:
    assert [row["id"] for row in openkap("rules").objects] == [rule.id for rule in library()]
    [rule] = openkap("rules", "S06").objects
    assert rule["numbers"]["sbp_over"]["value"] == "140"
    assert [row["key"] for row in openkap("sources").objects] == list(bibliography())
    assert "Galvez 2018" in openkap("sources", "V8", "--explain").out
    assert openkap("sources", "S999").err == "No source has the key 'S999'.\n"
    assert openkap("rules", "S999").status == 2


@given(st.sampled_from(FIELDS), json_values)
def test_whatever_stands_in_a_field_is_answered_or_told(field: str, value: Any) -> None:
    case = clean()
    group, _, key = field.rpartition(".")
    place = case[group] if group else case
    (place[0] if isinstance(place, list) else place)[key] = value
    try:
        assert screen(read_case(case)).verdict.findings
    except Unusable as bad:
        assert bad.field
        assert str(bad)


def test_an_unknown_command_names_those_there_are() -> None:
    answered = openkap("skore")
    assert answered.status == 2
    assert "no command 'skore'" in answered.err
    assert "score" in openkap("--help").out


def test_the_medicine_starts_without_the_site() -> None:
    """Neither Django nor a database is touched, so that a script starts quickly."""
    code = (
        "import sys; from openkap.cli import main; main(['sources', 'S41']); main(['rules', 'S06']);"
        "sys.exit(any(name.partition('.')[0] in ('django', 'sqlite3', 'numpy') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_of_two_answers_to_one_question_neither_is_lost() -> None:
    case = '{"at": "2026-11-21T09:00:00Z", "route": "iv", "history": {"psychosis_current": true, '
    answered = openkap("screen", given=case + '"psychosis_current": false}}')
    assert answered.status == 1
    assert answered.objects == [
        {"error": "psychosis_current is given twice.", "field": "psychosis_current", "row": 1}
    ]


def test_the_work_up_is_added_where_it_is_asked_for_and_changes_no_verdict() -> None:
    given_ = json.dumps(clean() | {"at": "2027-01-01T00:00:00-05:00", "vitals": []})
    [without], [answer] = (openkap("screen", *more, given=given_).objects for more in ((), ("--work-up",)))
    assert "work_up" not in without and answer["verdict"] == without["verdict"]
    items = {item["rule"]: item for item in answer["work_up"]}
    assert items["U-IN-PERSON"]["state"] == "missing" and items["U-PHQ9"]["state"] == "done"
    assert "U-HCG" not in items
    assert "U-IN-PERSON missing" in openkap("screen", "--work-up", "--explain", given=given_).out


def test_what_runs_out_is_told_for_a_day() -> None:
    rows = {row["id"]: row for row in openkap("rules", "--running-out", "2026-12-31").objects}
    assert (rows["X-TELEMEDICINE"]["state"], rows["X-TELEMEDICINE"]["days_left"]) == ("soon", 0)
    assert "X-TELEMEDICINE over" in openkap("rules", "--running-out", "2027-01-01", "--explain").out
    refused = openkap("rules", "--running-out", "soon")
    assert (refused.status, refused.out) == (2, "") and "is not a day" in refused.err
