"""No page of a person's record is shown without the trail knowing, however it is asked for."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

import openkap.desks
from openkap.reads.told import PAGES
from openkap.records.models import Disclosure, Event, PatientFile
from tests.at_step import at_step
from tests.integration.clinic_desk import visiting
from tests.people import cast

pytestmark = pytest.mark.django_db
DESKS = Path(openkap.desks.__path__[0])
QUIETLY = {"X-OpenKAP-Background": "1"}


def opened(page: str) -> int:
    return Event.objects.filter(verb=f"opened.{page}", outcome="opened").count()


def test_calling_it_a_refresh_does_not_hide_the_first_look() -> None:
    stage = at_step(cast(), "watched")
    address = reverse("care-patient", args=[stage.people.file("wren").pk])
    room = reverse("rooms-session-part", args=[stage.dose.pk]) + "?was=live"
    with visiting("tamsin", stage.at) as tamsin:
        for page, where in (("chart", address), ("room", room), ("rooms", reverse("rooms-board-part"))):
            before = opened(page)
            assert tamsin.get(where, headers=QUIETLY).status_code == 200
            assert opened(page) == before + 1, page
            assert tamsin.get(where, headers=QUIETLY).status_code == 200
            assert opened(page) == before + 1, "a refresh after it is no new opening"


def test_a_form_sent_without_opening_its_page_is_an_opening() -> None:
    stage = at_step(cast(), "evaluated")
    address = reverse("care-evaluation", args=[stage.course.pk])
    with visiting("tamsin", stage.at) as tamsin:
        answer = tamsin.post(address, {"piece": "vitals", "sbp": "12", "submission": "no id"})
        assert answer.status_code == 422 and "Wren" in tamsin.page
        assert opened("evaluation") == 1
        tamsin.post(address, {"piece": "vitals", "sbp": "12", "submission": "no id"})
        assert opened("evaluation") == 1
        tamsin.get(address)
        assert opened("evaluation") == 2


def test_a_quiet_look_across_practices_is_kept_as_shown() -> None:
    stage = at_step(cast(), "shared")
    own = PatientFile.objects.get(organisation=stage.people.therapy, patient=stage.people["wren"])
    address = reverse("practice-person", args=[own.pk])
    with visiting("mira", stage.later(minutes=1)) as mira:
        assert mira.get(address, headers=QUIETLY).status_code == 200
    assert Disclosure.objects.filter(grant=stage.grant).exists()
    shown = Disclosure.objects.count()
    with visiting("mira", stage.at + timedelta(minutes=1)) as mira:
        mira.get(address, headers=QUIETLY)
    assert Disclosure.objects.count() == shown


def test_every_page_that_is_told_has_words() -> None:
    told = re.compile(r'(?:tell_opening|tell_opened)\([^)]*?"([a-z_]+)"|page="([a-z_]+)"')
    found = {one or two for each in DESKS.rglob("*.py") for one, two in told.findall(each.read_text())}
    assert len(found) > 30
    assert sorted(found - set(PAGES)) == []
