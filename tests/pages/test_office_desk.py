"""The front desk finds people by half a name and sends sign-ins; who may not, is told so or finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from openkap.records.models import PersonalLink
from tests.integration.door_visitors import Visitor
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db

SUBMISSION = {"submission": "0197f000-0000-7000-8000-000000000004"}


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


def test_half_a_name_or_a_slip_of_the_finger_finds(people: Cast) -> None:
    odette = Visitor().become("odette")
    for typed in ("alder", "Alderbrok", "wren", "May 3 1985"):
        odette.get("/desk/", {"q": typed})
        assert "Wren Alderbrook" in odette.page, typed
    odette.get("/desk/", {"q": "ana ibarra"})
    assert odette.page.count("Same name") == 2
    odette.get("/desk/", {"q": "strand"})  # a patient of the other practice
    assert "Nobody fits" in odette.page


def test_a_sign_in_is_shown_on_a_demonstration_only(people: Cast) -> None:
    odette = Visitor().become("odette")
    address = f"/desk/sign-in/{people.file('wren').id}/"
    odette.post(address, SUBMISSION)
    assert "/l/" in odette.page
    assert PersonalLink.objects.get().purpose == "sign_in"


def test_each_person_of_the_list_has_a_form_of_their_own(people: Cast) -> None:
    """A sign-in sent to one, then Back, then to the other: the second is sent as well."""
    odette = Visitor().become("odette")
    odette.get("/desk/", {"q": "ana"})
    forms = odette.page.split('name="submission" value="')[1:]
    assert len({form.partition('"')[0] for form in forms}) == 2


def test_without_a_mail_address_it_says_what_is_missing(people: Cast) -> None:
    people["wren"].email = ""
    people["wren"].save()
    odette = Visitor().become("odette")
    answer = odette.post(f"/desk/sign-in/{people.file('wren').id}/", {**SUBMISSION, "q": "alder"})
    assert answer.status_code == 422
    assert "No mail address is known for Wren Alderbrook" in odette.page
    assert 'value="alder"' in odette.page


def test_a_role_that_may_not_send_is_told_so(people: Cast) -> None:
    priya = Visitor().become("priya")
    priya.get("/desk/", {"q": "alder"})
    assert "Send sign-in" not in priya.page
    assert priya.post(f"/desk/sign-in/{people.file('wren').id}/", SUBMISSION).status_code == 403
    assert "Your role" in priya.page
    assert not PersonalLink.objects.exists()


def test_another_practices_patient_is_not_there(people: Cast) -> None:
    odette = Visitor().become("odette")
    assert odette.post(f"/desk/sign-in/{people.file('pell').id}/", SUBMISSION).status_code == 404


def test_the_list_asks_a_bounded_number_of_questions(
    people: Cast, django_assert_max_num_queries: Any
) -> None:
    odette = Visitor().become("odette")
    odette.get("/desk/")
    for typed in ("alder", "a"):
        with django_assert_max_num_queries(12):
            odette.get("/desk/", {"q": typed})
