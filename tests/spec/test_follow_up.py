"""What is asked between visits, line by line; and how long an alert waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openkap.medicine.course.follow_up import (
    Doses,
    Wish,
    goes_on_after,
    goes_on_again,
    may_ask_of_safety,
    opens,
    reminding,
    silent_after,
    wishes,
    without_fresh,
    without_screened,
)
from openkap.medicine.course.pace import can_wait, minutes_of, next_of
from openkap.medicine.instruments import instrument
from openkap.medicine.protocols import protocol
from tests.spec.tables import Line, lines

ZONE = ZoneInfo("America/New_York")
ENDED = datetime(2027, 3, 10, 16, 0, tzinfo=UTC)


def of(rule: str) -> list[Line]:
    return [line for line in lines("follow_up") if line.rule == rule]


def asked(doses: Doses, at: datetime) -> tuple[Wish, ...]:
    return wishes(protocol("blended_iv"), doses, at, ZONE)


def names(doses: Doses, at: datetime, *forms: str) -> list[str]:
    return [wish.point for wish in asked(doses, at) if wish.instrument in forms]


@pytest.mark.parametrize("line", [*of("F-DAILY"), *of("F-WEEKLY")], ids=str)
def test_the_question_comes_when_the_table_says(line: Line) -> None:
    # In July no clock changes: the table counts hours.
    ended = datetime(2027, 7, 1, 16, 0, tzinfo=UTC) if line.cells["hours after the dose"] != "8736" else ENDED
    at = ended + timedelta(hours=int(line["hours after the dose"]))
    form = "daily" if line.rule == "F-DAILY" else "weekly"
    if line["hours after the dose"] == "8736":
        at += timedelta(hours=1)
    assert ", ".join(names(Doses((ended,)), at, form)) == line["asked"]


@pytest.mark.parametrize("line", of("F-BEFORE-DOSE"), ids=str)
def test_forms_of_a_dosing_day(line: Line) -> None:
    at = ENDED - timedelta(hours=int(line["hours before the dose"]))
    found = asked(Doses(next_from=ENDED), at)
    said = ", ".join(sorted({w.instrument for w in found}, key=["phq9", "gad7", "cssrs_slc"].index))
    assert f"{said} {' '.join(sorted({w.point for w in found}))}".strip() == line["asked"]


@pytest.mark.parametrize("line", of("F-OPENS"), ids=str)
def test_what_an_answer_opens(line: Line) -> None:
    marks = [None if mark == "-" else int(mark) for mark in line["answers"].split()]
    answers = dict(zip(instrument(line["form"]).items, marks, strict=True))
    assert (opens(line["form"], answers) or "") == line["opens"]


@pytest.mark.parametrize("line", of("F-POSITIVE"), ids=str)
def test_what_a_positive_screen_opens(line: Line) -> None:
    marks = [None if mark == "-" else int(mark) for mark in line["answers"].split()]
    answers = dict(zip(instrument(line["form"]).items, marks, strict=True))
    assert (opens(line["form"], answers, sex=line["sex"]) or "") == line["opens"]


@pytest.mark.parametrize("line", of("F-PACE"), ids=str)
def test_what_is_asked_next_and_what_can_wait(line: Line) -> None:
    name, put_off = next_of(line["waits"].split(), line["answered today"].split())
    assert (name or "", "yes" if put_off else "no") == (line["next"], line["put off"])
    assert " ".join(can_wait(line["waits"].split(), line["answered today"].split())) == line["can wait"]


def test_minutes_are_said_as_whole_ones() -> None:
    assert [minutes_of(name) for name in ("daily", "cssrs_slc", "phq9", "pcl5")] == [1, 1, 2, 4]


@pytest.mark.parametrize(("days", "asked_for"), [(5, "phq2"), (7, "phq9"), (None, "phq9")])
def test_a_score_of_the_last_days_needs_only_the_short_form(days: int | None, asked_for: str) -> None:
    plan, at = protocol("blended_iv"), ENDED - timedelta(hours=1)
    wish = Wish("phq9", "before_2", ENDED - timedelta(hours=24), ENDED)
    answered = [("phq9", at - timedelta(days=days))] if days is not None else []
    assert [w.instrument for w in without_fresh(plan, [wish], answered, at)] == [asked_for]
    whole = [*answered, ("phq9", at - timedelta(hours=1))]
    assert without_fresh(plan, [wish], whole, at) == (wish,), "answered meanwhile: the whole form counts"
    after = Wish("phq9", "after_2", wish.due_at, ENDED)
    assert without_fresh(plan, [after], answered, at) == (after,)


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ({}, ["gad7"]),
        ({"pcptsd5": {"positive": False}}, ["gad7"]),
        ({"pcptsd5": {"positive": None}}, ["gad7"]),
        ({"pcptsd5": {"positive": True}}, ["pcl5", "gad7"]),
        ({"pcl5": {}}, ["pcl5", "gad7"]),
    ],
)
def test_a_whole_form_is_asked_behind_a_positive_screen(
    flags: dict[str, dict[str, bool | None]], names: list[str]
) -> None:
    wanted = [Wish(name, "end_of_acute", ENDED, ENDED + timedelta(days=14)) for name in ("pcl5", "gad7")]
    assert [w.instrument for w in without_screened(wanted, flags)] == names


def test_after_an_integration_session_a_few_questions() -> None:
    held = ENDED + timedelta(hours=48)
    found = asked(Doses((ENDED,), integrated=(held,)), held + timedelta(hours=1))
    assert {w.instrument for w in found if w.point == "visit_1"} == {"session_feedback", "cssrs_slc"}
    late = asked(Doses((ENDED,), integrated=(held,)), held + timedelta(hours=72))
    assert not [w for w in late if w.point == "visit_1"]


def test_clocks() -> None:
    every, most = reminding()
    [line] = of("F-REMIND")
    assert (every, most) == (timedelta(hours=int(line["every"])), int(line["most"]))
    [line] = of("F-SILENT")
    assert silent_after() == timedelta(hours=int(line["hours"]))
    for line in of("F-ALERT-CLOCK"):
        wait = goes_on_after(line["level"])
        assert ("" if wait is None else str(int(wait.total_seconds() // 60))) == line["minutes"]
        assert goes_on_again(line["level"]).total_seconds() / 60 == int(line["again"])


def test_only_what_can_lead_to_a_question_of_safety_needs_someone_on_call() -> None:
    assert {name for name in ("daily", "weekly", "phq2", "phq9", "cssrs_slc") if may_ask_of_safety(name)} == {
        "daily",
        "weekly",
        "phq2",
        "phq9",
        "cssrs_slc",
    }
    assert not may_ask_of_safety("gad7") and not may_ask_of_safety("pcl5")


def test_only_the_first_question_after_a_dose_leads_to_a_call() -> None:
    first, second = (asked(Doses((ENDED,)), ENDED + timedelta(hours=h)) for h in (24, 48))
    assert [w.point for w in (*first, *second) if w.first] == ["day_1_1"]


@pytest.mark.parametrize(
    ("dose", "month", "due"),
    [
        ("2027-01-31T16:00", 1, "2027-02-28T11:00"),
        ("2027-02-10T16:00", 1, "2027-03-10T11:00"),
        ("2027-03-10T16:00", 1, "2027-04-10T11:00"),
        ("2027-01-31T16:00", 2, "2027-03-31T11:00"),
        ("2027-01-31T16:00", 3, "2027-04-30T11:00"),
        ("2027-01-31T16:00", 6, "2027-07-31T11:00"),
        ("2026-12-15T16:00", 12, "2027-12-15T11:00"),
    ],
)
def test_a_month_later_is_the_same_day_and_hour_by_the_clock_on_the_wall(
    dose: str, month: int, due: str
) -> None:
    """The third spans the night in which clocks change: 11:00 stays 11:00."""
    ended = datetime.fromisoformat(dose).replace(tzinfo=UTC)
    wanted = datetime.fromisoformat(due).replace(tzinfo=ZONE)
    doses = Doses((ended,), acute_over=True)
    found = [w for w in asked(doses, wanted) if w.point == f"month_{month}"]
    assert {w.due_at for w in found} == {wanted.astimezone(UTC)}
    assert not [w for w in asked(doses, wanted - timedelta(minutes=1)) if w.point == f"month_{month}"]
    [told] = [line for line in of("measure-later") if line["month"] == str(month)]
    assert " ".join(w.instrument for w in found if w.by_link) == told["by link"]
    assert " ".join(w.instrument for w in found if not w.by_link) == told["in person"]


def test_what_no_patient_can_answer_alone_is_for_a_person_to_ask() -> None:
    [bladder] = [w for w in asked(Doses((ENDED,) * 4), ENDED) if w.instrument == "icsi"]
    assert not bladder.by_link and bladder.point == "dose_4"
    assert asked(Doses(), ENDED) == ()
