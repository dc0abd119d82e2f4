"""From order to going home: who may, what is asked, what is refused, what is left behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from openkap.demonstration.visit import WELL
from openkap.permits import Actor
from openkap.records.facts.dose import dose_now, order_now
from openkap.records.ids import new_id
from openkap.records.models import (
    Administration,
    Confirmation,
    Discharge,
    DocumentVersion,
    Event,
    Order,
    Prompt,
    Reading,
    Session,
    Site,
    Task,
    Window,
)
from openkap.steps.bedside import mark_event
from openkap.steps.correct import correct
from openkap.steps.course import plan_session
from openkap.steps.dose import (
    end_dose,
    go_home,
    keep_reading,
    pause_dose,
    resume_dose,
    start_dose,
)
from openkap.steps.frame import AlreadyDone, NotPermitted, Refused, Stale
from openkap.steps.order import confirm_order, order_dose
from tests.at_step import Stage, at_step, reading
from tests.people import SYSTEM, cast

pytestmark = pytest.mark.django_db


def stage_at(name: str) -> Stage:
    return at_step(cast(), name)


def order(stage: Stage, by: str = "tamsin", **changes: Any) -> Order:
    asked: dict[str, Any] = {
        "mg_per_kg": Decimal("0.5"),
        "duration_min": 40,
        "concentration_mg_per_ml": Decimal(50),
        **changes,
    }
    return order_dose(by=stage.people.by(by), at=stage.at, session=stage.dose, **asked)


def test_a_dose_goes_its_whole_way() -> None:
    stage = stage_at("gone_home")
    assert (stage.dose.state, stage.course.state) == ("done", "dosing")
    assert stage.dose.ended_at is not None
    assert Discharge.objects.get(session=stage.dose).level == "clear"
    verbs = list(Event.objects.filter(session=stage.dose.id, outcome="done").values_list("verb", flat=True))
    wanted = [
        "order.signed",
        "order.confirmed",
        "reading.kept",
        "dose.started",
        "dose.ended",
        "session.went_home",
    ]
    assert [verb for verb in dict.fromkeys(verbs) if verb in wanted] == wanted


# --- the order


def test_the_working_is_kept_line_by_line() -> None:
    stage = stage_at("ordered")
    assert (stage.order.mg, stage.order.ml, stage.order.route) == (Decimal("35.00"), Decimal("0.70"), "iv")
    assert stage.order.arithmetic == ["70 kg x 0.5 mg/kg = 35 mg", "35 mg / 50 mg/mL = 0.7 mL"]
    assert stage.order.verdict["ruleset"]


def test_only_a_prescriber_signs() -> None:
    stage = stage_at("planned")
    for who in ("jonah", "odette", "priya"):
        with pytest.raises(NotPermitted):
            order(stage, who)


def test_without_a_weight_nothing_is_ordered() -> None:
    stage = stage_at("opened")
    stage.dose = plan_session(
        by=stage.people.by("odette"), at=stage.at, course=stage.course, organisation=stage.people.clinic,
        phase="dosing", planned_from=stage.at, minutes=120, room=stage.people.room(),
    )  # fmt: skip
    with pytest.raises(Refused, match="Weigh first") as refused:
        order(stage)
    assert refused.value.field == "weight_kg"


def test_a_weight_older_than_the_rule_allows_is_weighed_again() -> None:
    stage = stage_at("planned")
    stage.later(days=31)
    with pytest.raises(Refused, match="Weigh again"):
        order(stage)


def test_stop_is_refused_with_words_or_without() -> None:
    stage = stage_at("planned")
    for words in ("", "I know better"):
        with pytest.raises(Refused):
            order(stage, mg_per_kg=Decimal("1.6"), words=words)
    assert not Order.objects.exists()


def test_caution_needs_words_which_stay_with_the_order() -> None:
    stage = stage_at("planned")
    with pytest.raises(Refused) as refused:
        order(stage, mg_per_kg=Decimal("0.6"))
    assert refused.value.field == "words"
    kept = order(stage, mg_per_kg=Decimal("0.6"), words="Half a milligram did little in another course.")
    assert kept.verdict["words"].startswith("Half a milligram")
    assert kept.level == "caution"


@pytest.mark.parametrize("mg_per_kg", ["0", "-1", "500"])
def test_an_absurd_dose_is_refused(mg_per_kg: str) -> None:
    with pytest.raises(Refused):
        order(stage_at("planned"), mg_per_kg=Decimal(mg_per_kg))


def test_on_a_real_site_no_route_is_signed_so_none_is_ordered() -> None:
    stage = at_step(cast(demonstration=False), "planned")
    assert not Site.objects.filter(demonstration=True).exists()
    with pytest.raises(Refused, match="not signed here yet"):
        order(stage)


def test_two_prescribers_at_once_are_told_of_each_other() -> None:
    stage = stage_at("ordered")
    with pytest.raises(Stale, match="Tamsin Orrery has ordered"):
        order(stage, "osric")
    second = order(stage, "osric", instead_of=stage.order.id)
    assert order_now(stage.dose) == second
    assert second.corrects_id == stage.order.id


def test_the_same_order_sent_twice_is_one() -> None:
    stage, sent = stage_at("planned"), new_id()
    order(stage, submission=sent)
    with pytest.raises(AlreadyDone):
        order(stage, submission=sent)
    assert Order.objects.count() == 1


# --- the second person


def test_the_signer_never_confirms() -> None:
    stage = stage_at("ordered")
    with pytest.raises(Refused, match="Someone else checks it"):
        confirm_order(by=stage.people.by("tamsin"), at=stage.at, order=stage.order)


def test_the_system_never_confirms() -> None:
    stage = stage_at("ordered")
    with pytest.raises(Refused, match="Only a person"):
        confirm_order(by=SYSTEM, at=stage.at, order=stage.order)


def test_an_order_is_confirmed_once() -> None:
    stage = stage_at("confirmed")
    with pytest.raises(Stale, match="already checked"):
        confirm_order(by=stage.people.by("osric"), at=stage.at, order=stage.order)
    assert Confirmation.objects.count() == 1


def test_an_order_changed_after_its_check_needs_another() -> None:
    stage = stage_at("arrived")
    order(stage, mg_per_kg=Decimal("0.4"), instead_of=stage.order.id)
    with pytest.raises(Refused, match="changed after it was checked"):
        start_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)
    with pytest.raises(Stale, match="changed since you opened it"):
        confirm_order(by=stage.people.by("osric"), at=stage.at, order=stage.order)


def test_an_order_entered_in_error_cannot_be_started() -> None:
    stage = stage_at("arrived")
    correct(
        by=stage.people.by("tamsin"),
        at=stage.at,
        row=stage.order,
        reason="Wrong vial",
        changes={"ml": Decimal("3.5")},
    )
    with pytest.raises(Refused, match="changed after it was checked"):
        start_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)


# --- start


def test_everything_missing_is_told_at_once() -> None:
    stage = stage_at("opened")
    session = plan_session(
        by=stage.people.by("odette"), at=stage.at, course=stage.course, organisation=stage.people.clinic,
        phase="dosing", planned_from=stage.at, minutes=120, room=stage.people.room(),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        start_dose(by=stage.people.by("jonah"), at=stage.at, session=session)
    for words in ("decision", "consent", "No dose is ordered", "second person", "first vitals"):
        assert words.lower() in refused.value.because.lower()
    assert Session.objects.get(pk=session.pk).state == "planned"


def test_a_text_newer_than_the_draw_waits_for_the_next_dose() -> None:
    stage = stage_at("arrived")
    old = DocumentVersion.objects.filter(document="consent.iv", language="en").latest("version")
    DocumentVersion.objects.create(
        organisation=old.organisation, document=old.document, version=old.version + 1, language=old.language,
        title=old.title, text="New", sha256="1" * 64, made_at=stage.at,
    )  # fmt: skip
    start_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)
    assert Administration.objects.get().session_id == stage.dose.id


def test_started_in_two_browsers_starts_once() -> None:
    stage = stage_at("arrived")
    version = stage.fresh().dose.version
    start_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, version=version)
    with pytest.raises(Stale, match="since you opened it"):
        start_dose(by=stage.people.by("osric"), at=stage.at, session=stage.dose, version=version)
    with pytest.raises(Refused, match="under way"):
        start_dose(by=stage.people.by("osric"), at=stage.at, session=stage.dose)
    assert Administration.objects.count() == 1


def test_one_live_session_a_room() -> None:
    people = cast()
    first = at_step(people, "under_way")
    second = at_step(people, "arrived", key="noor", at=first.at)
    with pytest.raises(Refused, match="under way in Alder"):
        start_dose(by=people.by("jonah"), at=second.at, session=second.dose)


def test_a_first_pressure_over_the_guide_needs_a_prescribers_words() -> None:
    stage = stage_at("arrived")
    stage.later(minutes=2)
    reading(stage, sbp=152, dbp=88)
    with pytest.raises(Refused) as refused:
        start_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)
    assert "A prescriber may go ahead" in refused.value.because
    with pytest.raises(NotPermitted):
        start_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, words="She is nervous.")
    start_dose(by=stage.people.by("tamsin"), at=stage.at, session=stage.dose, words="She is nervous.")
    assert stage.fresh().dose.state == "under_way"


# --- vitals


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"sbp": 12, "dbp": 80}, "sbp", "Did you mean 120"),
        ({"sbp": 80, "dbp": 120}, "dbp", "Did you mean 120/80"),
        ({"sbp": 120}, "dbp", "two numbers"),
        ({"hr": 700}, "hr", "Did you mean 70"),
        ({"spo2": 101}, "spo2", "out of range"),
        ({"temp_c": Decimal("98.6")}, "temp_c", "98.6 °F"),
        ({"moaas": 6}, "moaas", "no step of this scale"),
        ({"moaas": Decimal("4.5")}, "moaas", "no step of this scale"),
        ({}, "", "Nothing is measured"),
    ],
)
def test_absurd_vitals_are_refused_with_a_guess(values: dict[str, Any], field: str, words: str) -> None:
    stage = stage_at("under_way")
    count = Reading.objects.count()
    with pytest.raises(Refused) as refused:
        keep_reading(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, values=values)
    assert words in refused.value.because
    assert refused.value.field == field
    assert Reading.objects.count() == count


def test_a_time_to_come_or_long_ago_is_refused() -> None:
    stage = stage_at("under_way")
    for taken in (stage.at + timedelta(days=1), datetime(202, 3, 9, tzinfo=UTC)):
        with pytest.raises(Refused) as refused:
            keep_reading(
                by=stage.people.by("jonah"),
                at=stage.at,
                session=stage.dose,
                values={"hr": 70},
                taken_at=taken,
            )
        assert refused.value.field == "taken_at"


def test_the_same_set_sent_twice_is_one() -> None:
    stage, sent = stage_at("under_way"), new_id()
    count = Reading.objects.count()

    def send(by: Actor, submission: UUID) -> None:
        keep_reading(by=by, at=stage.at, session=stage.dose, values={"hr": 70}, submission=submission)

    send(stage.people.by("jonah"), sent)
    with pytest.raises(AlreadyDone):
        send(stage.people.by("jonah"), sent)
    with pytest.raises(Refused, match="already sent by someone else"):
        send(stage.people.by("tamsin"), sent)
    assert Reading.objects.count() == count + 1


def test_a_set_kept_late_is_charted_when_it_was_so() -> None:
    stage = stage_at("watched")
    taken = stage.at - timedelta(minutes=7)
    kept = keep_reading(
        by=stage.people.by("jonah"), at=stage.at, session=stage.dose, values={"hr": 70}, taken_at=taken
    )
    assert (kept.at, kept.recorded_at) == (taken, stage.at)


def test_a_prompt_is_kept_once_and_closed() -> None:
    stage = stage_at("under_way")
    for sbp in (166, 168, 120):
        stage.later(minutes=5)
        reading(stage, sbp=sbp)
    lines = Prompt.objects.filter(session=stage.dose, signal="bp").exclude(level="due")
    assert list(lines.values_list("level", flat=True)) == ["amber", "resolved"]


def test_two_people_correcting_the_same_set() -> None:
    stage = stage_at("watched")
    row = Reading.objects.filter(session=stage.dose).first()
    assert row is not None
    correct(by=stage.people.by("jonah"), at=stage.at, row=row, reason="Cuff slipped", changes={"sbp": 118})
    with pytest.raises(Stale, match="Jonah Bellwether already corrected this"):
        correct(by=stage.people.by("tamsin"), at=stage.at, row=row, reason="Typing", changes={"sbp": 119})


def test_pause_and_go_on_follow_the_table() -> None:
    stage = stage_at("under_way")
    by = stage.people.by("jonah")
    with pytest.raises(Refused, match="Not now"):
        resume_dose(by=by, at=stage.at, session=stage.dose)
    pause_dose(by=by, at=stage.later(minutes=5), session=stage.dose, words="Needs the bathroom")
    with pytest.raises(Refused, match="Not now"):
        pause_dose(by=by, at=stage.at, session=stage.dose)
    resume_dose(by=by, at=stage.later(minutes=5), session=stage.dose)
    assert stage.fresh().dose.state == "under_way"


def test_the_room_marks_what_it_knows() -> None:
    stage = stage_at("under_way")
    by = stage.people.by("jonah")
    assert mark_event(by=by, at=stage.at, session=stage.dose, what="tears").what == "tears"
    with pytest.raises(Refused):
        mark_event(by=by, at=stage.at, session=stage.dose, what="levitating")


def test_an_outside_therapist_reaches_nothing_of_it() -> None:
    stage = stage_at("under_way")
    with pytest.raises(NotPermitted):
        keep_reading(by=stage.people.by("mira"), at=stage.at, session=stage.dose, values={"hr": 70})


# --- the end of the dose, and going home


def test_the_end_opens_the_window_and_asks_for_what_follows() -> None:
    stage = stage_at("recovering")
    dose = dose_now(stage.dose)
    assert dose is not None
    assert dose.ended_at == stage.at
    assert dose.mg == stage.order.mg
    window = Window.objects.get(dose=stage.dose)
    times = (window.opens_at, window.target_at, window.closes_at)
    assert [(time - stage.at) / timedelta(hours=1) for time in times] == [24, 48, 72]
    tasks = {task.what: task for task in Task.objects.filter(session=stage.dose)}
    assert tasks["hold_integration"].organisation == stage.people.therapy
    assert tasks["next_day_call"].due_at == stage.at + timedelta(hours=24)


def test_less_than_ordered_needs_words_and_more_is_refused() -> None:
    stage = stage_at("watched")
    by = stage.people.by("jonah")
    with pytest.raises(Refused, match="Say why it ended early"):
        end_dose(by=by, at=stage.at, session=stage.dose, mg=Decimal(20))
    with pytest.raises(Refused, match="between 0 and that"):
        end_dose(by=by, at=stage.at, session=stage.dose, mg=Decimal(36), words="More")
    ended = end_dose(by=by, at=stage.at, session=stage.dose, mg=Decimal(20), words="Asked to stop.")
    assert ended.mg == Decimal(20)


def leave(stage: Stage, who: str = "jonah", words: str = "", **answers: Any) -> Discharge:
    return go_home(
        by=stage.people.by(who),
        at=stage.at,
        session=stage.dose,
        answers={**WELL, **answers},
        escort_name=answers.pop("escort_name", "Lou Alderbrook"),
        identified="photo_id",
        words=words,
    )


def test_too_early_names_everything_that_is_open() -> None:
    stage = stage_at("recovering")
    reading(stage)
    with pytest.raises(Refused) as refused:
        leave(stage, gait_steady=False)
    assert "0 of 60 minutes" in refused.value.because
    assert "Walks steadily" in refused.value.because or "steady" in refused.value.because
    assert stage.fresh().dose.state == "recovering"


def test_a_prescriber_lets_go_with_a_reason_and_a_nurse_does_not() -> None:
    stage = stage_at("recovering")
    stage.later(minutes=50)
    reading(stage)
    with pytest.raises(NotPermitted):
        leave(stage, words="Ten minutes short, steady.")
    leave(stage, "tamsin", words="Ten minutes short, steady, husband is a nurse.")
    assert stage.fresh().dose.state == "done"


def test_nobody_goes_home_alone() -> None:
    stage = stage_at("recovering")
    with pytest.raises(Refused, match="Nobody goes home alone"):
        go_home(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, answers=WELL, escort_name=" ")


def test_going_home_comes_after_the_dose() -> None:
    with pytest.raises(Refused, match="Not now"):
        leave(stage_at("watched"))
