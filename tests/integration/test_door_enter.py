"""Who may open a page at all, as whom, and the way around from there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openkap.door import nav
from openkap.door.enter import by_link, is_nobody, staff
from openkap.door.who import actor_of
from openkap.permits import Actor, Role
from openkap.records.models import Event, Membership
from openkap.steps.cast import CAST, CLINIC, THERAPY
from tests.addresses import addresses
from tests.integration.door_visitors import PASSWORD, Visitor, account
from tests.people import NOW, Cast, cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]

# allauth guards its own pages; they are reached before a second factor is.
OF_ALLAUTH = ("account_", "mfa_")


@pytest.fixture
def on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(on_the_day: None) -> Cast:
    return cast()


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def test_every_page_says_for_whom_it_is() -> None:
    silent = [
        address.route
        for address in addresses()
        if not hasattr(address.view, "for_whom") and not address.name.startswith(OF_ALLAUTH)
    ]
    assert silent == []


@pytest.mark.parametrize("key", [persona.key for persona in CAST])
def test_one_click_becomes_each_persona(people: Cast, visitor: Visitor, key: str) -> None:
    visitor.become(key)
    assert visitor.session["person"] == str(people[key].id)
    visitor.get("/hat/")
    assert "As whom do you act?" in visitor.page


def test_the_persona_page_names_everyone_and_what_to_try(people: Cast, visitor: Visitor) -> None:
    visitor.get("/demo/")
    for persona in CAST:
        assert reverse("demo-become", args=[persona.key]) in visitor.page
        assert persona.family in visitor.page
        assert persona.try_first in visitor.page.replace("&#x27;", "'")


def test_a_real_site_has_no_personas(visitor: Visitor) -> None:
    cast(demonstration=False)
    assert visitor.get("/demo/").status_code == 404
    assert visitor.post("/demo/become/tamsin/").status_code == 404
    assert "person" not in visitor.session


def test_a_demonstration_says_so_on_every_page(people: Cast, visitor: Visitor) -> None:
    for address in ("/", "/demo/", "/sign-in/", "/sign-in/code/", "/l/"):
        visitor.get(address)
        assert "Demonstration site" in visitor.page, address


def test_nobody_is_led_to_sign_in_and_back(people: Cast, visitor: Visitor) -> None:
    answer = visitor.get("/desk/?q=alder")
    assert answer.headers["Location"] == "/sign-in/?next=%2Fdesk%2F%3Fq%3Dalder"


def test_a_patient_does_not_find_a_staff_page(people: Cast, visitor: Visitor) -> None:
    assert visitor.become("wren").get("/desk/").status_code == 404


def test_a_staff_member_without_a_second_factor_reaches_only_its_set_up(
    people: Cast, visitor: Visitor
) -> None:
    account(people["odette"])
    visitor.post("/sign-in/", {"login": "odette@example.org", "password": PASSWORD})
    for address in ("/desk/", "/start/"):
        answer = visitor.get(address)
        assert answer.headers["Location"] == reverse("mfa_index"), address
    visitor.get(reverse("mfa_index"))
    assert "Records stay closed" in visitor.page
    assert visitor.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_hat_is_changed_in_one_place_and_said_on_every_page(people: Cast, visitor: Visitor) -> None:
    visitor.become("theo")
    assert visitor.session["hat"] == str(people.therapy.id)
    visitor.get("/hat/")
    assert CLINIC in visitor.page
    assert THERAPY in visitor.page
    visitor.post("/hat/", {"hat": str(people.clinic.id)})
    assert visitor.session["hat"] == str(people.clinic.id)
    told = Event.objects.filter(verb="arrived.hat").get()
    assert told.by_organisation_id == people.clinic.id


def test_a_hat_that_is_not_ones_own_is_not_there(people: Cast, visitor: Visitor) -> None:
    visitor.become("mira")
    assert visitor.post("/hat/", {"hat": str(people.clinic.id)}).status_code == 404
    assert visitor.session["hat"] == str(people.therapy.id)


def test_a_role_that_has_ended_takes_its_hat_along(people: Cast, visitor: Visitor) -> None:
    visitor.become("theo")
    Membership.objects.filter(person=people["theo"], organisation=people.therapy).update(until=NOW)
    visitor.get("/hat/")
    assert THERAPY not in visitor.page


def test_the_way_around_has_at_most_seven_places_and_each_exists() -> None:
    for items in (nav.for_staff(frozenset(Role), "/desk/"), nav.for_patient("/me/")):
        assert len(items) <= 7
        assert all(item.url.startswith("/") for item in items)
    assert [item.label for item in nav.for_staff(frozenset({Role.FRONT_DESK}), "/desk/") if item.current] == [
        "The day"
    ]


def test_the_frame_of_a_page_asks_little(
    people: Cast, visitor: Visitor, django_assert_max_num_queries: object
) -> None:
    visitor.become("odette")
    visitor.get("/menu/")
    # Session, person, roles, organisation, hats (two), is this a demonstration.
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert visitor.get("/menu/").status_code == 200


async def test_a_stream_is_guarded_like_a_page() -> None:
    @staff
    async def live(request: HttpRequest) -> HttpResponse:
        return HttpResponse("live")

    request = HttpRequest()
    request.method, request.path = "GET", "/live/"
    request.actor = actor_without_session()  # type: ignore[attr-defined]
    assert (await live(request)).status_code == 302


def actor_without_session() -> Actor:
    request = HttpRequest()
    request.session = {}  # type: ignore[assignment]
    by = actor_of(request)
    assert is_nobody(by)
    return by


def test_a_page_behind_a_link_says_to_open_the_link(people: Cast, visitor: Visitor) -> None:
    @by_link("consent")
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("consent")

    request = HttpRequest()
    request.method = "GET"
    request.actor = actor_without_session()  # type: ignore[attr-defined]
    assert page(request).headers["Location"] == reverse("link-again")
    visitor.get(reverse("link-again"))
    assert "Open your link again" in visitor.page
