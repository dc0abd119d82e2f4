"""Every line of the gate's tables: one fact about a morning, and what the gate says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openkap.medicine.course import SinceLastDose
from openkap.medicine.course.gate import FIRST_SET, RULES, Day, GoneAhead, OrderNow, ready
from openkap.medicine.dosing import Route
from openkap.medicine.dosing.order import PastDose
from openkap.medicine.protocols import Protocol, protocols
from openkap.medicine.rules import library
from openkap.medicine.standing import Colleague, Held
from openkap.medicine.verdict import Finding, Level
from tests.spec.tables import Line, lines

NINE = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("America/New_York"))
HOUR = timedelta(hours=1)
QUIET = Day(
    at=NINE,
    signing="signed",
    signed_by="Dr Osric",
    signed_on="2026-11-01",
    decision="candidate",
    consent="signed",
    asked={
        "identity": {"answer": "yes"},
        "health": {"answer": "no"},
        "medicines": {"answer": "yes"},
        "taken": {"answer": "none"},
        "kit": {"answer": "yes"},
        "meal": {"ate_at": NINE - 12 * HOUR, "kind": "light", "drank_at": NINE - 4 * HOUR},
        "staff": {"monitor": "Jonah", "second": "Tamsin"},
    },
    touch="asked",
    touch_level="hand",
    escort="Lou",
    order=OrderNow(
        state="stands",
        by="Dr Tamsin",
        at=NINE - HOUR,
        mg=Decimal(35),
        drawn_by="Jonah",
        drawn="0.7 mL of 50 mg/mL, 35 mg",
        confirmed_by="Dr Osric",
    ),
    room="Alder",
    measured=frozenset(FIRST_SET),
)


def test_a_quiet_morning_is_clear() -> None:
    assert {f.rule for f in ready(QUIET).findings if f.level is not Level.CLEAR} == set()


@pytest.mark.parametrize("line", lines("gate"), ids=str)
def test_the_gate_says_what_its_table_says(line: Line) -> None:
    shown = _asked_of(line)
    found = [f for f in ready(_day(line)).findings if f.rule == shown]
    assert [str(f.level) for f in found] == [line["finding"]]
    assert (found[0].override or "") == line["who may go ahead"]
    assert line["told"] in found[0].because + " " + found[0].action


def test_every_line_of_the_gate_has_its_place_in_the_day() -> None:
    rows = {rule.id for rule in library().area("gate")} - {"R-SCREENED"}
    assert rows <= set(RULES)


def test_what_was_not_asked_never_lets_a_dose_start() -> None:
    for question in QUIET.asked:
        day = replace(QUIET, asked={q: told for q, told in QUIET.asked.items() if q != question})
        assert ready(day).at_least(Level.UNKNOWN), question


def test_going_ahead_turns_a_hold_into_a_caution_while_the_line_reads_the_same() -> None:
    fasting = _line(replace(QUIET, asked={**QUIET.asked, "meal": _meal(5)}), "R-FASTING")
    word = GoneAhead("R-FASTING", fasting.because, "Dr Tamsin", "Two crackers.")
    day = replace(QUIET, asked={**QUIET.asked, "meal": _meal(5)}, gone_ahead=(word,))
    said = _line(day, "R-FASTING")
    assert said.level is Level.CAUTION
    assert "Dr Tamsin goes ahead: Two crackers." in said.because
    changed = replace(day, asked={**QUIET.asked, "meal": _meal(4)})
    assert _line(changed, "R-FASTING").level is Level.HOLD


def test_nobody_goes_ahead_over_what_nobody_may_or_what_is_unknown() -> None:
    for day, rule in (
        (replace(QUIET, consent="unsigned"), "R-CONSENT"),
        (replace(QUIET, touch="none"), "R-TOUCH"),
    ):
        line = _line(day, rule)
        word = GoneAhead(rule, line.because, "Dr Osric", "I know them.")
        assert _line(replace(day, gone_ahead=(word,)), rule) == line


@pytest.mark.parametrize(("hours", "level"), [(72, Level.CLEAR), (71, Level.CAUTION), (47, Level.STOP)])
def test_the_time_since_the_last_dose_is_asked_again_at_the_start(hours: int, level: Level) -> None:
    day = replace(QUIET, last_dose=_dose(hours * HOUR), integration_held=True)
    worst = max((f for f in ready(day).findings if "SPACING" in f.rule), key=lambda f: f.level.weight)
    assert worst.level is level


def test_integration_that_was_missed_holds_the_dose() -> None:
    day = replace(QUIET, last_dose=_dose(96 * HOUR), integration_held=False, window_closes=NINE - HOUR)
    line = _line(day, "C-INTEGRATION")
    assert (line.level, line.override) == (Level.HOLD, "medical_director")


SINCE = SinceLastDose(
    doses_given=2, phq9_was=18, phq9_now=12, new_suicidal_thoughts=False, mania_or_psychosis=False,
    responded=False,
)  # fmt: skip


def test_the_course_speaks_at_the_gate_of_a_further_dose() -> None:
    day = replace(QUIET, last_dose=_dose(96 * HOUR), integration_held=True, since=SINCE)
    assert not [f for f in ready(day).findings if f.rule.startswith("C-") and f.level is not Level.CLEAR]
    for change, rule, level in (
        ({"phq9_now": 23}, "C-WORSE", Level.HOLD),
        ({"phq9_now": None}, "C-WORSE", Level.UNKNOWN),
        ({"mania_or_psychosis": True}, "C-MANIA-PSYCHOSIS", Level.STOP),
        ({"mania_or_psychosis": None}, "C-MANIA-PSYCHOSIS", Level.UNKNOWN),
        ({"new_suicidal_thoughts": True}, "C-NEW-SUICIDAL-THOUGHTS", Level.HOLD),
        ({"bladder_symptoms": True}, "C-BLADDER-SYMPTOMS", Level.HOLD),
        ({"severe_event": True}, "C-SEVERE-EVENT", Level.HOLD),
        ({"doses_given": 6}, "C-NO-RESPONSE", Level.HOLD),
        ({"pdmp_days_ago": 90}, "C-PDMP", Level.CAUTION),
    ):
        said = ready(replace(day, since=replace(SINCE, **change)))  # type: ignore[arg-type]
        assert [f.level for f in said.findings if f.rule == rule] == [level], rule
        assert said.at_least(Level.UNKNOWN) is (level is not Level.CAUTION)


def test_what_was_never_measured_before_a_dose_is_not_asked_for_ever() -> None:
    day = replace(QUIET, last_dose=_dose(96 * HOUR), integration_held=True)
    never = replace(SINCE, phq9_was=None, phq9_now=None, responded=None, doses_given=6)
    assert not ready(replace(day, since=never)).at_least(Level.UNKNOWN)


def test_an_hour_on_the_night_the_clocks_change_is_an_hour() -> None:
    """Two in the morning comes twice on November 1: seven hours lie between one and seven, not six."""
    seven = datetime(2026, 11, 1, 6, 59, tzinfo=NINE.tzinfo)
    meal = {"ate_at": datetime(2026, 11, 1, 0, 30, tzinfo=NINE.tzinfo), "kind": "fatty"}
    day = replace(QUIET, at=seven, asked={**QUIET.asked, "meal": {**meal, "drank_at": meal["ate_at"]}})
    assert "from 07:30 on" in _line(day, "R-FASTING").because


def test_every_word_of_a_protocols_needs_has_its_line() -> None:
    asks = {rule.words["need"] for rule in library().area("gate") if "need" in rule.words}
    assert {need for plan in protocols() for need in plan.needs} == asks


@pytest.mark.parametrize("plan", protocols(), ids=lambda plan: plan.id)
def test_each_way_asks_for_its_own_lines_and_no_others(plan: Protocol) -> None:
    day = replace(QUIET, needs=plan.needs, integrates=plan.integrates)
    asked = {f.rule for f in ready(day).findings if f.rule.startswith("W-")}
    rows = {rule.id for rule in library().area("gate") if rule.words.get("need") in plan.needs}
    assert asked == rows
    assert ("R-INTEGRATION" in {f.rule for f in ready(day).findings}) is plan.integrates


@pytest.mark.parametrize("plan", [p for p in protocols() if p.route is Route.ESKETAMINE], ids=lambda p: p.id)
def test_by_whatever_way_esketamine_is_given_its_program_asks_the_same(plan: Protocol) -> None:
    alone = next(p for p in protocols() if p.id == "esketamine")
    assert set(alone.needs) <= set(plan.needs)


def test_a_need_that_nobody_looked_up_never_lets_a_dose_start() -> None:
    day = replace(QUIET, needs=("therapist_checked_in",))
    assert (_line(day, "W-THERAPIST").level, ready(day).at_least(Level.UNKNOWN)) == (Level.UNKNOWN, True)


def test_a_way_without_therapy_is_not_held_by_integration() -> None:
    day = replace(QUIET, last_dose=_dose(96 * HOUR), integration_held=False, window_closes=NINE - HOUR)
    alone = ready(replace(day, integrates=False))
    assert not {f.rule for f in alone.findings} & {"C-INTEGRATION", "R-INTEGRATION"}


def _line(day: Day, rule: str) -> Finding:
    return next(f for f in ready(day).findings if f.rule == rule)


def _meal(hours: int) -> dict[str, Any]:
    return {"ate_at": NINE - hours * HOUR, "kind": "light", "drank_at": NINE - 4 * HOUR}


def _dose(ago: timedelta) -> PastDose:
    at = NINE - ago
    return PastDose(Route.IV, Decimal(35), at.date(), at)


def _asked_of(line: Line) -> str:
    return line["screened"] or line.rule


def _day(line: Line) -> Day:
    """The quiet morning with the changes that a table's line names."""
    day = QUIET
    for column, cell in line.cells.items():
        if column in CHANGES:
            day = CHANGES[column](day, cell, line)
    return day


