"""Who takes them home: named and asked by the front desk too, who reads nothing clinical for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from openkap.permits import Kind, Need
from openkap.reads.day import day_of, ride_of
from openkap.records.ids import new_id
from openkap.records.models import Escort, EscortYes, Session
from openkap.records.standing import scope_now
from openkap.steps.escort import escort_said_yes, name_escort
from openkap.steps.frame import NotPermitted, Refused, Stale
from tests.at_step import ESCORT, Stage
from tests.integration.door_visitors import Visitor
from tests.integration.test_booking import book, on, sharing
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db
DOSE = on("2027-03-09T16:00")


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


@pytest.fixture
def booked(people: Cast) -> Stage:
    stage = sharing(people)
    stage.dose = book(stage, DOSE).dose
    return stage


def name(stage: Stage, key: str = "odette", **said: str) -> Escort:
    return name_escort(by=stage.people.by(key), at=stage.at, session=stage.dose, **{**ESCORT, **said})


@pytest.mark.parametrize("key", ["odette", "jonah", "tamsin"])
def test_desk_nurse_and_prescriber_name_and_ask(booked: Stage, key: str) -> None:
    by = booked.people.by(key)
    row = name(booked, key)
    yes = escort_said_yes(by=by, at=booked.at, escort=row)
    assert escort_said_yes(by=by, at=booked.at, escort=row) == yes
    assert EscortYes.objects.count() == 1


@pytest.mark.parametrize("key", ["mira", "osric", "priya"])
def test_others_do_not(booked: Stage, key: str) -> None:
    row = name(booked)
    if key == "osric":  # a prescriber too, so they may
        assert escort_said_yes(by=booked.people.by(key), at=booked.at, escort=row)
        return
    with pytest.raises(NotPermitted):
        name(booked, key)
    with pytest.raises(NotPermitted):
        escort_said_yes(by=booked.people.by(key), at=booked.at, escort=row)


def test_someone_named_anew_is_asked_anew(booked: Stage) -> None:
    by = booked.people.by("odette")
    first = name(booked)
    escort_said_yes(by=by, at=booked.at, escort=first)
    assert name(booked) == first  # the same words again are the same person
    name(booked, name="Ada Grey")
    ride = ride_of(scope_now(by, booked.at), booked.dose)
    assert ride is not None and (ride.name, ride.said_yes) == ("Ada Grey", False)
    with pytest.raises(Stale, match="Somebody else was named"):
        escort_said_yes(by=by, at=booked.at, escort=first)


def test_nobody_is_named_for_what_is_over_or_no_dose(booked: Stage) -> None:
    held = Session.objects.get(phase="integration")
    Session.objects.filter(pk=held.pk).update(organisation=booked.people.clinic)
    held.refresh_from_db()
    with pytest.raises(Refused, match="Only after a dose"):
        name_escort(by=booked.people.by("odette"), at=booked.at, session=held, **ESCORT)
    Session.objects.filter(pk=booked.dose.pk).update(state="cancelled")
    booked.fresh()
    with pytest.raises(Refused, match="called off"):
        name(booked)


def test_the_desk_sees_who_takes_them_home_and_nothing_clinical(booked: Stage) -> None:
    name(booked)
    scope = scope_now(booked.people.by("odette"), booked.at)
    zone = booked.at.tzinfo
    shown = day_of(scope, booked.people.clinic.id, DOSE.date(), booked.at, zone)  # type: ignore[arg-type]
    ride = next(visit.ride for visit in shown.visits if visit.session == booked.dose.id)
    assert ride is not None
    assert (ride.name, ride.phone, ride.relation, ride.said_yes) == (
        "Lou Alderbrook",
        "+1 555 0172",
        "brother",
        False,
    )
    assert not scope.allowing(Need(Kind.CLINICAL))
    assert Escort.PATHS.kind is EscortYes.PATHS.kind is Kind.ESCORT


def test_on_the_pages_it_is_named_asked_and_read(booked: Stage) -> None:
    odette = Visitor().become("odette")
    page = reverse("calendar-session", args=[booked.dose.id])
    odette.get(page)
    assert "Nobody is named yet" in odette.page
    address = reverse("calendar-escort", args=[booked.dose.id])
    said = {"submission": str(new_id()), "escort_name": "Zoë 🌿 עדי", "escort_phone": ""}
    assert odette.post(address, said).status_code == 422
    assert "A telephone number is needed" in odette.page and "Zoë 🌿 עדי" in odette.page
    said["escort_phone"] = "+1 555 0100"
    assert odette.post(address, said).status_code == 302
    assert odette.post(address, said).status_code == 302  # sent twice
    row = Escort.objects.get()
    odette.get(reverse("desk-find"))
    assert "Zoë 🌿 עדי" in odette.page and "Not asked yet." in odette.page
    yes = reverse("calendar-escort-yes", args=[row.id])
    assert odette.post(yes, {"submission": str(new_id())}).status_code == 302
    odette.get(reverse("desk-find"))
    assert "They said yes." in odette.page
    odette.get(reverse("desk-print"))
    assert "+1 555 0100" in odette.page
    mira = Visitor().become("mira")
    assert mira.post(yes, {"submission": str(new_id())}).status_code == 404
    mira.get(page)
    assert "Zoë" not in mira.page
