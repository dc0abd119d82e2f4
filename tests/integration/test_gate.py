"""Before a dose, as steps: ordered, drawn, checked by another, the morning asked, and gone ahead over."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openkap.medicine.course.gate import ready
from openkap.medicine.verdict import Finding, Level
from openkap.permits import Scope
from openkap.reads.order import order_shown, order_states
from openkap.reads.overrides import Wanted, overrides_of
from openkap.records.facts.gate import day_of
from openkap.records.models import (
    Confirmation,
    DayAnswer,
    Draw,
    Escort,
    GoAhead,
    Order,
    Result,
    TouchAgreement,
)
from openkap.records.standing import scope_now
from openkap.steps.day import keep_day
from openkap.steps.dose import start_dose
from openkap.steps.escort import name_escort
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.order import cancel_order, confirm_order, draw_dose, order_dose
from openkap.steps.readiness import go_ahead
from openkap.steps.say_no import take_back_consent
from tests.at_step import ESCORT, Stage, at_step, morning, reading
from tests.people import SYSTEM, cast

pytestmark = pytest.mark.django_db
A_DAY = timedelta(hours=24)


def stage_at(name: str) -> Stage:
    return at_step(cast(), name)


def line(stage: Stage, rule: str) -> Finding:
    """The line of the gate as it stands now."""
    return next(f for f in ready(day_of(stage.fresh().dose, stage.at)).findings if f.rule == rule)


def draw(stage: Stage, by: str = "jonah", **changes: Any) -> Draw:
    read = {"concentration_mg_per_ml": Decimal(50), "ml": Decimal("0.70"), **changes}
    return draw_dose(by=stage.people.by(by), at=stage.at, order=stage.order, **read)


def see(stage: Stage, by: str = "tamsin") -> Scope:
    return scope_now(stage.people.by(by), stage.at)


def state(stage: Stage) -> str:
    """How the order stands, as the gate and as the board say it; they must agree."""
    shown = order_shown(see(stage), stage.fresh().dose, stage.at)
    several = order_states(see(stage), [stage.dose], stage.at)
    assert several[stage.dose.id] == (shown.state if shown else "none")
    return several[stage.dose.id]


# --- drawing


def test_what_is_drawn_is_what_is_ordered_with_the_arithmetic_shown() -> None:
    stage = stage_at("ordered")
    assert state(stage) == "ordered"
    drawn = draw(stage)
    assert (drawn.mg, drawn.ml) == (Decimal(35), Decimal("0.7"))
    assert drawn.arithmetic[1] == "0.7 mL drawn × 50 mg/mL = 35 mg"
    assert state(stage) == "drawn"
    assert "0.7 mL of 50 mg/mL, 35 mg" in line(stage, "R-DRAWN").because


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ml": Decimal("3.5")}, "ml", "3.5 mL of 50 mg/mL is 175 mg. 35 mg are ordered: 0.7 mL."),
        ({"ml": Decimal("0.71")}, "ml", "0.7 mL"),
        ({"concentration_mg_per_ml": Decimal(10)}, "concentration_mg_per_ml", "and this one is 10"),
        ({"concentration_mg_per_ml": None}, "concentration_mg_per_ml", "label"),
        ({"ml": None}, "ml", "syringe"),
        ({"ml": Decimal(-1)}, "ml", ""),
    ],
)
def test_a_syringe_that_is_not_the_order_is_refused(changes: dict[str, Any], field: str, words: str) -> None:
    stage = stage_at("ordered")
    with pytest.raises(Refused) as refused:
        draw(stage, **changes)
    assert refused.value.field == field and words in refused.value.because
    assert not Draw.objects.exists()


def test_two_people_draw_it_up_and_the_second_is_told_who_was_first() -> None:
    stage = stage_at("drawn")
    with pytest.raises(Stale, match=r"Jonah Bellwether has already drawn this up: 0\.7 mL"):
        draw(stage, by="tamsin")


def test_drawn_again_needs_words_and_another_check() -> None:
    stage = stage_at("confirmed")
    first = Draw.objects.get()
    with pytest.raises(Refused, match="Say why"):
        draw(stage, instead_of=first.id)
    draw(stage, instead_of=first.id, words="Dropped.")
    assert "prepared again" in line(stage, "R-CONFIRMED").because
    assert state(stage) == "drawn"


# --- the second person


def test_nobody_checks_what_they_signed_or_drew() -> None:
    stage = stage_at("drawn")
    for key, words in (("tamsin", "You signed this order"), ("jonah", "You prepared this")):
        with pytest.raises(Refused, match=words):
            confirm_order(by=stage.people.by(key), at=stage.at, order=stage.order)
    with pytest.raises(Refused):
        confirm_order(by=SYSTEM, at=stage.at, order=stage.order)
    with pytest.raises(NotPermitted):
        confirm_order(by=stage.people.by("odette"), at=stage.at, order=stage.order)
    assert not Confirmation.objects.exists()


def test_the_check_is_of_what_was_on_the_page() -> None:
    stage = stage_at("drawn")
    shown = Draw.objects.get()
    draw(stage, instead_of=shown.id, words="A bubble.")
    with pytest.raises(Stale, match="drawn it up again"):
        confirm_order(by=stage.people.by("osric"), at=stage.at, order=stage.order, draw=shown)


def test_nothing_is_checked_before_it_is_drawn() -> None:
    stage = stage_at("ordered")
    with pytest.raises(Refused, match="Nothing is prepared yet"):
        confirm_order(by=stage.people.by("osric"), at=stage.at, order=stage.order)


# --- changed, cancelled, run out


def test_a_cancelled_order_says_who_and_why_everywhere() -> None:
    stage = stage_at("confirmed")
    with pytest.raises(NotPermitted):
        cancel_order(by=stage.people.by("jonah"), at=stage.at, order=stage.order, reason="No.")
    with pytest.raises(Refused):
        cancel_order(by=stage.people.by("tamsin"), at=stage.at, order=stage.order, reason=" ")
    cancel_order(by=stage.people.by("tamsin"), at=stage.later(minutes=1), order=stage.order, reason="A cold.")
    assert line(stage, "R-ORDER").because == "Tamsin Orrery cancelled the order: A cold."
    assert state(stage) == "cancelled"
    with pytest.raises(Stale):
        draw(stage)


def test_after_a_cancelled_order_another_can_be_signed() -> None:
    stage = stage_at("ordered")
    by = stage.people.by("tamsin")
    cancel_order(by=by, at=stage.at, order=stage.order, reason="The wrong weight.")
    asked = {"mg_per_kg": Decimal("0.4"), "duration_min": 40, "concentration_mg_per_ml": Decimal(50)}
    order_dose(by=by, at=stage.later(minutes=1), session=stage.dose, **asked)
    assert state(stage) == "ordered" and "28 mg" in line(stage, "R-ORDER").because


def test_an_order_runs_out_and_nothing_is_drawn_or_checked_by_it() -> None:
    stage = stage_at("drawn")
    stage.at = stage.order.at + A_DAY
    assert "has run out" in line(stage, "R-ORDER").because
    assert state(stage) == "expired"
    with pytest.raises(Refused, match="run out"):
        confirm_order(by=stage.people.by("osric"), at=stage.at, order=stage.order)


# --- the morning


def test_the_morning_is_kept_question_by_question_and_asked_again_it_is_another_row() -> None:
    stage = stage_at("arrived")
    # Integration is booked when the patient goes home: until then the gate says so, and lets it start.
    assert {f.rule for f in ready(day_of(stage.dose, stage.at)).findings if f.level is not Level.CLEAR} == {
        "W-BOOKED"
    }
    keep_day(
        by=stage.people.by("jonah"),
        at=stage.later(minutes=1),
        session=stage.dose,
        answers={**morning(stage), "health": {"answer": "yes", "words": "A cold since Sunday."}},
    )
    health = DayAnswer.objects.filter(question="health")
    assert health.count() == 2 and health.current().get().value["words"] == "A cold since Sunday."
    assert line(stage, "R-HEALTH").override == "prescriber"


def test_yesterdays_answers_are_not_todays() -> None:
    stage = stage_at("arrived")
    stage.at += A_DAY
    for rule in ("R-IDENTITY", "R-FASTING", "R-TOUCH", "S38"):
        assert line(stage, rule).weighs is Level.UNKNOWN, rule


@pytest.mark.parametrize(("band", "level"), [("none", "clear"), ("moderate", "caution"), ("high", "hold")])
def test_what_the_safety_questions_say_today_is_what_counts(band: str, level: str) -> None:
    stage = stage_at("arrived")
    keep_day(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, answers={"safety": {"band": band}})
    assert line(stage, "S38").level == level


def test_a_pregnancy_test_and_touch_are_kept_where_they_belong() -> None:
    stage = stage_at("ordered")
    keep_day(
        by=stage.people.by("jonah"),
        at=stage.later(minutes=1),
        session=stage.dose,
        answers={},
        hcg="positive",
        touch="hand",
    )
    assert Result.objects.get(key="hcg").value == "positive"
    assert TouchAgreement.objects.order_by("at").last().level == "hand"
    assert line(stage, "S16").level is Level.STOP


def test_an_escort_has_a_name_and_a_number() -> None:
    stage = stage_at("confirmed")
    by = stage.people.by("jonah")
    with pytest.raises(Refused, match="telephone"):
        name_escort(by=by, at=stage.at, session=stage.dose, name="Lou")
    for _again in range(2):
        name_escort(by=by, at=stage.at, session=stage.dose, **ESCORT)
    assert Escort.objects.count() == 1
    assert "Lou Alderbrook, brother" in line(stage, "S37").because


@pytest.mark.parametrize(
    ("question", "said", "field"),
    [
        ("identity", {"answer": "maybe"}, "identity"),
        ("health", {"answer": "yes", "words": " "}, "health_words"),
        ("meal", {"ate_at": None, "drank_at": None, "kind": "light"}, "ate"),
        ("meal", {"ate_at": None, "drank_at": None, "kind": "huge"}, "meal_kind"),
        ("staff", {"monitor": "", "second": ""}, "monitor"),
        ("weather", {}, ""),
    ],
)
def test_what_is_no_answer_is_refused(question: str, said: dict[str, Any], field: str) -> None:
    stage = stage_at("confirmed")
    with pytest.raises(Refused) as refused:
        keep_day(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, answers={question: said})
    assert refused.value.field == field and not DayAnswer.objects.exists()


# --- going ahead, and what nobody goes ahead over


def test_a_prescriber_goes_ahead_over_one_line_and_it_is_listed() -> None:
    stage = stage_at("arrived")
    stage.later(minutes=2)
    reading(stage, sbp=152, dbp=88)
    ask = {"at": stage.at, "session": stage.dose, "rule": "S06", "because": line(stage, "S06").because}
    with pytest.raises(NotPermitted):
        go_ahead(by=stage.people.by("odette"), words="She is nervous.", **ask)
    with pytest.raises(Refused, match="Only a prescriber"):
        go_ahead(by=stage.people.by("jonah"), words="She is nervous.", **ask)
    with pytest.raises(Refused, match="Say why"):
        go_ahead(by=stage.people.by("tamsin"), words=" ", **ask)
    go_ahead(by=stage.people.by("tamsin"), words="She is nervous.", **ask)
    assert line(stage, "S06").level is Level.CAUTION
    start_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)
    listed = overrides_of(see(stage, "osric"), stage.people.clinic, Wanted()).lines
    assert [(o.kind, o.rule, o.who, o.words) for o in listed] == [
        ("gate", "S06", "Tamsin Orrery", "She is nervous.")
    ]


def test_a_line_that_changed_is_looked_at_again() -> None:
    stage = stage_at("arrived")
    stage.later(minutes=2)
    reading(stage, sbp=152, dbp=88)
    with pytest.raises(Stale, match="152/88"):
        go_ahead(
            by=stage.people.by("tamsin"), at=stage.at, session=stage.dose, rule="S06", words="Fine.",
            because="Blood pressure is 146/88. The guide is 140/90.",
        )  # fmt: skip
    with pytest.raises(Stale, match="settled"):
        go_ahead(by=stage.people.by("tamsin"), at=stage.at, session=stage.dose, rule="R-KIT", words="Fine.")


def test_high_risk_is_the_medical_directors_and_no_prescribers() -> None:
    stage = stage_at("arrived")
    keep_day(
        by=stage.people.by("jonah"), at=stage.at, session=stage.dose, answers={"safety": {"band": "high"}}
    )
    ask = {"at": stage.at, "session": stage.dose, "rule": "S38", "words": "Seen, safe, with her brother."}
    with pytest.raises(Refused, match="Only the medical director"):
        go_ahead(by=stage.people.by("tamsin"), **ask)
    with pytest.raises(Refused):
        start_dose(by=stage.people.by("tamsin"), at=stage.at, session=stage.dose, words="Seen.")
    assert not GoAhead.objects.exists()
    go_ahead(by=stage.people.by("osric"), **ask)
    start_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)


def test_consent_taken_back_on_the_morning_stops_it_whoever_asks() -> None:
    stage = stage_at("arrived")
    take_back_consent(by=stage.people.patient("wren"), at=stage.later(minutes=1), course=stage.course)
    assert (line(stage, "R-CONSENT").level, line(stage, "R-CONSENT").override) == (Level.STOP, None)
    with pytest.raises(Refused, match="took back the consent"):
        start_dose(by=stage.people.by("osric"), at=stage.at, session=stage.dose, words="She meant the other.")
    assert stage.fresh().dose.started_at is None


def test_orders_signed_over_something_are_listed() -> None:
    stage = stage_at("planned")
    order_dose(
        by=stage.people.by("tamsin"), at=stage.at, session=stage.dose, mg_per_kg=Decimal("0.6"),
        duration_min=40, words="Bore 0.5 well elsewhere.",
    )  # fmt: skip
    listed = overrides_of(see(stage, "osric"), stage.people.clinic, Wanted(kind="order")).lines
    assert "D-IV-FIRST" in {o.rule for o in listed}
    assert overrides_of(see(stage, "osric"), stage.people.clinic, Wanted(kind="gate")).lines == ()
    assert overrides_of(see(stage, "osric"), stage.people.clinic, Wanted(until=stage.at)).lines == ()
    assert overrides_of(see(stage, "mira"), stage.people.clinic, Wanted()).lines == ()


# --- queries


def test_the_gate_asks_a_bounded_number_of_questions() -> None:
    stage = stage_at("arrived")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        day_of(stage.dose, stage.at)
    assert len(asked) <= 40, len(asked)
    with CaptureQueriesContext(connection) as asked:
        order_states(see(stage), [stage.dose], stage.at)
    assert len(asked) <= 6, len(asked)
    assert Order.objects.count() == 1