def _told(question: str) -> Callable[[Day, str, Line], Day]:
    def change(day: Day, cell: str, _line: Line) -> Day:
        others = {q: told for q, told in day.asked.items() if q != question}
        if cell == "not asked":
            return replace(day, asked=others)
        return replace(day, asked={**others, question: {"answer": cell, "words": "a cold"}})

    return change


def _food(day: Day, _cell: str, line: Line) -> Day:
    meal = {"ate_at": _hour(line["ate"]), "kind": line["kind"], "drank_at": _hour(line["drank"])}
    return replace(day, route=line["route"], asked={**day.asked, "meal": meal})


def _hour(cell: str) -> datetime | None:
    if not cell:
        return None
    hour, minute = cell[:5].split(":")
    moment = NINE.replace(hour=int(hour), minute=int(minute))
    return moment - timedelta(days=1) if "day before" in cell else moment


def _staff(day: Day, _cell: str, line: Line) -> Day:
    named = {"monitor": line["stays"], "second": line["within reach"]}
    return replace(day, asked={**day.asked, "staff": named})


def _ordered(day: Day, cell: str, line: Line) -> Day:
    ago = timedelta(hours=float(line["hours ago"] or 0))
    words = "a cold" if cell == "cancelled" else ""
    return replace(day, order=replace(day.order, state=cell, at=NINE - ago, words=words))


