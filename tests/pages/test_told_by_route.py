"""What a page says by route and by who works here: parts in prints, a second person, whom to call."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from openkap.reads.course_paper import paper_of
from openkap.reads.order import order_shown
from openkap.reads.patient import chart_of
from openkap.reads.patient_home import home_of
from openkap.reads.second_person import CHECKED, NEARBY, PREPARED, hints_for
from openkap.records.models import Membership
from openkap.steps.giving import end_hold
from tests.at_step import Stage, at_step
from tests.integration.clinic_desk import ZONE, reach
from tests.integration.floor_visits import sent, visitor
from tests.people import cast

pytestmark = pytest.mark.django_db


def page(stage: Stage, key: str, address: str) -> str:
    with time_machine.travel(stage.at, tick=False):
        answer = visitor(stage.people, key, stage.at).get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


def test_what_was_given_is_on_the_chart_the_paper_and_beside_the_summary() -> None:
    stage = at_step(cast(), "recovering", route="sublingual")
    by = reach(stage.people, "tamsin", stage.at)
    chart = chart_of(by, stage.people.file("wren"), stage.at, ZONE)
    [dose] = [entry for entry in chart.entries if entry.model == "administration"]
    assert "2 tablets, 200 mg, held 10 minutes, spat out" in dose.line
    doses = next(s for s in paper_of(by, stage.course, stage.at, ZONE).sections if s.title == "Doses")
    assert any("Given: 2 tablets, 200 mg, held 10 minutes, spat out" in line.words for line in doses.lines)
    shown = page(stage, "jonah", f"/care/sessions/{stage.dose.id}/summary/")
    assert "2 tablets, 200 mg, held 10 minutes, spat out" in shown


def alone_but_for(stage: Stage, *keys: str) -> None:
    """Everybody else has left the clinic."""
    stay = [stage.people[key].id for key in keys]
    others = Membership.objects.filter(organisation=stage.people.clinic, until=None).exclude(person__in=stay)
    others.update(until=stage.at - timedelta(minutes=1))


def test_without_a_second_person_the_gate_says_who_has_to_join() -> None:
    stage = at_step(cast(), "drawn")
    alone_but_for(stage, "jonah", "tamsin")
    shown = page(stage, "jonah", f"/rooms/sessions/{stage.dose.id}/")
    assert "Let Tamsin Orrery prepare it again, then Jonah Bellwether can check it." in shown
    alone_but_for(stage, "jonah")
    shown = page(stage, "jonah", f"/rooms/sessions/{stage.dose.id}/")
    assert "A second nurse or prescriber has to join first." in shown
    assert "Nobody else works here who could be within reach." in shown
    assert "An administrator invites them." in shown


def test_of_two_whoever_signed_prepares_it_too() -> None:
    stage = at_step(cast(), "ordered")
    order = order_shown(reach(stage.people, "jonah", stage.at), stage.dose, stage.at)
    assert hints_for(stage.dose, order, (PREPARED, CHECKED, NEARBY), stage.at) == {}
    alone_but_for(stage, "jonah", "tamsin")
    hints = hints_for(stage.dose, order, (PREPARED, CHECKED, NEARBY), stage.at)
    assert set(hints) == {PREPARED}
    assert "Let Tamsin Orrery prepare it too, so that Jonah Bellwether can check it." in hints[PREPARED].words


def test_whom_to_call_comes_with_the_room_s_page() -> None:
    stage = at_step(cast(), "under_way", route="esketamine")
    shown = page(stage, "jonah", f"/rooms/sessions/{stage.dose.id}/")
    sheet = shown[shown.index("data-help-now") : shown.index("</dialog>")]
    assert 'href="tel:911"' in sheet and "12 Larkmoor Lane" in sheet and "56 mg ordered" in sheet
    assert "No known allergies" in sheet and "from the monitor" in sheet


def test_a_patient_s_doses_are_counted_against_the_plan() -> None:
    stage = at_step(cast(), "measured_after")
    home = home_of(reach(stage.people, "tamsin", stage.at), stage.people["wren"], stage.at)
    assert (home.doses_done, home.doses) == (1, 6)


def test_the_working_is_amber_only_where_something_speaks_against_it() -> None:
    stage = at_step(cast(), "planned")
    stage.later(minutes=20)
    address = f"/care/sessions/{stage.dose.id}/order/"
    with time_machine.travel(stage.at, tick=False):
        doctor = visitor(stage.people, "tamsin", stage.at)
        asked = {"look": "1", "duration_min": "40", "concentration_mg_per_ml": "50"}
        plain = doctor.post(address, sent(**asked, mg_per_kg="0.5")).content.decode()
        much = doctor.post(address, sent(**asked, mg_per_kg="0.9")).content.decode()
    box = '<section class="card stack{}" aria-label="The working">'
    assert box.format("") in plain and box.format(" look") in much


def test_a_hold_that_ended_without_a_network_ends_when_it_was_so() -> None:
    stage = at_step(cast(), "under_way", route="sublingual")
    part, ended = stage.dose.given_parts.get(), stage.at + timedelta(minutes=10)
    by, later = stage.people.by("jonah"), ended + timedelta(minutes=25)
    kept = end_hold(by=by, at=later, part=part, after_hold="spat", taken_at=ended)
    assert (kept.held_min, kept.ended_at, kept.recorded_at) == (10, ended, later)
