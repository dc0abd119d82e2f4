"""Hand-overs around a dose: owed each way, written, read by name, and what becomes of them with sharing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openkap.medicine.course.gate import who_mends
from openkap.medicine.verdict import Level
from openkap.records.models import HandOverBefore
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.booking import cancel_session, move_session
from openkap.steps.frame import Refused
from openkap.steps.hand_over import hand_back, hand_over, read_hand_back, read_hand_over
from openkap.steps.sharing import revoke
from openkap.steps.tasks import finish_task
from tests.at_step import recovering
from tests.integration.course_of_ways import before_the_day, level, line, owed, planned_in, stage_at
from tests.ways import with_therapist

pytestmark = pytest.mark.django_db


def test_a_dose_that_is_planned_asks_the_therapist_to_hand_over_a_day_before_it() -> None:
    stage = stage_at("shared", "bracketed_iv")
    with_therapist(stage)
    stage.at += timedelta(hours=1)
    stage.dose = planned_in(stage, timedelta(days=5))
    task = owed(stage, "hand_over_before")
    assert task is not None
    assert (task.owner, task.organisation) == (stage.people["mira"], stage.people.therapy)
    assert task.due_at == stage.dose.planned_from - timedelta(hours=24)
    move_session(
        by=stage.people.by("odette"), at=stage.at, session=stage.dose,
        planned_from=stage.dose.planned_from + timedelta(days=1),
    )  # fmt: skip
    task.refresh_from_db()
    assert task.due_at == stage.fresh().dose.planned_from - timedelta(hours=24)
    cancel_session(by=stage.people.by("odette"), at=stage.at, session=stage.dose, words="She has a cold.")
    assert owed(stage, "hand_over_before") is None


def test_without_a_hand_over_a_prescriber_alone_goes_ahead_and_with_one_it_is_read_first() -> None:
    stage = before_the_day("bracketed_iv")
    assert (level(stage, "W-HAND-OVER"), line(stage, "W-HAND-OVER").override) == (Level.HOLD, "prescriber")
    mira, jonah = stage.people.by("mira"), stage.people.by("jonah")
    hand_over(by=mira, at=stage.at, session=stage.dose, readiness="ready", intentions="To rest.")
    assert "Nobody here has read it" in line(stage, "W-HAND-OVER").because
    assert who_mends(line(stage, "W-HAND-OVER")) == "the nurse"
    assert owed(stage, "hand_over_before") is None and owed(stage, "read_hand_over") is not None
    kept = set(HandOverBefore.objects.values_list("organisation", flat=True))
    assert kept == {stage.people.therapy.id, stage.people.clinic.id}
    read_hand_over(by=jonah, at=stage.later(minutes=1), session=stage.dose)
    assert level(stage, "W-HAND-OVER") is Level.CLEAR and owed(stage, "read_hand_over") is None


def test_not_ready_needs_words_and_holds_the_dose_though_it_was_read() -> None:
    stage = before_the_day("bracketed_iv")
    mira = stage.people.by("mira")
    with pytest.raises(Refused, match="speaks against"):
        hand_over(by=mira, at=stage.at, session=stage.dose, readiness="not_yet")
    hand_over(by=mira, at=stage.at, session=stage.dose, readiness="not_yet", concerns="No sleep for days.")
    read_hand_over(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)
    assert "not ready" in line(stage, "W-HAND-OVER").because


def test_a_hand_over_task_is_done_by_handing_over_and_not_by_saying_so() -> None:
    stage = before_the_day("bracketed_iv")
    task = owed(stage, "hand_over_before")
    assert task is not None
    with pytest.raises(Refused, match="around this dose"):
        finish_task(by=stage.people.by("mira"), at=stage.at, task=task, outcome="Done.")


def test_after_a_revocation_nothing_is_handed_over_and_what_was_stays_with_the_clinic() -> None:
    stage = before_the_day("bracketed_iv")
    mira = stage.people.by("mira")
    hand_over(by=mira, at=stage.at, session=stage.dose, readiness="ready", intentions="To rest.")
    revoke(by=stage.people.patient("wren"), at=stage.later(minutes=1), grant=stage.grant)
    with pytest.raises(Refused, match="no longer shares"):
        hand_over(by=mira, at=stage.at, session=stage.dose, readiness="ready")
    kept = HandOverBefore.objects.filter(organisation=stage.people.clinic)
    assert scoped(kept, scope_now(stage.people.by("jonah"), stage.at)).exists()


def test_what_was_seen_is_owed_to_the_therapist_until_it_is_written_and_then_until_it_is_read() -> None:
    stage = stage_at("watched", "bracketed_iv")
    recovering(stage)
    task = owed(stage, "hand_over_after")
    assert task is not None and task.due_at == stage.at + timedelta(hours=24)
    hand_back(by=stage.people.by("jonah"), at=stage.later(minutes=9), session=stage.dose, seen="Calm, tears.")
    asked = owed(stage, "read_hand_back")
    assert asked is not None and asked.owner == stage.people["mira"]
    read_hand_back(by=stage.people.by("mira"), at=stage.later(hours=3), session=stage.dose)
    assert owed(stage, "read_hand_back") is None and owed(stage, "hand_over_after") is None
