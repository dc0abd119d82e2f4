"""Someone leaves: nothing they held is left to nobody, and every page they have open ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from openkap.door.awake import awake
from openkap.permits import Role
from openkap.records.facts.leaving import Held, held_by
from openkap.records.facts.on_call import uncovered
from openkap.records.models import Departure, Event, Membership, Person, Session, Task
from openkap.records.standing import scope_now
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.leaving import (
    SHARED,
    end_departures,
    hand_over_work,
    leave_practice,
    take_back_leaving,
)
from openkap.steps.people import give_role
from openkap.steps.responsible import begin_watch
from openkap.steps.staff import change_roles, invite_staff
from openkap.steps.tasks import make_task
from tests.at_step import Stage, at_step
from tests.integration.clinic_desk import visiting
from tests.integration.door_visitors import account
from tests.people import NOW, SYSTEM, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    """Tamsin ordered for Wren, is on call on weekdays, and leads what is to come."""
    found = at_step(cast(NOW - timedelta(days=3)), "decided", at=NOW)
    people = found.people
    give_role(by=SYSTEM, at=NOW, organisation=people.clinic, person=people["osric"], role=Role.PRESCRIBER)
    for what, level in (("find_out", ""), ("alert_phq9", "L2")):
        task = make_task(
            SYSTEM,
            at=NOW,
            organisation=people.clinic,
            what=what,
            text="Call Wren",
            due_at=NOW + timedelta(hours=2),
            role=Role.PRESCRIBER,
            course=found.course,
            owner=people["tamsin"],
        )
        Task.objects.filter(pk=task.pk).update(level=level)
    Session.objects.create(
        course=found.course,
        patient=people["wren"],
        organisation=people.clinic,
        phase="follow_up",
        planned_from=NOW + timedelta(days=9),
        planned_to=NOW + timedelta(days=9, hours=1),
        lead=people["tamsin"],
    )
    return found


def held(stage: Stage, key: str = "tamsin") -> Held:
    return held_by(stage.people[key].pk, stage.people.clinic.pk, stage.at)


def to(stage: Stage, key: str) -> dict[str, str]:
    return {item.key: str(stage.people[key].pk) for item in held(stage).items}


def leaves(stage: Stage, given: dict[str, str], days: int = 0, by: str = "priya") -> Departure:
    return leave_practice(
        by=stage.people.by(by),
        at=stage.at,
        organisation=stage.people.clinic,
        person=stage.people["tamsin"],
        from_at=stage.at + timedelta(days=days),
        given=given,
    )


def test_everything_held_is_listed_and_nobody_leaves_before_each_has_someone(stage: Stage) -> None:
    kinds = {item.kind for item in held(stage).items}
    assert kinds >= {"alert", "task", "session", "on_call"}
    given = to(stage, "osric")
    gone = given.pop(next(key for key in given if key.startswith("alert")))
    assert gone
    with pytest.raises(Refused, match="1 thing would be left to nobody"):
        leaves(stage, given)
    assert not Departure.objects.exists()
    assert scope_now(stage.people.by("tamsin"), stage.at).reaches


def test_all_to_one_and_from_that_moment_nothing_opens(stage: Stage) -> None:
    before = {item.key for item in held(stage).items}
    leaves(stage, to(stage, "osric"))
    assert held(stage).items == ()
    osric = stage.people["osric"]
    assert before <= {item.key for item in held(stage, "osric").items} | {
        key for key in before if key.startswith("on_call")
    }
    assert Task.objects.filter(owner=osric, what="alert_phq9").exists()
    assert Session.objects.filter(lead=osric, phase="follow_up").exists()
    assert uncovered(stage.people.clinic, stage.at, stage.at + timedelta(days=7)) == []
    assert not scope_now(stage.people.by("tamsin"), stage.at).reaches
    assert Event.objects.filter(verb="session.given_on").exists()


def test_item_by_item_and_what_is_shared_may_go_back_to_its_list(stage: Stage) -> None:
    given = to(stage, "osric")
    task = next(key for key in given if key.startswith("task"))
    hand_over_work(
        by=stage.people.by("osric"),
        at=stage.at,
        organisation=stage.people.clinic,
        person=stage.people["tamsin"],
        given={task: SHARED},
    )
    assert Task.objects.get(what="find_out").owner is None
    alert = next(key for key in to(stage, "osric") if key.startswith("alert"))
    for wrong in (SHARED, str(stage.people["odette"].pk), str(stage.people["mira"].pk), "nobody"):
        with pytest.raises(Refused):
            hand_over_work(
                by=stage.people.by("priya"),
                at=stage.at,
                organisation=stage.people.clinic,
                person=stage.people["tamsin"],
                given={alert: wrong},
            )
    assert Task.objects.get(what="alert_phq9").owner == stage.people["tamsin"]


def test_who_may_let_someone_go(stage: Stage) -> None:
    for key in ("tamsin", "odette", "mira"):
        with pytest.raises(NotPermitted):
            leaves(stage, to(stage, "osric"), by=key)
    with pytest.raises(Refused, match="only administrator"):
        leave_practice(
            by=stage.people.by("priya"),
            at=stage.at,
            organisation=stage.people.clinic,
            person=stage.people["priya"],
            from_at=stage.at,
            given={},
        )
    with pytest.raises(Refused, match="does not give or take"):
        leave_practice(
            by=stage.people.by("osric"),
            at=stage.at,
            organisation=stage.people.clinic,
            person=stage.people["priya"],
            from_at=stage.at,
            given={},
        )


def test_later_on_is_later_and_may_be_taken_back_until_then(stage: Stage) -> None:
    row = leaves(stage, to(stage, "osric"), days=10)
    assert scope_now(stage.people.by("tamsin"), stage.at).reaches
    assert not scope_now(stage.people.by("tamsin"), row.from_at).reaches
    take_back_leaving(by=stage.people.by("priya"), at=stage.at, departure=row)
    assert scope_now(stage.people.by("tamsin"), row.from_at).reaches
    again = leaves(stage, {}, days=10)
    assert end_departures(by=SYSTEM, at=stage.at) == 0
    assert end_departures(by=SYSTEM, at=again.from_at) == 1
    with pytest.raises(Refused, match="left already"):
        take_back_leaving(by=stage.people.by("priya"), at=again.from_at, departure=again)


def test_whoever_is_leaving_is_given_no_role_that_would_outlive_their_last_day(stage: Stage) -> None:
    people, priya = stage.people, stage.people.by("priya")
    row = leaves(stage, to(stage, "osric"), days=2)
    for roles in (["prescriber", "monitor"], ["monitor"]):
        with pytest.raises(Refused, match="is leaving"):
            change_roles(
                by=priya, at=stage.at, organisation=people.clinic, person=people["tamsin"], roles=roles
            )
    with pytest.raises(Refused, match="is leaving"):
        give_role(
            by=priya, at=stage.at, organisation=people.clinic, person=people["tamsin"], role=Role.MONITOR
        )
    end_departures(by=SYSTEM, at=row.from_at)
    assert not scope_now(people.by("tamsin"), row.from_at).reaches


def test_an_invitation_to_whoever_leaves_opens_nothing_any_more(stage: Stage) -> None:
    people, priya = stage.people, stage.people.by("priya")
    user = account(Person.objects.create(given_name="Ilse", family_name="Farrow", email="ilse@example.org"))
    row, _token = invite_staff(
        by=priya, at=stage.at, organisation=people.clinic, name="Ilse", email=user.email, roles=["monitor"]
    )
    give_role(by=priya, at=stage.at, organisation=people.clinic, person=user.person, role=Role.MONITOR)
    leave_practice(
        by=priya, at=stage.at, organisation=people.clinic, person=user.person, from_at=stage.at, given={}
    )
    row.refresh_from_db()
    assert row.stands(stage.at) != "sent"


def test_what_came_to_them_meanwhile_is_not_lost(stage: Stage) -> None:
    row = leaves(stage, to(stage, "osric"), days=2)
    late = make_task(
        SYSTEM,
        at=stage.at,
        organisation=stage.people.clinic,
        what="late",
        text="Late",
        due_at=stage.at,
        role=Role.PRESCRIBER,
        course=stage.course,
        owner=stage.people["tamsin"],
    )
    Task.objects.filter(pk=late.pk).update(level="L2")
    end_departures(by=SYSTEM, at=row.from_at)
    assert Task.objects.get(pk=late.pk).owner is None
    assert Task.objects.filter(role="medical_director", what__startswith="left_over_").exists()


def test_their_open_pages_end_at_once_and_only_here() -> None:
    now = timezone.now()
    stage = at_step(cast(now - timedelta(days=60)), "decided", at=now)
    people = stage.people
    by = people.by("theo", "Larkmoor Clinic")
    with time_machine.travel(now, tick=False), visiting("theo", now) as here:
        here.post(reverse("hat"), {"hat": str(people.clinic.pk)})
        key = here.session.session_key
        assert awake([(key, by)], now) == [True]
        leave_practice(
            by=people.by("priya"),
            at=now,
            organisation=people.clinic,
            person=people["theo"],
            from_at=now,
            given={
                item.key: str(people["tamsin"].pk)
                for item in held_by(people["theo"].pk, people.clinic.pk, now).items
            },
        )
        assert awake([(key, by)], now) == [False]
        assert here.get("/my-work/").status_code == 302
    elsewhere = Membership.objects.filter(person=people["theo"], until=None)
    assert elsewhere.filter(organisation=people.therapy).exists()


def test_the_page_gives_all_to_one_and_keeps_what_was_chosen(stage: Stage) -> None:
    page = reverse("lead-staff-work", args=[stage.people["tamsin"].pk])
    with visiting("priya", stage.at) as priya:
        priya.get(page)
        assert "Wren" not in priya.page  # by file number: who keeps the staff need not know who is treated
        assert stage.people.file("wren").number in priya.page
        sent = {"submission": priya.hidden("submission"), "do": "leave"}
        assert priya.post(page, sent).status_code == 422
        assert "would be left to nobody" in priya.page
        done = priya.post(page, {**sent, "all_to": str(stage.people["osric"].pk)})
        assert done.headers["Location"] == reverse("lead-staff")
        priya.get(reverse("lead-staff"))
        assert "Worked here before" in priya.page


def test_nobody_leaves_from_a_dose_they_watch_over(stage: Stage) -> None:
    people, session = stage.people, Session.objects.get(phase="follow_up")
    part = begin_watch(session, people["tamsin"].pk, at=NOW)
    leaves = {
        "by": people.by("priya"),
        "at": NOW,
        "organisation": people.clinic,
        "person": people["tamsin"],
        "given": to(stage, "osric"),
    }
    with pytest.raises(Refused, match="Someone takes over in the room first"):
        leave_practice(**leaves, from_at=NOW)
    part.out_at = NOW
    part.save(update_fields=["out_at"])
    assert leave_practice(**leaves, from_at=NOW).done_at == NOW
