"""Whatever is known, in whatever spelling and at whatever hour: a verdict, never an exception."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from openkap.medicine.course import SinceLastDose, next_dose
from openkap.medicine.course.gate import Day, OrderNow, ready
from openkap.medicine.course.next_dose import misuse_flags
from openkap.medicine.dated import dated
from openkap.medicine.dosing import PastDose, Route
from openkap.medicine.dosing.exposure import exposure
from openkap.medicine.monitoring import events
from openkap.medicine.monitoring.adverse import Surge, grade_of
from openkap.medicine.screening import ROUTES, Screened, read_case, screen
from openkap.medicine.screening.again import what_changed
from openkap.medicine.screening.case import Case
from openkap.medicine.screening.medicines import drug_names, with_codes
from openkap.medicine.screening.questions import all_questions
from openkap.medicine.screening.workup import Known, work_up
from openkap.medicine.verdict import Level
from openkap.medicine.window import instant

KEYS = sorted(q.key for q in all_questions() if q.group == "history")
NAMES = sorted(" ".join(name) for name in drug_names())
# Nights in which clocks change, where the practices are and where they change by half an hour.
ZONES = [ZoneInfo(name) for name in ("America/New_York", "Europe/Dublin", "Australia/Lord_Howe")]
NIGHTS = [datetime(2026, 11, 1), datetime(2027, 3, 14), datetime(2026, 10, 25), datetime(2027, 4, 4)]
moments = st.builds(
    lambda night, zone, minutes, fold: (night + timedelta(minutes=minutes)).replace(tzinfo=zone, fold=fold),
    st.sampled_from(NIGHTS),
    st.sampled_from(ZONES),
    st.integers(-60 * 24 * 400, 60 * 24 * 40),
    st.integers(0, 1),
)


@st.composite
def misspelled(draw: Callable[..., Any]) -> str:
    """A medicine as someone types it: a letter lost, doubled or changed, with a dose, in any case."""
    name: str = draw(st.sampled_from(NAMES))
    at = draw(st.integers(0, len(name) - 1))
    slip = draw(st.sampled_from(("", name[at] * 2, draw(st.characters(codec="utf-8")), name[at])))
    typed = name[:at] + slip + name[at + 1 :]
    dose = draw(st.sampled_from(("", " 10mg", " 1/2 tab bid", " – 0,5 mg/ml", " (stopped?)")))
    return str(draw(st.sampled_from((typed, typed.upper(), f"  {typed}\t")))) + str(dose)


@st.composite
def cases(draw: Callable[..., Any]) -> Case:
    at: datetime = draw(moments)
    sets = draw(
        st.lists(st.tuples(st.integers(51, 299), st.integers(20, 50), st.integers(-10, 3000)), max_size=3)
    )
    codes = st.lists(st.one_of(st.sampled_from(("596", "6130", "99999999")), st.text(max_size=9)), max_size=2)
    entries = st.builds(with_codes, st.one_of(misspelled(), st.text(max_size=12)), codes)
    medicines = st.one_of(st.none(), st.lists(entries, max_size=3))
    totals = {key: st.integers(0, 10) for key in ("audit", "dast10", "asrm", "ymrs", "pqb", "icsi", "phq9")}
    words = {key: st.sampled_from(("none", "low", "high")) for key in ("cssrs_recent", "cssrs_slc")}
    words["mdq"] = st.sampled_from(("positive", "negative", "maybe"))
    scores = st.fixed_dictionaries({}, optional=totals | words)
    return read_case(
        {
            "at": at,
            "route": draw(st.sampled_from(ROUTES)),
            "history": draw(st.dictionaries(st.sampled_from(KEYS), st.booleans(), max_size=12)),
            "born_on": draw(st.sampled_from((None, "1980-02-29", "2010-01-01", "1945-12-31"))),
            "childbearing_potential": draw(st.sampled_from((None, True, False))),
            "medications": draw(medicines),
            "allergies": draw(st.sampled_from((None, [], ["Ketamine rash"], [""]))),
            "scores": draw(scores),
            "labs": draw(st.sampled_from(({}, {"hcg": "?"}, {"hcg": {"value": "negative", "at": at}}))),
            "vitals": [
                {"at": instant(at) - timedelta(minutes=ago), "sbp": sbp, "dbp": dbp} for sbp, dbp, ago in sets
            ],
            "escort": draw(st.sampled_from((None, True, False))),
            "dosing_day": draw(st.booleans()),
        }
    )


def asked(case: Case) -> Screened:
    screened = screen(case)
    assert screened.verdict.level in list(Level)
    assert all(finding.because and finding.sources for finding in screened.verdict.findings)
    return screened


@given(cases(), cases())
def test_any_person_is_screened_and_worked_up_and_what_changed_is_told(case: Case, later: Case) -> None:
    before, now = asked(case), asked(later)
    kept = [{"rule": f.rule, "level": str(f.level), "because": f.because} for f in before.verdict.findings]
    assert what_changed(kept, before.verdict.findings) == ()
    assert all(one.was or one.now for one in what_changed(kept, now.verdict.findings))
    known = Known({"phq9": case.at, "pdmp": None}, since=later.at, doses_before=True)
    assert {item.state for item in work_up(case, known)} <= {"done", "missing", "expired"}


@given(st.sampled_from(KEYS), st.sampled_from(KEYS), st.sampled_from(ROUTES))
def test_answers_that_contradict_each_other_are_held_to_the_worse(one: str, other: str, route: str) -> None:
    at = "2026-11-01T01:30:00-04:00"
    alone = asked(read_case({"at": at, "route": route, "history": {one: True, other: False}}))
    both = asked(read_case({"at": at, "route": route, "history": {one: True, other: True}}))
    assert both.verdict.level.weight >= alone.verdict.level.weight


def of(cls: type, **ways: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(cls, **ways)


maybe = st.sampled_from((None, True, False))
totals = st.one_of(st.none(), st.integers(0, 27))
days = st.one_of(st.none(), st.integers(-3, 9000))
sinces = of(
    SinceLastDose, doses_given=st.integers(0, 60), window_closed=st.booleans(), integration_held=maybe,
    integrations_missed=st.integers(0, 9), phq9_was=totals, phq9_now=totals, new_suicidal_thoughts=maybe,
    mania_or_psychosis=maybe, responded=maybe, bladder_doses_ago=days, bladder_days_ago=days,
    bladder_symptoms=maybe, severe_event=maybe, pdmp_days_ago=days, liver_days_ago=days,
    liver_doses_ago=st.integers(0, 60), thinking_days_ago=days,
    misuse=st.lists(st.sampled_from(sorted(misuse_flags())), max_size=3).map(tuple),
)  # fmt: skip
words = st.sampled_from(("yes", "no", "unknown"))


@given(
    sinces, moments, moments, words, st.sampled_from(("none", "alcohol", "unknown")), st.sampled_from(ROUTES)
)
def test_any_morning_is_answered(
    since: SinceLastDose, at: datetime, meal: datetime, said: str, taken: str, route: str
) -> None:
    day = Day(
        at=at,
        route=route,
        decision="candidate",
        decided_on=meal.date(),
        asked={
            "identity": {"answer": said},
            "taken": {"answer": taken},
            "meal": {"ate_at": meal, "kind": "fatty", "drank_at": at},
        },
        order=OrderNow(state="stands", at=meal, mg=Decimal(35)),
        last_dose=PastDose(Route.IV, Decimal(35), meal.date(), meal),
        since=since,
    )
    assert ready(day).at_least(Level.UNKNOWN)
    assert next_dose(since).level in list(Level)


@given(
    st.dates(), st.lists(st.tuples(st.dates(), st.sampled_from(list(Route)), st.integers(1, 500)), max_size=6)
)
def test_any_day_and_any_history_is_counted(on: date, given_: list[tuple[date, Route, int]]) -> None:
    assert len(dated(on)) == len(dated(date(2026, 11, 21)))
    found = exposure([PastDose(route, Decimal(mg), day) for day, route, mg in given_], on)
    assert [s.doses for s in found] == sorted(s.doses for s in found)


@given(
    st.text(max_size=12),
    st.lists(st.text(max_size=8)),
    st.one_of(st.none(), st.integers(1, 5)),
    st.text(max_size=8),
)
def test_any_event_is_expected_or_not_and_serious_by_its_grade(
    term: str, ticked: list[str], grade: int | None, outcome: str
) -> None:
    assert events.expectedness(term).state == "unknown" or events.term_of(term) is not None
    held = events.serious_by(ticked, grade=grade, outcome=outcome)
    assert set(held) <= set(events.choices(events.SERIOUS)) and bool(held) >= (grade in (4, 5))


pressures = st.decimals(1, 400, places=0)


@given(pressures, pressures, st.one_of(st.none(), pressures), st.booleans(), st.sampled_from(("5.0", "6.0")))
def test_any_pressure_has_a_grade_or_none(
    sbp: Decimal, dbp: Decimal, minutes: Decimal | None, returns: bool, version: str
) -> None:
    grade = grade_of(Surge(sbp=sbp, dbp=dbp, minutes=minutes, returns=returns), version)
    assert grade is None or 0 <= grade <= 4
