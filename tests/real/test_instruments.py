"""Answers of real people: totals, bands and flags must be those that were counted without us."""

from __future__ import annotations

import csv
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from openkap.medicine.instruments import instrument, instrument_ids, score
from tests.real.data import read_json, real
from tests.unit.commands.answers import openkap

NHANES = ["2005-2006", "2009-2010", "2011-2012", "2013-2014"]
COLUMNS = ",".join(f"{item}=DPQ0{item}0" for item in range(1, 10))
BANDS = {
    "0-4": "minimal",
    "5-9": "mild",
    "10-14": "moderate",
    "15-19": "moderately_severe",
    "20-27": "severe",
}


def scored(path: Path, form: str, columns: str, *more: str) -> list[dict[str, Any]]:
    """A file scored by the command, a row an object."""
    answered = openkap("score", "--instrument", form, "--map", columns, *more, str(path))
    assert (answered.status, answered.err) == (0, "")
    return answered.objects


def named(prefix: str, count: int) -> str:
    return ",".join(f"{item}={prefix}{item}" for item in range(1, count + 1))


def totals(rows: list[dict[str, Any]]) -> list[int]:
    return [row["total"] for row in rows if row["complete"]]


def share(rows: list[dict[str, Any]], least: int) -> int:
    return sum(total >= least for total in totals(rows))


@pytest.mark.parametrize("cycle", NHANES)
def test_the_phq9_of_a_national_survey(cycle: str) -> None:
    known = read_json("instruments", "known_answers.json")[f"nhanes_phq9_{cycle}.csv"]
    path = real("instruments", f"nhanes_phq9_{cycle}.csv")
    rows = scored(path, "phq9", COLUMNS, "--missing", "7,9,.")
    whole = [row for row in rows if row["complete"]]
    assert len(rows) == known["rows"]
    assert len(whole) == known["complete_9_items"]
    assert statistics.mean(totals(rows)) == pytest.approx(known["mean_total_unweighted"], abs=1e-4)
    assert statistics.stdev(totals(rows)) == pytest.approx(known["sd_total"], abs=1e-4)
    assert share(rows, 10) == known["total_ge_10"]
    bands = Counter(row["band"] for row in whole)
    assert {name: bands[band] for name, band in BANDS.items()} == known["severity_counts"]
    assert sum(row["flags"]["major_depressive_syndrome"] for row in whole) == known["dsm_algorithm_major"]
    positive = [row for row in whole if any(alert["rule"] == "phq9-item9" for alert in row["alerts"])]
    assert len(positive) == known["item9_positive"]
    assert all(int(row["row"]["phq9_total"]) == row["total"] for row in whole)


@pytest.mark.parametrize("cycle", NHANES)
def test_the_phq2_of_the_same_people(cycle: str) -> None:
    known = read_json("instruments", "known_answers.json")[f"nhanes_phq9_{cycle}.csv"]
    path = real("instruments", f"nhanes_phq9_{cycle}.csv")
    rows = scored(path, "phq2", "1=DPQ010,2=DPQ020", "--missing", "7,9,.")
    whole = [row for row in rows if row["row"]["n_valid"] == "9"]
    assert sum(row["flags"]["positive"] for row in whole) == known["phq2_ge_3"]


def test_the_pcl5_of_veterans() -> None:
    known = read_json("instruments", "known_answers.json")["pcl5_veterans_armour2017.csv"]
    names = [f"{c}{n}" for c, count in (("B", 5), ("C", 2), ("D", 7), ("E", 6)) for n in range(1, count + 1)]
    columns = ",".join(f"{item}={name}" for item, name in enumerate(names, start=1))
    rows = scored(real("instruments", "pcl5_veterans_armour2017.csv"), "pcl5", columns)
    assert len(rows) == known["rows"]
    assert statistics.mean(totals(rows)) == pytest.approx(known["total_mean"], abs=1e-4)
    assert statistics.stdev(totals(rows)) == pytest.approx(known["total_sd"], abs=1e-4)
    assert sum(row["flags"]["above_cutoff"] for row in rows) == known["ge_31"]
    assert share(rows, 33) == known["ge_33"]
    provisional = sum(row["flags"]["provisional_ptsd"] for row in rows)
    assert provisional == known["provisional_DSM5_cluster_rule(>=2; B1 C1 D2 E2)"]
    for cluster, mean in known["cluster_means"].items():
        sums = [row["subscales"][cluster] for row in rows]
        assert statistics.mean(sums) == pytest.approx(mean, abs=1e-4)


