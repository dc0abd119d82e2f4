"""The safety plan: whose it is, who may look, versions that are added, two hands at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from openkap.permits import Kind, Need, decide
from openkap.reads.safety_plan import plan_of
from openkap.records.facts.safety_plan import about_plan, who_may_read
from openkap.records.ids import new_id
from openkap.records.models import Course, Disclosure, Event, SafetyPlan
from openkap.records.standing import scope_now
from openkap.steps.cast import CAST
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.safety_plan import review_plan, write_plan
from openkap.steps.sharing import change_scopes, revoke
from tests.integration.clinic_desk import reach, visiting
from tests.integration.course_of import course_of, shared_course
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db
WORDS = {"alone": "Walk to the river", "people": "Lupe 555 014 2277\nTam"}


def wrote(people: Cast, course: Course, by: str = "", **more: Any) -> SafetyPlan:
    given: dict[str, Any] = {"at": NOW, "course": course, "words": WORDS, **more}
    return write_plan(by=people.by(by) if by else people.patient("wren"), **given)


def test_it_is_the_patients_own_and_the_team_that_treats_may_look(people: Cast) -> None:
    course = course_of(people)
    wrote(people, course)
    names = who_may_read(course, NOW)
    for persona in CAST:
        for place, _roles in persona.places:
            by = people.by(persona.key, place)
            may = decide(scope_now(by, NOW), Need(Kind.SAFETY_PLAN), about_plan(course, NOW))
            assert bool(may) is (by.name in names and by.organisation == people.clinic.id), persona.key
    assert "Odette Castellane" not in names and "Tamsin Orrery" in names
    for key in ("noor", "pell"):
        assert not decide(
            scope_now(people.patient(key), NOW), Need(Kind.SAFETY_PLAN), about_plan(course, NOW)
        )
    with pytest.raises(NotPermitted):
        wrote(people, course, by="odette")


def test_another_practice_looks_only_while_the_patient_lets_it_and_each_look_is_kept(people: Cast) -> None:
    course = shared_course(people)
    wrote(people, course)
    page, print_ = reverse("safety-plan", args=[course.id]), "?print=1"
    with visiting("mira", NOW) as mira:
        assert mira.get(page).status_code == 404
    [grant] = course.patient.grants.filter(revoked_at=None)
    assert "Mira Fennimore-Hale" not in who_may_read(course, NOW)
    let = change_scopes(by=people.patient("wren"), at=NOW, grant=grant, scopes=["schedule", "safety_plan"])
    assert let is not None and "Mira Fennimore-Hale" in who_may_read(course, NOW)
    with visiting("mira", NOW) as mira:
        assert mira.get(page).status_code == 200 and "Walk to the river" in mira.page
        assert "Keep the plan" not in mira.page, "lent is to look at"
        assert mira.post(page, {**WORDS, "submission": new_id()}).status_code in (403, 404)
        assert mira.get(page + print_).status_code == 200
    told = Event.objects.filter(verb="opened.safety_plan", by_person=people["mira"], patient=people["wren"])
    assert told.count() >= 2
    assert Disclosure.objects.filter(what="safety_plan", grant=let).count() >= 2
    revoke(by=people.patient("wren"), at=NOW + timedelta(minutes=1), grant=let)
    with visiting("mira", NOW + timedelta(minutes=2)) as mira:
        assert mira.get(page).status_code == 404 and mira.get(page + print_).status_code == 404


def test_versions_are_added_and_none_is_ever_written_over(people: Cast) -> None:
    course = course_of(people)
    first = wrote(people, course)
    second = wrote(people, course, by="tamsin", words={"alone": "The lake"}, made_from=first.id)
    same = wrote(people, course, words={"alone": " The lake\r\n"}, made_from=second.id)
    looked = review_plan(by=people.by("jonah"), at=NOW + timedelta(days=1), course=course)
    acts = [row.act for row in (first, second, same, looked)]
    assert acts == ["written", "written", "reviewed", "reviewed"]
    shown = plan_of(reach(people, "tamsin", NOW), course, NOW)
    assert shown.now is not None
    assert (shown.now.who, shown.now.at) == ("Jonah Bellwether", NOW + timedelta(days=1))
    assert shown.now.steps[0].title == "Warning signs" and len(shown.now.steps) == 6
    assert [version.id for version in shown.earlier] == [same.id, second.id, first.id]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SafetyPlan.objects.filter(pk=first.pk).update(alone="gone")


def test_who_began_from_an_older_version_is_told_and_loses_nothing(people: Cast) -> None:
    course = course_of(people)
    first = wrote(people, course)
    wrote(people, course, by="tamsin", words={"alone": "The lake"}, made_from=first.id)
    with pytest.raises(Stale):
        wrote(people, course, words={"alone": "The hill"}, made_from=first.id)
    with visiting("wren", NOW + timedelta(minutes=5)) as phone:
        address = reverse("me-safety-write")
        late = {"alone": "The hill", "made_from": first.id, "submission": new_id()}
        assert phone.post(address, late).status_code == 422
        assert "The hill" in phone.page and "The lake" in phone.page
        again = {**late, "made_from": phone.hidden("made_from")}
        assert phone.post(address, again).status_code == 302
        assert phone.post(address, again).status_code == 302, "a double tap is one plan"
    assert SafetyPlan.objects.count() == 3


def test_an_empty_plan_and_one_too_long_are_named(people: Cast) -> None:
    course = course_of(people)
    with pytest.raises(Refused, match="One line is enough"):
        wrote(people, course, words={"alone": "  \n"})
    with pytest.raises(Refused) as refusal:
        wrote(people, course, words={"alone": "x" * 2001})
    assert refusal.value.field == "alone"
    with pytest.raises(Refused, match="no safety plan yet"):
        review_plan(by=people.by("tamsin"), at=NOW, course=course)
