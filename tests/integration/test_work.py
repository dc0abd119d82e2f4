"""My work: the right list for the right hat, overdue first, finished with an outcome, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from openkap.permits import Role
from openkap.reads.work import Together, work_of
from openkap.records.models import Event, PatientFile, Task
from openkap.records.standing import standing_of
from openkap.steps.frame import Refused
from openkap.steps.tasks import hand_over_task, make_task, take_task
from tests.at_step import at_step
from tests.integration.clinic_desk import ZONE, asked, form_in, reach, visiting
from tests.integration.test_booking import WEDNESDAY, book, on, open_one, sharing
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


def owe(people: Cast, what: str, due, role=Role.MONITOR, owner=None, key="wren", place="clinic"):  # type: ignore[no-untyped-def]
    return make_task(
        people.by("tamsin"),
        at=NOW - timedelta(days=1),
        organisation=getattr(people, place),
        what=what,
        text=f"Do {what}",
        due_at=due,
        role=role,
        patient=people[key],
        owner=people[owner] if owner else None,
    )


def list_of(people: Cast, key: str, at=NOW):  # type: ignore[no-untyped-def]
    by = people.by(key)
    return work_of(reach(people, key, at), by, standing_of(by, at).roles, at, ZONE)


def test_overdue_first_and_only_what_is_mine(people: Cast) -> None:
    owe(people, "later", NOW + timedelta(days=3))
    owe(people, "soon", NOW + timedelta(hours=2))
    owe(people, "late", NOW - timedelta(hours=3))
    owe(people, "named", NOW + timedelta(hours=1), owner="jonah")
    owe(people, "of_tamsin", NOW, owner="tamsin")
    owe(people, "prescribers", NOW, role=Role.PRESCRIBER)
    owe(people, "elsewhere", NOW, role=Role.THERAPIST, key="pell", place="therapy")
    jonah = list_of(people, "jonah")
    assert [t.title for t in jonah.waiting] == ["Do late", "Do named", "Do soon", "Do later"]
    assert [t.when for t in jonah.waiting[:3]] == ["Due 3 hours ago", "Due in 60 minutes", "Due in 2 hours"]
    assert (jonah.late, jonah.waiting[0].level) == (1, "caution")
    assert [t.title for t in list_of(people, "tamsin").waiting] == ["Do of_tamsin", "Do prescribers"]
    assert [t.title for t in list_of(people, "mira").waiting][-1] == "Do elsewhere"


def test_the_patient_is_named_only_within_scope(people: Cast) -> None:
    """An administrator holds tasks, but not who is treated."""
    owe(people, "tablet", NOW, role=Role.ADMINISTRATOR, key="pell")
    [task] = list_of(people, "priya").waiting
    assert (task.who, task.file) == ("", None)


def test_finishing_takes_an_outcome_and_is_done_once(people: Cast) -> None:
    task = owe(people, "call", NOW - timedelta(hours=1))
    address = f"/my-work/{task.id}/done/"
    with visiting("jonah", NOW) as page:
        page.get("/my-work/")
        assert "1 is overdue" in page.page and "Wren Alderbrook" in page.page
        hidden = form_in(page.page, address)
        assert page.post(address, {**hidden, "outcome": "  "}).status_code == 422
        assert "Say what came of it, in a few words" in page.page
        assert page.post(address, {**hidden, "outcome": "Reached her; slept well"}).status_code == 302
        assert page.post(address, {**hidden, "outcome": "Reached her; slept well"}).status_code == 302
        page.get("/my-work/")
        assert "Reached her; slept well" in page.page and "Nothing is waiting for you" in page.page
    task.refresh_from_db()
    assert task.done_by == people["jonah"]
    assert Event.objects.filter(verb="task.done").count() == 1


def test_the_second_to_finish_is_told_and_keeps_their_words(people: Cast) -> None:
    task = owe(people, "call", NOW)
    address = f"/my-work/{task.id}/done/"
    with visiting("jonah", NOW) as page:
        page.get("/my-work/")
        hidden = form_in(page.page, address)
        Task.objects.filter(id=task.id).update(done_at=NOW, outcome="Already", done_by=people["osric"])
        assert page.post(address, {**hidden, "outcome": "Mine"}).status_code == 422
        assert "already done" in page.page


def test_who_may_not_finish_sees_no_button_and_is_refused(people: Cast) -> None:
    task = owe(people, "look", NOW, role=Role.MEDICAL_DIRECTOR)
    with visiting("priya", NOW) as page:
        page.get("/my-work/?whose=all")
        assert "Do look" in page.page and f"/my-work/{task.id}/done/" not in page.page
    with visiting("mira", NOW) as page:
        assert page.post(f"/my-work/{task.id}/done/", {"outcome": "x"}).status_code == 404


def test_a_whole_course_leaves_its_tasks_on_the_right_lists(people: Cast) -> None:
    stage = at_step(people, "gone_home")
    assert any("call" in t.title.lower() for t in list_of(people, "jonah", stage.at).waiting)


@pytest.mark.parametrize("many", [1, 30])
def test_questions_do_not_grow(people: Cast, many: int) -> None:
    for n in range(many):
        owe(people, f"t{n}", NOW + timedelta(minutes=n))
    scope, by = reach(people, "jonah", NOW), people.by("jonah")
    shown, count = asked(lambda: work_of(scope, by, frozenset({Role.MONITOR}), NOW, ZONE))
    assert len(shown.waiting) == many and count == 5


def test_taking_and_handing_over(people: Cast) -> None:
    task = owe(people, "call", NOW + timedelta(hours=1), owner="jonah")
    with pytest.raises(Refused, match="cannot take this"):
        hand_over_task(by=people.by("jonah"), at=NOW, task=task, to=people["odette"])
    with pytest.raises(Refused):
        take_task(by=people.by("odette"), at=NOW, task=task)
    given = hand_over_task(by=people.by("jonah"), at=NOW, task=task, to=people["tamsin"])
    assert given.owner == people["tamsin"]
    taken = take_task(by=people.by("jonah"), at=NOW, task=task)
    take_task(by=people.by("jonah"), at=NOW, task=task)
    assert taken.owner == people["jonah"]
    told = Event.objects.filter(verb__in=("task.taken", "task.handed_over")).order_by("seq")
    assert [event.verb for event in told] == ["task.handed_over", "task.taken"]


def test_no_list_is_silently_empty(people: Cast) -> None:
    owe(people, "call", NOW - timedelta(hours=1), owner="tamsin")
    with visiting("jonah", NOW) as page:
        page.get("/my-work/")
        assert (
            "Mine (0)" in page.page
            and "All for my role (1)" in page.page
            and "See all for my role" in page.page
        )
        page.get("/my-work/?whose=late")
        assert "Do call" in page.page and "for Tamsin Orrery" in page.page and "Take it" in page.page
        page.get("/my-work/?whose=role&print=1")
        assert "Do call" in page.page and "<button" not in page.page


def test_the_on_call_page_says_gaps_in_words(people: Cast) -> None:
    with visiting("osric", NOW) as page:
        page.get("/my-work/on-call/")
        assert (
            "Every hour of the next seven days is covered" in page.page and "Now: Tamsin Orrery" in page.page
        )
        row = people.clinic.on_call.get(weekday=6)
        hidden = form_in(page.page, f"/my-work/on-call/{row.id}/end/")
        assert page.post(f"/my-work/on-call/{row.id}/end/", hidden).status_code == 302
        page.get("/my-work/on-call/")
        assert "Sunday, March 14, 12:00 am to Monday, March 15, 12:00 am" in page.page
        hours = {"person": people["jonah"].id, "weekdays": ["6"], "starts": "00:00", "ends": "00:00"}
        bad = page.post(
            "/my-work/on-call/", {**hours, "weekdays": [], "submission": page.hidden("submission")}
        )
        assert bad.status_code == 422 and "Choose at least one day" in page.page
        page.post("/my-work/on-call/", {**hours, "submission": page.hidden("submission")}, follow=True)
        assert "Every hour of the next seven days is covered" in page.page
        assert "Jonah Bellwether" in page.get("/my-work/on-call/?print=1").content.decode()
    with visiting("jonah", NOW) as page:
        assert "Add hours" not in page.get("/my-work/on-call/").content.decode()


def test_a_task_about_a_proposal_leads_to_it(people: Cast) -> None:
    shared = sharing(people)
    book(shared, on(WEDNESDAY))
    asked_for = open_one(shared)
    for key in ("mira", "odette"):
        owed = list_of(people, key, at=shared.at).waiting
        assert asked_for.id in [task.proposal for task in owed], key
        assert len([task for task in owed if task.proposal]) == 1, key


def test_a_name_leads_to_the_page_made_for_its_reader(people: Cast) -> None:
    owe(people, "read_it", NOW, role=Role.THERAPIST, place="therapy", key="pell")
    owe(people, "call", NOW)
    own = PatientFile.objects.get(patient=people["pell"], organisation=people.therapy)
    chart = PatientFile.objects.get(patient=people["wren"], organisation=people.clinic)
    with visiting("mira", NOW) as page:
        page.get("/my-work/")
        assert f'href="{reverse("practice-person", args=[own.id])}"' in page.page
        assert "/care/patients/" not in page.page
    with visiting("jonah", NOW) as page:
        page.get("/my-work/")
        assert f'href="{reverse("care-patient", args=[chart.id])}"' in page.page


def test_the_alerts_of_one_day_of_one_person_stand_as_one_line(people: Cast) -> None:
    for what, level in (("alert_A", "L1"), ("alert_B", "L3"), ("alert_C", "L2")):
        owe(people, what, NOW)
        Task.objects.filter(what=what).update(level=level, due_at=NOW + timedelta(hours=level != "L3"))
    owe(people, "alert_D", NOW, key="noor")
    Task.objects.filter(what="alert_D").update(level="L1")
    with visiting("jonah", NOW) as page:
        page.get("/my-work/")
        assert "3 answers of Wren Alderbrook need a look" in page.page and "Do alert_B" in page.page
        assert "of Noor" not in page.page and "Do alert_D" in page.page
    [wren] = [line for line in list_of(people, "jonah").lines if isinstance(line, Together)]
    assert (wren.level, wren.late, len(wren.each)) == ("stop", True, 3)