def _drawn(day: Day, cell: str, line: Line) -> Day:
    order = replace(day.order, drawn_by=cell, drawn_before=line["drawn before"] == "yes")
    return replace(day, order=order, route=line["route"])


def _checked(day: Day, cell: str, line: Line) -> Day:
    order = replace(day.order, confirmed_by=cell, confirmed_before=line["checked before"])
    return replace(day, order=order)


def _last_dose(day: Day, cell: str, line: Line) -> Day:
    if cell == "none":
        return replace(day, last_dose=None)
    number, unit, _ago = cell.split()
    ago = timedelta(**{unit: int(number)})
    closes = NINE + HOUR if line["window"] == "open" else NINE - HOUR
    return replace(
        day, last_dose=_dose(ago), integration_held=line["integration"] == "held", window_closes=closes
    )


def _screened(day: Day, cell: str, _line: Line) -> Day:
    return replace(day, screened=(Finding(cell, Level.CLEAR, "as screening words it"),))


def _measured(day: Day, cell: str, _line: Line) -> Day:
    return replace(day, measured=frozenset(part.strip() for part in cell.split(";") if part))


WAY = {
    "name": "Mira",
    "reader": "Dr Tamsin",
    "who": "Mira",
    "when": "9:05 am",
    "on": "March 1, 2027",
    "since": "February 2, 2027",
    "visit": "March 4",
    "by": "March 11",
}


def _way(day: Day, cell: str, line: Line) -> Day:
    told = WAY | ({"when": "March 11, 10:00 am"} if cell == "integration_booked_before_dose" else {})
    return replace(day, needs=(cell,), way={cell: (line["state"], told)})


def _person(part: str, name: str) -> Callable[[Day, str, Line], Day]:
    """Someone with a part, and what they hold: "license to 2026-11-20 looked; dea"."""

    def change(day: Day, cell: str, line: Line) -> Day:
        if not cell:
            return day
        held = tuple(_paper(words.split()) for words in cell.split(";") if words.strip() != "nothing")
        return replace(day, route=line["by"] or day.route, people=(*day.people, Colleague(name, part, held)))

    return change


def _paper(words: list[str]) -> Held:
    last = date.fromisoformat(words[words.index("to") + 1]) if "to" in words else None
    looked = "valid" if "looked" in words else "not_valid" if "doubted" in words else ""
    return Held(words[0], last, looked)


CHANGES: dict[str, Callable[[Day, str, Line], Day]] = {
    "signing": lambda day, cell, _: replace(day, signing=cell),
    "decision": lambda day, cell, _: replace(day, decision="" if cell == "none" else cell),
    "decided on": lambda day, cell, _: replace(day, decided_on=date.fromisoformat(cell) if cell else None),
    "consent": lambda day, cell, _: replace(day, consent=cell),
    "identity": _told("identity"),
    "health": _told("health"),
    "medicines": _told("medicines"),
    "took": _told("taken"),
    "kit": _told("kit"),
    "route": _food,
    "touch": lambda day, cell, _: replace(day, touch=cell),
    "stays": _staff,
    "order": _ordered,
    "drawn by": _drawn,
    "checked by": _checked,
    "room": lambda day, cell, line: replace(day, room=cell, room_taken=line["taken"] == "yes"),
    "last dose": _last_dose,
    "screened": _screened,
    "measured": _measured,
    "need": _way,
    "orders": _person("prescriber", "Dr Tamsin"),
    "watches": _person("monitor", "Jonah"),
    "near": _person("second", "Mabel"),
}
