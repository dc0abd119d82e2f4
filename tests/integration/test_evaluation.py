"""The evaluation: every rule on real facts, absurd values named, two prescribers, and the signed decision."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from openkap.medicine.rules import library
from openkap.reads.evaluation import evaluation_of
from openkap.records.facts.screening import case_of, evaluate
from openkap.records.models import Condition, Course, HistoryAnswer, Result
from openkap.steps.correct import withdraw
from openkap.steps.evaluation import confirm_fact
from openkap.steps.frame import Stale
from tests.at_step import HISTORY, at_step
from tests.integration.clinic_desk import ZONE, asked, reach, visiting
from tests.integration.evaluating import CALM, NO, PRESSURE, keep, level, levels, measured, piece, ready
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(people: Cast) -> Course:
    return at_step(people, "opened").course


def test_nothing_asked_is_unknown_and_never_clear_each_by_its_name(people: Cast, course: Course) -> None:
    found = levels(course)
    # The age is known, and the escort is asked on a dosing day only.
    assert {rule for rule, level in found.items() if level == "clear"} == {"S34", "S35", "S37", "I-NAMES"}
    assert set(found.values()) == {"clear", "unknown"} and len(found) == 56
    page = evaluation_of(reach(people, "tamsin", NOW), course, NOW, ZONE)
    assert page is not None and page.level == "unknown" and not page.ready
    assert page.says == f"Cannot say yet. {len(page.needed)} rules need an answer first"
    assert len(page.silent) == page.counts["unknown"] == sum(len(part) for _needed, part in page.silent_parts)
    assert len(page.silent) == 52 and all(f.name for f in page.silent)
    assert (page.answered, page.asked) == (0, len(HISTORY))


def test_every_rule_of_the_route_is_asked_and_none_of_another(people: Cast, course: Course) -> None:
    asked = set(evaluate(course, NOW).rules)
    library_rules = {rule.id for rule in library().area("screening")}
    # A nose is asked for nasal routes only; what says "fine" is silent while no list is known.
    assert library_rules - asked == {"S-INPUT", "S-AGAIN", "S43", "I15", "I11", "I12"}


def test_all_answered_is_clear_with_data_and_its_time(people: Cast, course: Course) -> None:
    ready(people, course)
    page = evaluation_of(reach(people, "tamsin", NOW), course, NOW, ZONE)
    assert page is not None and page.level == "clear" and page.ready
    said = {f.rule: f.data for f in page.clear}
    assert said["S06"] == "122/78 mmHg, Tamsin Orrery, March 9, 2027, 9:00 am"
    assert said["S12"] == "No, Tamsin Orrery, March 9, 2027, 9:00 am"
    assert said["I09"].startswith("Takes no medicines, gone through by Tamsin Orrery")
    assert all(f.sources and f.version and f.confidence for f in page.clear)
    # The age and the escort are no facts of the evaluation; a total that nobody noted says nothing.
    assert {f.rule for f in page.clear if not f.data} <= {"S34", "S35", "S37"}


@pytest.mark.parametrize(
    ("answers", "results", "rule", "said"),
    [
        ({"aneurysmal_vascular_disease": True}, [], "S01", "stop"),
        ({"psychosis_current": True}, [], "S12", "stop"),
        ({}, [measured("hcg", "positive")], "S16", "stop"),
        ({"childbearing_potential": True}, [], "S16", "unknown"),
        ({"childbearing_potential": True}, [measured("hcg", "negative")], "S16", "clear"),
        ({}, [measured("sbp", "152", "mmHg"), measured("dbp", "88", "mmHg")], "S06", "hold"),
        ({}, [measured("sbp", "140", "mmHg"), measured("dbp", "90", "mmHg")], "S06", "clear"),
        ({}, [measured("cssrs_recent", "moderate")], "S38", "caution"),
        ({}, [measured("cssrs_recent", "high")], "S38", "hold"),
    ],
)
def test_each_rule_speaks(people: Cast, course: Course, answers, results, rule, said) -> None:  # type: ignore[no-untyped-def]
    keep(people, course, {**NO, **answers}, results)
    assert levels(course)[rule] == said


def test_a_pressure_of_yesterday_counts_as_absent_and_says_so(people: Cast, course: Course) -> None:
    ready(people, course)
    assert level(course, NOW + timedelta(hours=23)) == "clear"
    found = evaluate(course, NOW + timedelta(hours=25)).screened.verdict.findings
    assert "25 hours" in next(f.because for f in found if f.rule == "S06")


def test_an_import_only_prefills_until_someone_says_so(people: Cast, course: Course) -> None:
    columns = {
        "organisation": people.clinic,
        "patient": people["wren"],
        "by_kind": "system",
        "by_name": "import",
        "at": NOW,
        "recorded_at": NOW,
        "source": "import",
        "confirmed": False,
    }
    answer = HistoryAnswer.objects.create(**columns, course=course, key="psychosis_current", value=True)
    Result.objects.create(**columns, key="weight_kg", value="82.4", unit="kg")
    assert levels(course)["S12"] == "unknown" and case_of(course, NOW).vitals == ()
    with visiting("tamsin", NOW) as page:
        page.get(f"/care/courses/{course.id}/evaluation/")
        assert "An import says: Yes" in page.page and "It counts once you save it" in page.page
    confirm_fact(by=people.by("tamsin"), at=NOW, row=answer)
    assert levels(course)["S12"] == "stop"
    with pytest.raises(Stale, match="Tamsin Orrery already corrected this"):
        confirm_fact(by=people.by("osric"), at=NOW, row=answer)


def test_withdrawing_an_answer_makes_it_unknown_again(people: Cast, course: Course) -> None:
    keep(people, course, NO, [*PRESSURE, CALM])
    row = HistoryAnswer.objects.get(key="psychosis_current")
    withdraw(by=people.by("tamsin"), at=NOW, row=row, reason="Wrong patient")
    assert levels(course)["S12"] == "unknown"


def test_two_prescribers_the_second_is_told_and_nothing_of_theirs_is_kept(
    people: Cast, course: Course
) -> None:
    seen = evaluate(course, NOW).facts.fingerprint
    keep(people, course, {"psychosis_current": True}, seen=seen, who="osric")
    with pytest.raises(Stale, match="after you opened it"):
        keep(people, course, {"psychosis_current": False}, [CALM], seen=seen)
    assert not Result.objects.filter(key="cssrs_recent").exists()


def test_the_second_prescriber_keeps_every_word_on_the_page(people: Cast, course: Course) -> None:
    address = f"/care/courses/{course.id}/evaluation/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        hidden = piece(page, "vitals")
        keep(people, course, {"psychosis_current": True}, who="osric")
        typed = {
            **hidden,
            "sbp": "131",
            "dbp": "83",
            "weight": "154.5",
        }
        answer = page.post(address, typed)
        assert answer.status_code == 422
        assert "after you opened it" in page.page and 'value="154.5"' in page.page
        assert "Yes, Osric Thanewell" in page.page
        again = {**typed, **piece(page, "vitals")}
        assert page.post(address, again).status_code == 302, "looked at again, it goes through"
    assert Result.objects.filter(key="weight_kg", value="154.5").count() == 1


def test_the_same_form_twice_is_once(people: Cast, course: Course) -> None:
    address = f"/care/courses/{course.id}/evaluation/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        for typed in (
            {**piece(page, "mind"), "q_psychosis_current": "no", "rest": "1"},
            {**piece(page, "totals"), "cssrs": "low"},
        ):
            page.get(address)
            typed["seen"] = piece(page, "mind")["seen"]
            assert page.post(address, typed).status_code == 302
            assert page.post(address, typed).status_code in (302, 422)
    assert HistoryAnswer.objects.count() == 9 and Result.objects.count() == 1


def test_no_to_the_rest_writes_an_answer_to_each_and_leaves_what_an_import_speaks_of(
    people: Cast, course: Course
) -> None:
    columns = {
        "organisation": people.clinic,
        "patient": people["wren"],
        "by_kind": "system",
        "by_name": "import",
        "at": NOW,
        "recorded_at": NOW,
        "source": "import",
        "confirmed": False,
    }
    Condition.objects.create(**columns, text="Epilepsy", code="84757009")
    Condition.objects.create(**columns, text="Hypertension", code="38341003")
    Condition.objects.create(**columns, text="Pre-eclampsia", code="398254007", active=False)
    address = f"/care/courses/{course.id}/evaluation/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        assert "An import says: Epilepsy" in page.page and "Ask it by itself" in page.page
        assert page.post(address, {**piece(page, "brain"), "rest": "1"}).status_code == 302
        page.get(address)
        # The person sees the answer that the import filled in, and saves it.
        filled = {"q_hypertension_controlled": "yes", "rest": "1"}
        assert page.post(address, {**piece(page, "vessels"), **filled}).status_code == 302
    answers = {row.key: row.value for row in HistoryAnswer.objects.all()}
    assert answers["stroke_history"] is False and "seizures_uncontrolled" not in answers
    assert answers["hypertension_controlled"] is True and len(answers) == 4 + 10
    assert levels(course)["S08"] == "caution" and levels(course)["S32"] == "unknown"
    assert evaluate(course, NOW).facts.prefill("eclampsia_history") is True
    assert evaluate(course, NOW).facts.prefill("eclampsia_current") is None, "it is over"


@pytest.mark.parametrize(
    ("typed", "key", "kept"),
    [
        ({"alt": "88/40"}, "alt_x_uln", "2.20"),
        ({"ast": "0.5"}, "ast_x_uln", "0.5"),
        ({"ecg": "normal"}, "ecg", "normal"),
        ({"pdmp": "checked, as told"}, "pdmp", "checked, as told"),
    ],
)
def test_tests_are_kept_with_their_day(people: Cast, course: Course, typed, key, kept) -> None:  # type: ignore[no-untyped-def]
    address = f"/care/courses/{course.id}/evaluation/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        assert (
            page.post(address, {**piece(page, "tests"), **typed, "tests_on": "2027-03-04"}).status_code == 302
        )
    row = Result.objects.get()
    assert (row.key, row.value, row.at.astimezone(ZONE).date().isoformat()) == (key, kept, "2027-03-04")


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("tests", {"alt": "88/0"}, "must be more than 0"),
        ("tests", {"ast": "high"}, "is not a number"),
        ("tests", {"alt": "1", "tests_on": "2027-03-10"}, "still to come"),
        ("tests", {"alt": "1", "tests_on": "0202-03-09"}, "The year 0202 cannot be right"),
        ("totals", {"audit": "41"}, "out of range"),
        ("totals", {"moca": "2.8.1"}, "is not a number"),
        ("totals", {"dast10": "3", "totals_on": "2027-03-10"}, "still to come"),
    ],
)
@pytest.mark.said
def test_an_impossible_test_is_named(people: Cast, course: Course, name, typed, said) -> None:  # type: ignore[no-untyped-def]
    address = f"/care/courses/{course.id}/evaluation/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        assert page.post(address, {**piece(page, name), **typed}).status_code == 422
        assert said in page.page and all(f'value="{value}"' in page.page for value in typed.values())
    assert not Result.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"weight": "154", "weight_unit": "lb"}, ("weight_kg", "69.9")),
        ({"weight": "70.5", "weight_unit": "kg"}, ("weight_kg", "70.5")),
        ({"height": "5 ft 8", "height_unit": "cm"}, ("height_cm", "172.7")),
        ({"height": "5'8\"", "height_unit": "ft"}, ("height_cm", "172.7")),
        ({"height": "172", "height_unit": "cm"}, ("height_cm", "172")),
        ({"temperature": "98.6", "temperature_unit": "F"}, ("temp_c", "37.0")),
    ],
)
def test_pounds_feet_and_fahrenheit_are_kept_as_metric(people: Cast, course: Course, typed, kept) -> None:  # type: ignore[no-untyped-def]
    address = f"/care/courses/{course.id}/evaluation/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        assert page.post(address, {**piece(page, "vitals"), **typed}).status_code == 302
    row = Result.objects.get(key=kept[0])
    assert Decimal(row.value) == Decimal(kept[1])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"weight": "700", "weight_unit": "kg"}, "Did you mean 70"),
        ({"sbp": "12", "dbp": "8"}, "Did you mean 120"),
        ({"sbp": "78", "dbp": "122"}, "Did you mean 122/78?"),
        ({"sbp": "122"}, "needs both numbers"),
        ({"spo2": "150"}, "out of range"),
        ({"weight": "seventy"}, "is not a number"),
        ({"sbp": "122", "dbp": "78", "taken_at": "2027-03-10T09:00"}, "still to come"),
        ({"sbp": "122", "dbp": "78", "taken_at": "0202-03-09T09:00"}, "The year 0202 cannot be right"),
        ({"sbp": "122", "dbp": "78", "taken_at": "9999-12-31T23:59"}, "The year 9999 cannot be right"),
        ({"sbp": "122", "dbp": "78", "taken_at": "0001-01-01T00:00+14:00"}, "The year 0001 cannot be right"),
        ({"sbp": "122", "dbp": "78", "taken_at": "2026-03-08T02:30"}, "did not exist that night"),
    ],
)
@pytest.mark.said
def test_what_cannot_be_is_named_and_nothing_typed_is_lost(people: Cast, course: Course, typed, said) -> None:  # type: ignore[no-untyped-def]
    address = f"/care/courses/{course.id}/evaluation/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        sent = {**piece(page, "vitals"), "hr": "71", **typed}
        assert page.post(address, sent).status_code == 422
        assert said in page.page.replace("&#x27;", "'")
        for name in typed:
            if not name.endswith("_unit"):
                assert f'value="{typed[name]}"' in page.page, name
        assert 'value="71"' in page.page
    assert not Result.objects.exists()


def test_questions_do_not_grow_with_the_facts(people: Cast, course: Course) -> None:
    scope = reach(people, "tamsin", NOW)
    course = Course.objects.select_related("patient", "organisation").get(id=course.id)
    _page, few = asked(lambda: evaluation_of(scope, course, NOW, ZONE))
    for n in range(20):
        keep(people, course, NO, [*PRESSURE, CALM], at=NOW + timedelta(minutes=n))
    scope = reach(people, "tamsin", NOW)
    _page, many = asked(lambda: evaluation_of(scope, course, NOW + timedelta(hours=1), ZONE))
    assert (few, many) == (14, 14)
