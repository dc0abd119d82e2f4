"""The patient header: three kinds of not knowing, the same-name warning, the window, few questions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openkap.reads.header import header_of
from openkap.records.models import Allergy, Course, PatientFile
from openkap.steps.ending import end_course, move_course
from openkap.steps.evaluation import confirm_fact
from openkap.steps.medicines import note_allergy
from openkap.ui.ribbon_svg import picture
from tests.at_step import at_step, integrated
from tests.integration.clinic_desk import ZONE, asked, reach
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


def header(people: Cast, key: str, who: str = "tamsin", at=NOW):  # type: ignore[no-untyped-def]
    return header_of(reach(people, who, at), people.file(key), at, ZONE)


def test_it_says_who_this_is(people: Cast) -> None:
    shown = header(people, "wren")
    assert (shown.name, shown.legal_name, shown.age) == ("Wren Alderbrook", "Gwendolyn Alderbrook", 41)
    assert shown.who == "41, she/her"
    assert shown.born == "Born May 3, 1985"
    assert shown.course is None and shown.ribbon is None and shown.countdown is None


def test_not_asked_not_confirmed_and_not_shown_are_three_answers(people: Cast) -> None:
    file = people.file("wren")
    assert header(people, "wren").allergies == "Allergies not asked"
    waiting = Allergy.objects.create(
        organisation=people.clinic,
        patient=people["wren"],
        by_kind="system",
        by_name="import",
        at=NOW,
        recorded_at=NOW,
        text="Penicillin",
        source="import",
        confirmed=False,
    )
    shown = header(people, "wren")
    assert shown.allergies == "Allergies not asked. 1 from an import is not confirmed"
    assert not shown.allergies_known
    confirm_fact(by=people.by("tamsin"), at=NOW, row=waiting)
    shown = header(people, "wren")
    assert (shown.allergies, shown.allergic) == ("Allergies: Penicillin", True)
    assert header(people, "wren", "odette").allergies == "Allergies are not shared with you"
    other = people.file("noor")
    note_allergy(by=people.by("tamsin"), at=NOW, file=other, none_known=True)
    shown = header(people, "noor")
    assert (shown.allergies, shown.allergies_known, shown.allergic) == ("No known allergies", True, False)
    assert file.number != other.number


def test_a_namesake_here_is_named_by_number_and_birth_date(people: Cast) -> None:
    """The two Anas differ by an accent only."""
    [other] = header(people, "ana_a").same_name
    assert other.born == "born July 30, 1993"
    assert other.number == people.file("ana_b").number
    assert header(people, "wren").same_name == ()


def test_a_namesake_elsewhere_stays_unknown(people: Cast) -> None:
    """A person of the same name in another practice must not be betrayed by the warning."""
    twin = people["pell"]
    twin.given_name, twin.chosen_name, twin.family_name = "Wren", "", "Alderbrook"
    twin.save()
    assert header(people, "wren").same_name == ()


def test_the_window_is_said_in_words(people: Cast) -> None:
    stage = at_step(people, "gone_home")
    window = stage.dose.window
    before = header(people, "wren", at=stage.at).countdown
    assert before.phase == "before" and before.words.startswith("Opens ")
    assert before.detail.startswith("Integration is planned for "), (
        "when Mira holds it belongs to the window, which both practices see"
    )
    inside = header(people, "wren", at=window.closes_at - timedelta(hours=46)).countdown
    assert inside.words == "46 hours left"
    last = header(people, "wren", at=window.closes_at - timedelta(minutes=50)).countdown
    assert last.words == "50 minutes left"
    after = header(people, "wren", at=window.closes_at).countdown
    assert after.phase == "after" and after.words.endswith(", no session"), "the window is half-open"
    integrated(stage.fresh())
    assert header(people, "wren", at=stage.at).countdown.phase == "kept"


def test_the_ribbon_has_four_stages_and_what_is_held_in_a_window_for_both_practices(people: Cast) -> None:
    stage = at_step(people, "gone_home")
    clinic = header(people, "wren", at=stage.at).ribbon
    assert [s.state for s in clinic.stages] == ["done", "done", "now", "planned"]
    assert [m.kind for m in clinic.stages[2].marks] == ["dose", "session"]
    assert clinic.stages[2].bands[0].state == "fixed"
    mira = header_of(reach(people, "mira", stage.at), stage.course, stage.at, ZONE)
    assert [m.kind for m in mira.ribbon.stages[2].marks] == ["dose", "session"]
    assert mira.ribbon.stages[2].bands[0].state == "fixed"
    assert mira.allergies == "Allergies are not shared with you"
    assert mira.ribbon.summary == "Dosing and integration. 1 of 6 doses given."


def test_a_planned_dose_shows_where_its_window_will_lie(people: Cast) -> None:
    stage = at_step(people, "planned")
    [band] = header(people, "wren", at=stage.at).ribbon.stages[2].bands
    assert band.state == "planned"
    assert band.opens_at - stage.dose.planned_to == timedelta(hours=24)
    assert band.closes_at - stage.dose.planned_to == timedelta(hours=72)


def test_questions_do_not_grow_with_the_course(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    scope = reach(people, "tamsin", stage.at)
    abouts = (
        PatientFile.objects.get(id=people.file("noor").id),
        PatientFile.objects.get(id=people.file("wren").id),
        Course.objects.get(id=stage.course.id),
    )
    counts = [asked(lambda about=about: header_of(scope, about, stage.at, ZONE))[1] for about in abouts]
    assert counts == [4, 4, 3], counts


@pytest.mark.parametrize(
    ("step", "verb", "states", "words"),
    [
        ("evaluated", "record_death", ["ended", "never", "never", "never"], "Died"),
        ("consented", "stop", ["done", "ended", "never", "never"], "Stopped"),
        ("gone_home", "stop", ["done", "done", "ended", "never"], "Stopped"),
        ("measured_after", "finish", ["done", "done", "done", "done"], ""),
    ],
)
def test_an_ended_course_is_drawn_as_far_as_it_came(
    people: Cast, step: str, verb: str, states: list[str], words: str
) -> None:
    stage = at_step(people, step)
    if verb == "finish":
        move_course(by=people.by("tamsin"), at=stage.at, course=stage.course, verb="end_doses")
    end_course(
        by=people.by("tamsin"), at=stage.later(hours=1), course=stage.fresh().course, verb=verb, why="So"
    )
    ribbon = header_of(reach(people, "tamsin", stage.at), people.file("wren"), stage.at, ZONE).ribbon
    assert ribbon is not None and [stage.state for stage in ribbon.stages] == states
    assert ribbon.summary.startswith(words)
    drawn = str(picture(ribbon, "wide", str))  # type: ignore[arg-type]
    assert drawn.count("Died" if verb == "record_death" else "Stopped") == bool(words)
