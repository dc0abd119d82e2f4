"""Every way of care, from its first choice to the end of its course: what is asked, and who owes what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openkap.medicine.course.gate import ready
from openkap.medicine.protocols import Protocol, protocol, protocols
from openkap.medicine.verdict import Level
from openkap.permits import Act, Actor, Kind, Need, Role, Subject, decide
from openkap.records.facts.gate import day_of
from openkap.records.facts.way_change import change_to
from openkap.records.facts.ways import rems_of, therapist_of
from openkap.records.models import (
    CheckIn,
    Order,
    Reading,
    RoomEvent,
    SessionNote,
    WayChosen,
    Window,
)
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.candidacy import decide_candidacy
from openkap.steps.dose import start_dose
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.people import give_role
from openkap.steps.presence import check_in, check_out
from openkap.steps.rems import certify_site, form_was_sent
from openkap.steps.responsible import take_over
from openkap.steps.room_notes import write_room_note
from openkap.steps.sharing import revoke
from openkap.steps.ways import change_way, choose_way, name_therapist
from tests.at_step import Stage, at_step, under_way
from tests.integration.course_of_ways import level, line, owed, planned_in, stage_at, theo
from tests.people import SYSTEM, cast

pytestmark = pytest.mark.django_db

WAYS = ("blended_iv", "bracketed_im", "in_session_iv", "infusion_only_iv", "esketamine")


# --- every way, whole


@pytest.mark.parametrize("plan", [p for p in protocols() if p.id in WAYS], ids=lambda plan: plan.id)
def test_each_way_goes_from_opening_to_the_measure_after(plan: Protocol) -> None:
    stage = stage_at("measured_after", plan.id)
    assert (stage.dose.state, stage.course.protocol) == ("done", plan.id)
    assert Window.objects.filter(course=stage.course).exists() is plan.integrates
    assert (owed(stage, "monitoring_form") is not None) is ("monitoring_form_within_7_days" in plan.needs)
    assert owed(stage, "hand_over_after") is None


# --- in session: nobody starts before both are there


def test_the_session_opens_only_once_both_have_checked_in_under_their_own_sign_in() -> None:
    stage = stage_at("confirmed", "in_session_iv")
    _morning_without_check_in(stage)
    assert (level(stage, "W-THERAPIST"), level(stage, "W-MEDICAL")) == (Level.HOLD, Level.HOLD)
    with pytest.raises(Refused, match="has not checked in"):
        under_way(stage)
    check_in(by=stage.people.by("jonah"), at=stage.later(minutes=1), session=stage.dose)
    with pytest.raises(Refused, match="Theodora"):
        start_dose(by=stage.people.by("tamsin"), at=stage.at, session=stage.dose, words="I go ahead.")
    check_in(by=theo(stage), at=stage.later(minutes=1), session=stage.dose)
    assert level(stage, "W-THERAPIST") is Level.CLEAR
    under_way(stage.fresh())
    assert stage.fresh().dose.state == "under_way"
    assert set(CheckIn.objects.values_list("part", "by_person")) == {
        ("medical", stage.people["jonah"].id),
        ("therapist", stage.people["theo"].id),
    }


def test_only_the_therapist_who_is_named_checks_in_as_therapist() -> None:
    stage = stage_at("confirmed", "in_session_iv")
    with pytest.raises(Refused, match="Theodora"):
        check_in(by=stage.people.by("mira"), at=stage.at, session=stage.dose)
    check_in(by=stage.people.by("tamsin"), at=stage.at, session=stage.dose)
    assert level(stage, "W-THERAPIST") is Level.HOLD


def test_who_came_on_another_day_has_not_come_today() -> None:
    stage = stage_at("confirmed", "in_session_iv")
    with pytest.raises(Refused, match="another day"):
        check_in(by=theo(stage), at=stage.at - timedelta(days=1), session=stage.dose)
    check_in(by=theo(stage), at=stage.at, session=stage.dose)
    stage.at += timedelta(days=1)
    assert level(stage, "W-THERAPIST") is Level.HOLD


def test_checking_in_twice_is_once_and_out_again_is_told() -> None:
    stage = stage_at("confirmed", "in_session_iv")
    for _turn in range(2):
        check_in(by=theo(stage), at=stage.at, session=stage.dose)
    assert CheckIn.objects.filter(act="in").count() == 1
    check_out(by=theo(stage), at=stage.later(minutes=2), session=stage.dose)
    assert "has left the room" in line(stage, "W-THERAPIST").because
    with pytest.raises(Refused, match="not checked in"):
        check_out(by=theo(stage), at=stage.at, session=stage.dose)


def test_leaving_mid_session_is_on_the_room_s_record_and_coming_back_too() -> None:
    stage = stage_at("under_way", "in_session_iv")
    check_out(by=theo(stage), at=stage.later(minutes=5), session=stage.dose, words="A call.")
    gone = RoomEvent.objects.get(session=stage.dose, what="went_out")
    assert "A call." in gone.words and gone.by_person_id == stage.people["theo"].id
    check_in(by=theo(stage), at=stage.later(minutes=3), session=stage.dose)
    assert RoomEvent.objects.filter(session=stage.dose, what="came_in").count() == 1


def test_whoever_watches_over_the_session_goes_only_once_somebody_else_does() -> None:
    stage = stage_at("under_way", "in_session_iv")
    with pytest.raises(Refused, match="takes over first"):
        check_out(by=stage.people.by("jonah"), at=stage.later(minutes=5), session=stage.dose)
    take_over(by=stage.people.by("tamsin"), at=stage.at, session=stage.dose)
    assert CheckIn.objects.filter(person=stage.people["tamsin"], part="medical", act="in").exists()
    check_out(by=stage.people.by("jonah"), at=stage.later(minutes=1), session=stage.dose)


def test_a_therapist_in_the_room_sees_that_session_while_there_and_nothing_else() -> None:
    stage = stage_at("under_way", "in_session_iv")
    readings = Reading.objects.filter(session=stage.dose)
    assert scoped(readings, scope_now(theo(stage), stage.at)).count() == readings.count() > 0
    other = Subject(Kind.CLINICAL, stage.people.clinic.id, stage.people["noor"].id)
    assert not decide(scope_now(theo(stage), stage.at), Need(Kind.CLINICAL, Act.SEE), other)
    here = readings[0].as_subject()
    assert not decide(scope_now(theo(stage), stage.at), Need(Kind.CLINICAL, Act.ADD), here)
    check_out(by=theo(stage), at=stage.later(minutes=1), session=stage.dose)
    assert scoped(readings, scope_now(theo(stage), stage.at)).count() == 0


def test_a_therapist_from_elsewhere_sees_the_room_by_the_patient_s_grant_and_not_after_it() -> None:
    stage = stage_at("shared", "in_session_iv")
    mira = stage.people.by("mira")
    name_therapist(
        by=stage.people.by("tamsin"), at=stage.at, course=stage.course, person=stage.people["mira"],
        place=stage.people.therapy,
    )  # fmt: skip
    _given_by(stage, mira)
    assert scoped(Reading.objects.filter(session=stage.dose), scope_now(mira, stage.at)).exists()
    revoke(by=stage.people.patient("wren"), at=stage.later(minutes=1), grant=stage.grant)
    assert not scoped(Reading.objects.filter(session=stage.dose), scope_now(mira, stage.at)).exists()


def test_the_therapist_in_the_room_writes_notes_during_it_and_nobody_who_was_not_there() -> None:
    stage = stage_at("under_way", "in_session_iv")
    for words in ("The lake.", "The far shore."):
        write_room_note(by=theo(stage), at=stage.later(minutes=2), session=stage.dose, words=words)
    assert SessionNote.objects.filter(session=stage.dose).count() == 2
    assert stage.fresh().dose.state == "under_way"
    with pytest.raises(Refused, match="who was in it"):
        write_room_note(by=stage.people.by("mira"), at=stage.at, session=stage.dose, words="I was away.")


# --- one person who is prescriber and therapist


@pytest.mark.parametrize("way", ["bracketed_iv", "in_session_iv"])
def test_one_person_who_is_both_hands_nothing_over_and_checks_in_once(way: str) -> None:
    stage = at_step(cast(), "shared", protocol=way)
    both = stage.people["tamsin"]
    give_role(by=SYSTEM, at=stage.at, organisation=stage.people.clinic, person=both, role=Role.THERAPIST)
    name_therapist(by=stage.people.by("tamsin"), at=stage.at, course=stage.course, person=both)
    stage.dose = planned_in(stage, timedelta(hours=1), lead=both)
    _ordered_and_checked(stage)
    assert owed(stage, "hand_over_before") is None
    if way == "bracketed_iv":
        assert level(stage, "W-HAND-OVER") is Level.CLEAR
        return
    check_in(by=stage.people.by("tamsin"), at=stage.at, session=stage.dose)
    assert set(CheckIn.objects.values_list("part", flat=True)) == {"medical", "therapist"}
    assert (level(stage, "W-THERAPIST"), level(stage, "W-MEDICAL")) == (Level.CLEAR, Level.CLEAR)
    # The second pair of eyes is still another human's: who signed the order does not check it.
    assert line(stage, "R-CONFIRMED").because.endswith("Osric Thanewell.")


# --- infusion only


def test_infusion_alone_asks_for_no_therapy_anywhere() -> None:
    stage = stage_at("gone_home", "infusion_only_iv")
    assert not Window.objects.filter(course=stage.course).exists()
    assert owed(stage, "hold_integration") is None and owed(stage, "find_therapist") is None
    stage.at += timedelta(days=4)
    again = planned_in(stage, timedelta(hours=1))
    lines = {f.rule: f for f in ready(day_of(again, stage.at)).findings}
    assert not [rule for rule in lines if rule.startswith("W-") or "INTEGRATION" in rule]


# --- esketamine


def test_esketamine_is_held_until_setting_patient_and_prescriber_are_on_record() -> None:
    stage = stage_at("confirmed", "esketamine")
    assert (level(stage, "W-SITE"), level(stage, "W-ENROLLED")) == (Level.CLEAR, Level.CLEAR)
    assert (level(stage, "W-ON-SITE"), rems_of(stage.dose, stage.at).prescriber_on_site) == (Level.HOLD, None)
    check_in(by=stage.people.by("tamsin"), at=stage.at, session=stage.dose)
    assert rems_of(stage.dose, stage.at).prescriber_on_site is True
    check_out(by=stage.people.by("tamsin"), at=stage.later(minutes=1), session=stage.dose)
    assert line(stage, "W-ON-SITE").override is None and level(stage, "W-ON-SITE") is Level.HOLD
    certify_site(
        by=stage.people.by("osric"), at=stage.at, organisation=stage.people.clinic, certified=False,
        checked_on=stage.at.date(),
    )  # fmt: skip
    assert (level(stage, "W-SITE"), line(stage, "W-SITE").override) == (Level.HOLD, None)


def test_only_the_medical_director_certifies_and_no_day_to_come_is_taken() -> None:
    people = cast()
    given: dict[str, Any] = {"organisation": people.clinic, "certified": True, "representative": "Osric"}
    stage = Stage(people)
    day = stage.at.date()
    with pytest.raises(NotPermitted):
        certify_site(by=people.by("tamsin"), at=stage.at, checked_on=day, certified_on=day, **given)
    with pytest.raises(Refused, match="still to come"):
        certify_site(
            by=people.by("osric"), at=stage.at, checked_on=day + timedelta(days=2), certified_on=day, **given
        )


def test_the_monitoring_form_is_owed_within_seven_days_and_told_before_the_next_visit() -> None:
    stage = stage_at("gone_home", "esketamine")
    task = owed(stage, "monitoring_form")
    assert task is not None and task.due_at == stage.dose.started_at + timedelta(days=7)
    first, stage.at = stage.dose, stage.at + timedelta(days=8)
    stage.dose = planned_in(stage, timedelta(hours=1))
    assert (level(stage, "W-FORM"), "was due by" in line(stage, "W-FORM").because) == (Level.CAUTION, True)
    form_was_sent(
        by=stage.people.by("jonah"), at=stage.at, session=first, sent_on=stage.at.date(), how="online"
    )
    assert level(stage, "W-FORM") is Level.CLEAR and owed(stage, "monitoring_form") is None


# --- choosing and changing


def test_in_the_evaluation_the_way_is_chosen_freely_and_each_choice_is_kept() -> None:
    stage = at_step(cast(), "opened")
    for id_ in ("in_session_im", "esketamine", "bracketed_sublingual"):
        tamsin = stage.people.by("tamsin")
        choose_way(by=tamsin, at=stage.later(minutes=1), course=stage.course, protocol_id=id_)
    stage.fresh()
    assert (stage.course.model, stage.course.route) == ("bracketed", "sublingual")
    assert list(WayChosen.objects.order_by("at").values_list("before", flat=True)) == [
        "blended_iv", "in_session_im", "esketamine",
    ]  # fmt: skip
    with pytest.raises(Refused, match="this way already"):
        choose_way(
            by=stage.people.by("tamsin"), at=stage.at, course=stage.course, protocol_id="bracketed_sublingual"
        )


def test_after_the_decision_a_prescriber_signs_exactly_what_was_shown() -> None:
    stage = at_step(cast(), "planned")
    tamsin = stage.people.by("tamsin")
    given: dict[str, Any] = {"at": stage.at, "course": stage.course, "protocol_id": "bracketed_iv"}
    with pytest.raises(Refused, match="decision of its own"):
        choose_way(by=tamsin, **given)
    with pytest.raises(NotPermitted):
        change_way(by=stage.people.by("jonah"), words="A nurse.", **given)
    with pytest.raises(Refused, match="Say why"):
        change_way(by=tamsin, words=" ", **given)
    shown = change_to(stage.course, protocol("bracketed_iv"), stage.at)
    with pytest.raises(Stale):
        change_way(by=tamsin, words="They talk too little.", seen="other", **given)
    row = change_way(by=tamsin, words="They talk too little.", seen=shown.seen, **given)
    assert row.told == shown.as_kept() and row.decided
    stage.fresh()
    assert (stage.course.model, stage.course.state) == ("bracketed", "preparation")
    assert level(stage, "R-DECISION") is Level.CLEAR and level(stage, "R-CONSENT") is Level.CLEAR
    assert owed(stage, "hand_over_before") is not None and owed(stage, "way_changed") is not None


def test_another_route_is_evaluated_decided_and_consented_anew_and_its_order_is_cancelled() -> None:
    stage = at_step(cast(), "confirmed")
    shown = change_to(stage.course, protocol("blended_im"), stage.at)
    assert any("35 mg" in words for words in shown.called_off)
    assert any("Consent" in words for words in shown.anew)
    change_way(
        by=stage.people.by("tamsin"), at=stage.later(minutes=1), course=stage.course,
        protocol_id="blended_im", words="Her veins.", seen=shown.seen,
    )  # fmt: skip
    stage.fresh()
    assert (stage.course.state, stage.course.route) == ("evaluation", "im")
    assert not Order.objects.current().filter(session=stage.dose).exists()
    assert level(stage, "R-DECISION") is Level.HOLD and level(stage, "R-CONSENT") is Level.HOLD
    assert owed(stage, "way_evaluate") is not None
    decide_candidacy(
        by=stage.people.by("tamsin"), at=stage.later(minutes=9), course=stage.course, outcome="not_now",
        words="She thinks it over.", for_patient="We wait for you.",
        look_again_on=(stage.at + timedelta(days=9)).date(),
    )  # fmt: skip
    assert owed(stage, "way_evaluate") is None


def test_leaving_therapy_calls_off_its_own_sessions_and_only_tells_the_other_practice() -> None:
    stage = at_step(cast(), "gone_home")
    theirs = stage.integration
    shown = change_to(stage.course, protocol("infusion_only_iv"), stage.at)
    assert any("is let go as therapist" in words for words in shown.called_off)
    change_way(
        by=stage.people.by("tamsin"), at=stage.later(minutes=1), course=stage.course,
        protocol_id="infusion_only_iv", words="She wants the infusions alone.",
    )  # fmt: skip
    theirs.refresh_from_db()
    assert theirs.state == "planned" and therapist_of(stage.course, stage.at) is None
    assert owed(stage, "way_changed").organisation == stage.people.therapy  # type: ignore[union-attr]


def test_nothing_changes_while_a_dose_is_under_way() -> None:
    stage = at_step(cast(), "under_way")
    with pytest.raises(Refused, match="under way"):
        change_way(
            by=stage.people.by("tamsin"), at=stage.at, course=stage.course, protocol_id="bracketed_iv",
            words="Now.",
        )  # fmt: skip


def test_only_a_therapist_the_patient_lets_in_is_named() -> None:
    stage = at_step(cast(), "decided")
    given: dict[str, Any] = {"by": stage.people.by("tamsin"), "at": stage.at, "course": stage.course}
    with pytest.raises(Refused, match="not a therapist"):
        name_therapist(person=stage.people["jonah"], **given)
    with pytest.raises(Refused, match="does not share dates"):
        name_therapist(person=stage.people["mira"], place=stage.people.therapy, **given)
    name_therapist(person=stage.people["theo"], **given)
    named = therapist_of(stage.course, stage.at)
    assert named is not None and named.person == stage.people["theo"]


# --- helpers


def _morning_without_check_in(stage: Stage) -> None:
    from openkap.steps.day import keep_day
    from tests.at_step import ESCORT, morning, reading

    keep_day(
        by=stage.people.by("jonah"), at=stage.at, session=stage.dose, answers=morning(stage), escort=ESCORT,
        touch="none",
    )  # fmt: skip
    reading(stage)


def _ordered_and_checked(stage: Stage) -> None:
    from tests.at_step import confirmed, drawn, ordered

    for play in (ordered, drawn, confirmed):
        play(stage.fresh())


def _given_by(stage: Stage, therapist: Actor) -> None:
    """A dose in the room with this therapist."""
    stage.dose = planned_in(stage, timedelta(hours=1))
    _ordered_and_checked(stage)
    _morning_without_check_in(stage)
    check_in(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)
    check_in(by=therapist, at=stage.at, session=stage.dose)
    under_way(stage.fresh())
