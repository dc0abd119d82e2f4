"""The whole course on paper: what each reader's Scope holds, folded noes, and sheets of both sizes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from openkap.door.pdf import size_for
from openkap.reads.course_paper import Paper, paper_of
from openkap.reads.paper_lines import Section
from openkap.records.models import HistoryAnswer
from openkap.steps.correct import correct
from openkap.steps.preparation import agree_touch, keep_preparation
from openkap.steps.small_things import add_small_thing
from tests.at_step import HISTORY, Stage, at_step
from tests.integration.clinic_desk import ZONE, reach, visiting
from tests.pages.test_paper import unpacked
from tests.people import Cast

pytestmark = pytest.mark.django_db


def paper(stage: Stage, who: str) -> Paper:
    return paper_of(reach(stage.people, who, stage.at), stage.course, stage.at, ZONE)


def section(of: Paper, title: str) -> Section:
    return next(each for each in of.sections if each.title == title)


def test_sixty_noes_are_one_line_by_part_of_the_body(people: Cast) -> None:
    stage = at_step(people, "evaluated")
    lines = section(paper(stage, "tamsin"), "Evaluation").lines
    noes = [line for line in lines if "Asked and answered no:" in line.words]
    assert len(noes) == 1 and HistoryAnswer.objects.count() == len(HISTORY) > 40
    said = noes[0].words
    assert "Heart and vessels: aneurysm, arteriovenous malformation," in said and "Today: " in said
    assert said.count("\n") < 12 and "stroke, ever" in said
    assert all(question not in said for question in ("?", "aneurysmal_vascular_disease"))


def test_a_yes_and_what_was_put_right_stand_alone(people: Cast) -> None:
    stage = at_step(people, "evaluated")
    stroke = HistoryAnswer.objects.get(key="stroke_history")
    correct(
        by=people.by("tamsin"),
        at=stage.later(hours=1),
        row=stroke,
        reason="Asked again",
        changes={"value": True},
    )
    lines = section(paper(stage, "tamsin"), "Evaluation").lines
    folded = next(line.words for line in lines if "Asked and answered no:" in line.words)
    assert "stroke, ever" not in folded
    [struck] = [line for line in lines if line.struck]
    assert struck.words == "Has there ever been a stroke? No"
    assert [fix.words for fix in struck.fixes] == ["Has there ever been a stroke? Yes"]


def test_what_was_handed_over_names_its_practice_and_the_rest_is_said_to_be_left_out(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    keep_preparation(by=people.by("mira"), at=stage.at, course=stage.course, comfort="A blanket.")
    agree_touch(by=people.by("mira"), at=stage.at, course=stage.course, level="none", stop_word="harbor")
    add_small_thing(by=people.patient("wren"), at=stage.at, course=stage.course, text="Walk")
    doctor, mira = paper(stage, "tamsin"), paper(stage, "mira")
    shown = section(doctor, "Preparation and touch").lines
    assert any("What helps: A blanket." in line.words for line in shown)
    assert {line.who for line in shown} >= {"Mira Fennimore-Hale, handed over by Quiet Harbor Therapy"}
    assert any("Quiet Harbor Therapy" in who for _when, _what, who in doctor.sessions), "held in a window"
    [beyond] = doctor.beyond
    assert beyond.startswith("Quiet Harbor Therapy keeps its own record") and "session notes" in beyond
    assert section(doctor, "Session notes for the course").lines == ()
    assert section(mira, "Session notes for the course").lines, "her own note, kept by her own practice"
    assert [line.words for line in section(mira, "Small things to do").lines] == ["Walk"]
    assert section(mira, "Doses").hidden and mira.vitals_hidden
    assert len(section(mira, "Preparation and touch").lines) == 1, "the original, and no copy beside it"
    assert any(line.startswith("Larkmoor Clinic keeps its own record") for line in mira.beyond)


def test_a_pdf_of_the_whole_course_on_the_sheet_of_the_place_or_as_asked(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    address = reverse("care-course-pdf", args=[stage.course.id])
    with visiting("tamsin", stage.at) as page:
        page.get(reverse("care-course-print", args=[stage.course.id]))
        assert f"{address}?size=a4" in page.page
        for size, media in (("", b"612"), ("?size=a4", b"595.27")):
            made = page.get(address + size)
            assert made["Content-Type"] == "application/pdf" and made.content.startswith(b"%PDF")
            assert b"/MediaBox [0 0 " + media in unpacked(made.content)
    with visiting("wren", stage.at) as page:
        assert page.get(address).status_code == 404


@pytest.mark.parametrize(
    ("country", "wanted", "size"),
    [("US", "", "letter"), ("DE", "", "A4"), ("US", "a4", "A4"), ("DE", "LETTER", "letter"), ("", "x", "A4")],
)
def test_the_size_of_a_sheet(country: str, wanted: str, size: str) -> None:
    assert size_for(country, wanted) == size
