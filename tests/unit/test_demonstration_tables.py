"""The tables of the demonstration: every way, every route and every place in a course has somebody."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise, product

from openkap.demonstration.hours import working_day
from openkap.demonstration.house import EVERYONE, MORE
from openkap.demonstration.people import PATIENTS
from openkap.demonstration.personas import TRIES, WHERE, shown_patients, staff_of
from openkap.demonstration.scores import MOODS, answers
from openkap.demonstration.stands import STANDS
from openkap.demonstration.vitals import CURVES, reading
from openkap.medicine.instruments import instrument, score
from openkap.medicine.protocols import protocol, protocols
from openkap.permits import Role
from openkap.reads.personas import OF_COURSE, OF_FILE, OF_SESSION, ONE, PLAIN
from openkap.steps.cast import CAST
from tests.house.tree import ROOT

# Where somebody stands for whom a dose is ordered on the day the site is made.
GIVEN_TODAY = ("in_the_room", "recovering", "gate_holds", "gate_pressure", "all_set", "second_person")


def test_every_way_by_every_route_has_somebody() -> None:
    assert {who.protocol for who in PATIENTS} == {plan.id for plan in protocols()}
    assert all(
        (protocol(who.protocol).model, protocol(who.protocol).route) == (who.way, who.route)
        for who in PATIENTS
    )


def test_every_place_in_a_course_has_somebody_and_is_said_in_words() -> None:
    assert {who.stands for who in PATIENTS} == set(STANDS) == set(WHERE)


def test_whatever_weekday_it_is_made_on_doses_do_not_come_closer_again() -> None:
    for who, today in product(PATIENTS, (date(2027, 3, 8 + n) for n in range(7))):
        ago = [who.last + who.every * turn for turn in reversed(range(who.doses))]
        days = [working_day(today - timedelta(days=n), today) for n in ago]
        if who.stands in GIVEN_TODAY:
            days.append(today)
        gaps = [(later - before).days for before, later in pairwise(days)]
        assert all(gap > 3 for gap in gaps), who.key  # an order is written before its dose
        assert all(after >= before or before < 7 for before, after in pairwise(gaps)), who.key


def test_nobody_is_there_twice() -> None:
    names = [(who.given, who.family) for who in PATIENTS if who.key not in {one.key for one in CAST}]
    names += [(one.given, one.family) for one in EVERYONE]
    keys = [who.key for who in PATIENTS if who.key not in {one.key for one in CAST}]
    keys += [one.key for one in EVERYONE]
    assert [each for each, n in (Counter(names) + Counter(keys)).items() if n > 1] == []


def test_one_clinician_prescribes_and_treats_in_the_same_practice() -> None:
    both = {
        one.key
        for one in MORE
        for _place, roles in one.places
        if {Role.PRESCRIBER, Role.THERAPIST} <= set(roles)
    }
    assert both == {"ilse"}


def test_what_to_try_first_is_about_somebody_and_leads_to_a_page() -> None:
    known = {one.key for one in EVERYONE} | {who.key for who in PATIENTS}
    spots = {*PLAIN, *ONE, *OF_SESSION, *OF_COURSE, *OF_FILE}
    tries = [one for _words, several in TRIES.values() for one in several]
    assert set(TRIES) <= known
    assert [one for one in tries if one.of and one.of not in known] == []
    assert [one for one in tries if one.spot not in spots and not one.spot.startswith("me-")] == []
    cards = shown_patients() + [
        one.key for place in {p for o in EVERYONE for p, _r in o.places} for one in staff_of(place)
    ]
    assert sorted(cards) == sorted(TRIES)


def test_made_up_scores_come_to_the_totals_they_are_made_for() -> None:
    for own, mood in enumerate(MOODS.values()):
        for form, line in (("phq9", mood.phq9), ("gad7", mood.gad7)):
            assert [score(instrument(form), answers(form, total, own=own)).total for total in line] == list(
                line
            )
    assert score(instrument("phq9"), answers("phq9", 20, 1)).total == 20


def test_made_up_pressure_rises_with_the_dose_and_settles() -> None:
    for route, curve in CURVES.items():
        before, crest, after = (
            reading("wren", 1, route, minute)["sbp"] for minute in (0, curve.crest, curve.settled + 5)
        )
        assert crest > before + 10
        assert abs(after - before) < 6


def test_the_personas_that_documents_name_are_still_there() -> None:
    said = (ROOT / "README.md").read_text() + (ROOT / "docs" / "how-to" / "run.md").read_text()
    assert "three invented practices" in said
