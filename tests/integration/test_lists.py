"""Medicines and allergies as living lists: what becomes of a line, and going through them together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openkap.reads.living import living_of
from openkap.records.facts.people import lists_of
from openkap.records.facts.screening import evaluate
from openkap.records.models import Allergy, Course, Medication
from openkap.steps.candidacy import decide_candidacy
from openkap.steps.evaluation import confirm_fact
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.medicines import (
    end_allergy,
    hold_medicine,
    note_allergy,
    note_medicine,
    reconcile,
    restart_medicine,
    stop_medicine,
)
from tests.at_step import at_step
from tests.integration.clinic_desk import ZONE, asked, reach, visiting
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(people: Cast) -> Course:
    return at_step(people, "opened").course


def start(people: Cast, text: str) -> Medication:
    return note_medicine(by=people.by("tamsin"), at=NOW, file=people.file("wren"), text=text)


def known(people: Cast) -> tuple[str, ...] | None:
    return lists_of(people["wren"].id, people.clinic.id).medications


def fires(course: Course, rule: str) -> str:
    return next(str(f.level) for f in evaluate(course, NOW).findings if f.rule == rule)


def test_an_interaction_is_found_at_once_and_goes_when_the_medicine_is_stopped(
    people: Cast, course: Course
) -> None:
    by = people.by("tamsin")
    row = start(people, "theophylline 300 mg")
    assert fires(course, "I09") == "stop"
    held = hold_medicine(by=by, at=NOW, row=row, why="Before the dose")
    assert fires(course, "I09") == "stop", "on hold, it may still be in the body"
    stopped = stop_medicine(by=by, at=NOW, row=held, why="Her doctor changed it")
    assert fires(course, "I09") == "clear" and known(people) == ()
    again = restart_medicine(by=by, at=NOW, row=stopped)
    assert fires(course, "I09") == "stop" and known(people) == ("theophylline 300 mg",)
    with pytest.raises(Refused, match="taken already"):
        restart_medicine(by=by, at=NOW, row=again)


def test_what_became_of_a_medicine_is_told_line_by_line_and_nothing_is_struck(
    people: Cast, course: Course
) -> None:
    by = people.by("tamsin")
    held = hold_medicine(by=by, at=NOW, row=start(people, "lorazepam 1 mg"), why="Before the dose")
    stop_medicine(by=people.by("jonah"), at=NOW, row=held, why="No longer needed")
    shown = living_of(reach(people, "tamsin", NOW), people.file("wren"), NOW, NOW, ZONE)
    (line,) = shown.past
    assert [told.split(",")[0] for told in line.story] == [
        "Written down",
        "On hold: Before the dose",
        "Stopped: No longer needed",
    ]
    with visiting("tamsin", NOW) as page:
        page.get(f"/care/patients/{people.file('wren').id}/")
        assert "<s>lorazepam" not in page.page


def test_two_hands_on_one_medicine_the_second_is_told(people: Cast, course: Course) -> None:
    row = start(people, "lorazepam 1 mg")
    stop_medicine(by=people.by("tamsin"), at=NOW, row=row)
    with pytest.raises(Stale, match="Tamsin Orrery already"):
        hold_medicine(by=people.by("jonah"), at=NOW, row=row)


def test_gone_through_needs_both_lists_asked_and_an_empty_one_is_an_answer(
    people: Cast, course: Course
) -> None:
    file, by = people.file("wren"), people.by("jonah")
    assert known(people) is None and fires(course, "I09") == "unknown"
    with pytest.raises(Refused, match="Allergies were not asked"):
        reconcile(by=by, at=NOW, file=file)
    note_allergy(by=by, at=NOW, file=file, none_known=True)
    reconcile(by=by, at=NOW, file=file)
    assert known(people) == () and fires(course, "I09") == "clear"


def test_lists_that_changed_meanwhile_are_looked_at_again(people: Cast, course: Course) -> None:
    file, by = people.file("wren"), people.by("jonah")
    note_allergy(by=by, at=NOW, file=file, none_known=True)
    seen = lists_of(file.patient_id, file.organisation_id).seen
    start(people, "sertraline 100 mg")
    with pytest.raises(Stale, match="changed after you opened"):
        reconcile(by=by, at=NOW, file=file, seen=seen)


def test_a_list_gone_through_before_this_course_is_old(people: Cast, course: Course) -> None:
    file, by = people.file("wren"), people.by("jonah")
    note_allergy(by=by, at=NOW, file=file, none_known=True)
    reconcile(by=by, at=NOW, file=file)
    scope, later = reach(people, "tamsin", NOW), NOW + timedelta(days=40)
    fresh = living_of(scope, file, NOW, NOW, ZONE)
    assert not fresh.old and fresh.through == "Jonah Bellwether, March 9, 2027, 9:00 am"
    old = living_of(scope, file, later - timedelta(days=1), later, ZONE)
    assert old.old and old.through_ago == "40 days ago"


def test_what_an_import_says_is_taken_now_is_asked_before_anyone_is_a_candidate(people: Cast) -> None:
    stage = at_step(people, "evaluated")
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
    row = Medication.objects.create(**columns, text="theophylline 300 mg")
    assert fires(stage.course, "I09") == "clear", "what waits counts for nothing"
    with pytest.raises(Refused, match="1 line from an import waits"):
        decide_candidacy(
            by=people.by("tamsin"), at=stage.at, course=stage.course, outcome="candidate", words="Six."
        )
    with pytest.raises(Refused, match="1 line from an import waits"):
        reconcile(by=people.by("tamsin"), at=stage.at, file=people.file("wren"))
    confirm_fact(by=people.by("tamsin"), at=stage.at, row=row)
    found = evaluate(stage.course, stage.at).findings
    assert next(str(f.level) for f in found if f.rule == "I09") == "stop"


def test_a_name_nobody_knows_is_told_with_a_guess(people: Cast, course: Course) -> None:
    start(people, "sertralin 100 mg")
    start(people, "zzyzx")
    shown = living_of(reach(people, "tamsin", NOW), people.file("wren"), NOW, NOW, ZONE)
    assert {line.words: line.guess for line in shown.unknown}["sertralin 100 mg"] == "sertraline"
    assert fires(course, "I-NAMES") == "unknown"


def test_an_allergy_that_is_no_longer_so_stays_readable(people: Cast, course: Course) -> None:
    file, by = people.file("wren"), people.by("tamsin")
    row = note_allergy(by=by, at=NOW, file=file, text="Ketamine")
    assert fires(course, "S04") == "stop"
    with pytest.raises(Refused, match="Say why"):
        end_allergy(by=by, at=NOW, row=row, why=" ")
    end_allergy(by=by, at=NOW, row=row, why="Tested by an allergy doctor")
    assert lists_of(file.patient_id, file.organisation_id).allergies == ()
    assert Allergy.objects.count() == 2


@pytest.mark.parametrize("who", ["odette", "mira", "priya"])
def test_who_may_not_write_clinical_facts_changes_no_list(people: Cast, course: Course, who: str) -> None:
    with pytest.raises(NotPermitted):
        stop_medicine(by=people.by(who), at=NOW, row=start(people, "sertraline"))


def test_the_page_starts_holds_and_goes_through(people: Cast, course: Course) -> None:
    file = people.file("wren")
    address = f"/care/patients/{file.id}/lists/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        assert "Medicines not asked." in page.page
        sent = {"submission": page.hidden("submission"), "what": "medicine", "text": "lorazepam 1 mg"}
        assert page.post(address, sent).status_code == 302
        page.get(address)
        assert "Benzodiazepines" in page.page and "I01" in page.page
        row = Medication.objects.get()
        held = {"submission": page.hidden("submission"), "change": "hold", "why": "Morning of the dose"}
        assert page.post(f"/care/lists/medication/{row.id}/", held).status_code == 302
        page.get(address)
        refused = page.post(f"{address}through/", {"submission": page.hidden("submission")})
        assert refused.status_code == 422 and "Allergies were not asked" in page.page
        page.get(address)
        none = {"submission": page.hidden("submission"), "what": "allergy", "none_known": "on"}
        assert page.post(address, none).status_code == 302
        page.get(address)
        through = {"submission": page.hidden("submission")}
        assert page.post(f"{address}through/", through).status_code == 302
        page.get(address)
        assert "Last by Tamsin Orrery" in page.page and "On hold" in page.page


def test_the_lists_take_a_bounded_number_of_questions(people: Cast, course: Course) -> None:
    scope, file = reach(people, "tamsin", NOW), people.file("wren")
    _lists, few = asked(lambda: living_of(scope, file, NOW, NOW, ZONE))
    for n in range(12):
        hold_medicine(by=people.by("tamsin"), at=NOW, row=start(people, f"sertraline {n + 1} mg"))
    _lists, many = asked(lambda: living_of(scope, file, NOW, NOW, ZONE))
    assert few == many == 5
