"""A clinic's own numbers: signed, seconded, from a moment on, and used where decisions are made."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine

from openkap.commands import rules
from openkap.medicine.changed import Change
from openkap.medicine.course.follow_up import silent_after
from openkap.medicine.course.gate import ready
from openkap.medicine.rules import library
from openkap.medicine.signed import read_signed
from openkap.medicine.verdict import Level
from openkap.records.facts.gate import day_of
from openkap.records.facts.law import held, law_of, rules_at, rules_of
from openkap.records.facts.rerun import open_now, past
from openkap.records.facts.signing import signed_of
from openkap.records.models import Person, RuleChange, RuleChangeAct, Task
from openkap.steps.dose import end_dose
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.order import order_dose
from openkap.steps.rule_changes import (
    propose_changes,
    put_aside,
    second_change,
    sign_change,
    sign_proposed,
    starts_at,
)
from tests.at_step import Stage, at_step
from tests.people import cast

pytestmark = pytest.mark.django_db


def change(stage: Stage, **asked: Any) -> RuleChange:
    said: dict[str, Any] = {
        "by": stage.people.by("osric"),
        "at": stage.at,
        "organisation": stage.people.clinic,
        "rule": "D-IV-MAX",
        "values": {"limit": Decimal("0.4")},
        "reason": "Our people are older.",
    }
    return sign_change(**(said | asked))


def limit(stage: Stage, at: datetime) -> Decimal:
    return rules_at(stage.people.clinic.id, at).rule("D-IV-MAX")["limit"]


def pressure(stage: Stage) -> Level:
    """What the gate says of the pressure guide now."""
    found = ready(day_of(stage.dose, stage.at), rules_of(stage.dose, stage.at)).findings
    return next(f.level for f in found if f.rule == "S06")


def test_a_lowered_limit_holds_here_at_once_and_the_order_knows_it() -> None:
    stage = at_step(cast(), "planned")
    assert rules_at(stage.people.clinic.id, stage.at) is library()
    change(stage)
    assert limit(stage, stage.at) == Decimal("0.4")
    assert rules_at(stage.people.therapy.id, stage.at) is library()
    # The route's own signature still covers everything else.
    assert signed_of(stage.people.clinic.id, "iv", stage.at).state == "signed"
    with pytest.raises(Refused, match=r"0\.4"):
        order_dose(
            by=stage.people.by("tamsin"),
            at=stage.at,
            session=stage.dose,
            mg_per_kg=Decimal("0.5"),
            duration_min=40,
            concentration_mg_per_ml=Decimal(50),
        )
    assert rules_at(stage.people.clinic.id, stage.at).name == f"{stage.people.clinic.name} 1"


def test_only_the_director_signs_and_raising_waits_for_somebody_elses_name() -> None:
    stage = at_step(cast(), "planned")
    was = library().rule("D-IV-MAX")["limit"]
    for key in ("tamsin", "jonah", "odette"):
        with pytest.raises(NotPermitted):
            change(stage, by=stage.people.by(key))
    with pytest.raises(Refused, match="Say why"):
        change(stage, reason=" ")
    with pytest.raises(Refused, match="hold already"):
        change(stage, values={"limit": was})
    with pytest.raises(Refused, match="fixed by law or label"):
        change(stage, rule="G-TIME", values={"esketamine": Decimal(90)})
    with pytest.raises(Refused, match="is not set here"):
        change(stage, rule="V-PHYSIOLOGY", values={"hr_most": Decimal(200)})
    with pytest.raises(Refused, match="cannot be 99999999"):
        change(stage, rule="R-DECISION", values={"months": Decimal(99999999)})
    higher = change(stage, values={"limit": was + 1})
    assert limit(stage, stage.at) == was
    assert law_of(stage.people.clinic.id).changes[0].state(stage.at) == "second"
    for key, why in (("osric", Refused), ("jonah", NotPermitted)):
        with pytest.raises(why):
            second_change(by=stage.people.by(key), at=stage.at, change=higher, words="Agreed.")
    later = stage.later(hours=2)
    second_change(by=stage.people.by("tamsin"), at=later, change=higher, words="Agreed, with monitoring.")
    assert limit(stage, later - timedelta(minutes=1)) == was
    assert limit(stage, later) == was + 1
    with pytest.raises(Stale):
        second_change(by=stage.people.by("tamsin"), at=later, change=higher, words="Agreed.")


def test_it_holds_from_a_midnight_there_also_when_the_clocks_change_and_never_backwards() -> None:
    stage = at_step(cast(), "planned")
    clinic = stage.people.clinic
    clinic.zone = "America/New_York"
    for day, starts in (
        (date(2027, 3, 14), datetime(2027, 3, 14, 5, tzinfo=UTC)),
        (date(2027, 3, 15), datetime(2027, 3, 15, 4, tzinfo=UTC)),
        (date(2026, 11, 2), datetime(2026, 11, 2, 5, tzinfo=UTC)),
    ):
        assert starts_at(clinic, day, datetime(2026, 10, 1, tzinfo=UTC)) == starts
    for day, why in ((date(2026, 9, 1), "today or a later day"), (date.max, "The year 9999")):
        with pytest.raises(Refused, match=why):
            starts_at(clinic, day, datetime(2026, 10, 1, tzinfo=UTC))
    row = change(stage, from_on=(stage.at + timedelta(days=3)).date())
    begins = RuleChangeAct.objects.get(change=row).from_at
    assert begins is not None
    assert limit(stage, begins - timedelta(seconds=1)) != Decimal("0.4") == limit(stage, begins)
    put_aside(by=stage.people.by("osric"), at=stage.later(hours=1), change=row, words="Not yet.")
    assert limit(stage, begins) != Decimal("0.4")


def test_the_gate_of_a_waiting_patient_reads_the_new_number_and_a_dose_under_way_does_not() -> None:
    stage = at_step(cast(), "arrived")
    before = pressure(stage)
    change(stage, rule="S06", values={"sbp_over": Decimal(100), "dbp_over": Decimal(60)})
    assert (before, pressure(stage)) == (Level.CLEAR, Level.HOLD)
    assert Task.objects.filter(what="rule_change", course=stage.course).count() == 1
    stage.dose.started_at = stage.at - timedelta(minutes=5)
    assert rules_of(stage.dose, stage.later(hours=1)) is library()


def test_what_another_clinic_sends_is_a_proposal_until_it_is_signed_and_is_kept_once() -> None:
    stage = at_step(cast(), "planned")
    asked: dict[str, Any] = {
        "by": stage.people.by("osric"),
        "at": stage.at,
        "organisation": stage.people.clinic,
        "origin": "Harbor 3",
        "changes": {"D-IV-MAX": {"limit": Decimal("0.4")}},
        "reason": "From the set Harbor 3.",
    }
    (row,) = propose_changes(**asked)
    assert propose_changes(**asked) == (row,)
    assert rules_at(stage.people.clinic.id, stage.at) is library()
    sign_proposed(by=stage.people.by("osric"), at=stage.at, change=row, words="Fits us.")
    assert limit(stage, stage.at) == Decimal("0.4")


def test_a_preview_says_whose_past_would_have_read_otherwise_and_writes_nothing() -> None:
    stage = at_step(cast(), "under_way")
    clinic = stage.people.clinic.id
    lower = Change("D-IV-MAX", (("limit", Decimal("0.4")),))
    told = past(clinic, law_of(clinic), lower, "dosing", stage.at)
    assert [one.course.patient.name for one in told.different if one.kind == "order"] == [
        stage.course.patient.name
    ]
    assert told.asked["order"] == 1
    assert "stop" in told.different[-1].says
    assert open_now(clinic, law_of(clinic), lower, "dosing", stage.at).different == ()
    assert not RuleChange.objects.exists()


def test_a_practices_set_is_written_read_by_the_pure_commands_and_proposed_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = at_step(cast(), "planned")
    change(stage)
    with time_machine.travel(stage.at, tick=False):
        file = tmp_path / "set.json"
        assert rules.run(["--organisation", stage.people.clinic.name, "--export", str(file)]) == 0
        told = read_signed(file, library())
        assert (told.name, told.rule("D-IV-MAX")["limit"]) == (
            f"{stage.people.clinic.name} 1",
            Decimal("0.4"),
        )
        data = json.loads(file.read_text())
        row = next(one for one in data["rules"] if one["id"] == "D-IV-MAX")
        assert row["reason"] == "Our people are older."
        row["numbers"]["limit"]["value"] = "0.3"
        file.write_text(json.dumps(data | {"name": "Harbor"}))
        capsys.readouterr()
        osric = Person.objects.get(pk=stage.people["osric"].pk)
        brings = ["--import", str(file), "--organisation", stage.people.clinic.name, "--by", osric.email]
        assert rules.run(brings) == 0
        assert json.loads(capsys.readouterr().out) == {
            "set": "Harbor 1",
            "proposed": ["D-IV-MAX"],
            "left_out": [],
            "left_as_in_library": 0,
        }
        assert rules_at(stage.people.clinic.id, stage.at).rule("D-IV-MAX")["limit"] == Decimal("0.4")
        row["numbers"]["limit"]["value"] = str(library().rule("D-IV-MAX")["limit"])
        file.write_text(json.dumps(data | {"name": "Harbor"}))
        for asked, proposed, left in (([], [], 1), (["--all"], ["D-IV-MAX"], 0)):
            assert rules.run([*brings, *asked]) == 0
            told = json.loads(capsys.readouterr().out)
            assert (told["proposed"], told["left_as_in_library"]) == (proposed, left)
        assert rules.run(["--import", str(file)]) == 2
        for wrong in (b"\xff{", b"[" * 100_000, b'{"name": ' + b"9" * 5000 + b"}"):
            file.write_bytes(wrong)
            assert rules.run(brings) == 2
        row["numbers"]["limit"]["value"] = "1e-999999"
        file.write_text(json.dumps(data | {"name": "Harbor"}))
        assert rules.run(brings) == 2 and "too many digits" in capsys.readouterr().err
        assert RuleChange.objects.count() == 3


def test_a_second_change_of_the_rules_adds_its_words_to_the_task_that_is_open() -> None:
    stage = at_step(cast(), "arrived")
    change(stage, rule="S06", values={"sbp_over": Decimal(100), "dbp_over": Decimal(60)})
    (task,) = Task.objects.filter(what="rule_change", course=stage.course)
    assert task.due_at == stage.at + timedelta(hours=24)
    later = stage.later(hours=2)
    change(stage, at=later, rule="S07", values={"sbp_at_least": Decimal(100)})
    task.refresh_from_db()
    titles = [library().rule(id).title for id in ("S06", "S07")]
    assert all(title in task.text for title in titles)
    assert Task.objects.filter(what="rule_change").count() == 1


def test_hand_overs_calls_and_reminders_go_by_the_practices_own_hours() -> None:
    stage = at_step(cast(), "under_way")
    clinic = stage.people.clinic.id
    for rule, values in (
        ("N-CALL", {"hours_after_end": Decimal(12)}),
        ("W-HAND-OVER", {"due": Decimal(48)}),
        ("F-SILENT", {"hours": Decimal(12)}),
    ):
        row = change(stage, rule=rule, values=values)
        if law_of(clinic).changes[-1].asks_second:
            second_change(by=stage.people.by("tamsin"), at=stage.at, change=row, words="Agreed.")
    with held():
        assert rules_at(clinic, stage.at) is rules_at(clinic, stage.at)
        assert silent_after(rules_at(clinic, stage.at)) == timedelta(hours=12)
    ended_at = stage.later(minutes=40)
    end_dose(by=stage.people.by("jonah"), at=ended_at, session=stage.dose)
    assert Task.objects.get(what="next_day_call").due_at == ended_at + timedelta(hours=12)