def test_an_author_s_total_that_counts_missing_answers_as_nought_is_not_ours() -> None:
    path = real("instruments", "mexican_students_phq9_gad7_epworth.csv")
    known = read_json("instruments", "known_answers.json")["mexican_students_phq9_gad7_epworth.csv"]
    for form, prefix, count, column in (("phq9", "phq", 9, "phq_total"), ("gad7", "gad", 7, "gad_total")):
        rows = scored(path, form, named(prefix, count))
        assert len(rows) == known["rows"]
        assert all(row["total"] == int(row["row"][column]) for row in rows if row["complete"])
        for row in rows:
            assert row["complete"] or row["total"] is None or row["prorated"]


@pytest.mark.parametrize("wave", ["1", "2"])
def test_two_waves_of_one_group(wave: str) -> None:
    known = read_json("instruments", "known_answers.json")["phq9_gad7_two_waves_forbes.csv"][wave]
    path = real("instruments", "phq9_gad7_two_waves_forbes.csv")
    for form, prefix, count, short in (("phq9", "PHQ", 9, "phq"), ("gad7", "GAD", 7, "gad")):
        rows = [row for row in scored(path, form, named(prefix, count)) if row["row"]["wave"] == wave]
        assert len(rows) == known["n"]
        assert statistics.mean(totals(rows)) == pytest.approx(known[f"{short}_mean"], abs=1e-4)
        assert share(rows, 10) == known[f"{short}_ge10"]


def test_students_of_another_country() -> None:
    known = read_json("instruments", "known_answers.json")["phq9_gad7_pss10_bmi.csv"]
    path = real("instruments", "phq9_gad7_pss10_bmi.csv")
    for form, prefix, count, short in (("phq9", "D", 9, "phq"), ("gad7", "A", 7, "gad")):
        rows = scored(path, form, named(prefix, count))
        assert len(rows) == known["rows"]
        assert statistics.mean(totals(rows)) == pytest.approx(known[f"{short}_mean"], abs=1e-4)
        assert share(rows, 10) == known[f"{short}_ge10"]


def test_the_stress_of_the_same_students() -> None:
    known = read_json("instruments", "known_answers.json")["phq9_gad7_pss10_bmi.csv"]
    rows = scored(real("instruments", "phq9_gad7_pss10_bmi.csv"), "pss10", named("S", 10))
    assert statistics.mean(totals(rows)) == pytest.approx(known["pss10_mean_reverse_4_5_7_8"], abs=1e-4)


def test_the_bdi_of_students() -> None:
    known = read_json("instruments", "known_answers.json")["bdi2_stai5_phq4.csv"]
    rows = scored(real("instruments", "bdi2_stai5_phq4.csv"), "bdi2", named("BDI2_", 21))
    assert len(rows) == known["complete_bdi"]
    assert statistics.mean(totals(rows)) == pytest.approx(known["bdi_item_sum_mean"], abs=1e-4)


def test_every_published_vector() -> None:
    vectors = read_json("instruments", "vectors.json")
    assert len(vectors) >= 29 and {vector["instrument"] for vector in vectors} <= set(instrument_ids())
    for vector in vectors:
        out = score(instrument(vector["instrument"]), vector["answers"]).as_dict()
        for key, expected in vector["expect"].items():
            if key == "alert":
                assert bool(out["alerts"]) is expected, vector["note"]
            elif isinstance(expected, dict):
                assert {name: out[key][name] for name in expected} == expected, vector["note"]
            else:
                assert out[key] == expected, vector["note"]


def test_a_change_in_two_waves_is_counted_as_the_authors_count_it() -> None:
    known = read_json("instruments", "known_answers.json")["phq9_gad7_two_waves_forbes.csv"]
    with real("instruments", "phq9_gad7_two_waves_forbes.csv").open(newline="") as file:
        waves: dict[str, dict[str, int]] = {"1": {}, "2": {}}
        for row in csv.DictReader(file):
            waves[row["wave"]][row["id"]] = int(row["phq9_total"])
    lines = [f"phq9,{pre},{waves['2'][id]}" for id, pre in waves["1"].items()]
    changes = openkap("change", given="instrument,pre,post\n" + "\n".join(lines)).objects
    assert statistics.mean(c["points"] for c in changes) == pytest.approx(known["phq_change_mean"], abs=1e-4)
    ill = [change for change in changes if change["pre"] >= 10]
    assert len(ill) == known["baseline_ge10"]
    assert sum(change["response"] for change in ill) == known["response_50pct_among_baseline_ge10"]
    assert sum(change["remission"] for change in ill) == known["remission_lt5_among_baseline_ge10"]
