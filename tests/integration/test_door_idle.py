"""Idle sessions lock, are waited out with a moved clock, and lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import cache

from openkap.door.awake import awake
from openkap.door.page import now
from openkap.records.models import Event
from tests.integration.door_visitors import PASSWORD, Visitor, account
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db

Clock = time_machine.Traveller
BACKGROUND = {"X-OpenKAP-Background": "1"}


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(NOW, tick=False) as moved:
        cache.clear()
        yield moved


@pytest.fixture
def people(clock: Clock) -> Cast:
    return cast()


@pytest.fixture
def odette(people: Cast) -> Visitor:
    return Visitor().become("odette")


def minutes(clock: Clock, number: float) -> None:
    clock.shift(timedelta(minutes=number))


def is_locked(visitor: Visitor, page: str = "/desk/") -> bool:
    answer = visitor.get(page, headers=BACKGROUND)
    assert answer.status_code in (200, 423)
    return answer.status_code == 423


def test_a_desk_locks_after_fifteen_minutes_and_not_before(clock: Clock, odette: Visitor) -> None:
    minutes(clock, 14.9)
    assert not is_locked(odette)
    minutes(clock, 0.2)
    assert is_locked(odette)


def test_polls_streams_and_refreshes_do_not_prolong(clock: Clock, odette: Visitor) -> None:
    for _minute in range(14):
        minutes(clock, 1)
        odette.get("/desk/", headers=BACKGROUND)
        odette.get("/desk/?refresh=1")
        odette.get("/desk/", headers={"Accept": "text/event-stream"})
        odette.get("/desk/", headers={"Sec-Purpose": "prefetch"})
        odette.post("/session/act", headers=BACKGROUND)
    assert not is_locked(odette)
    minutes(clock, 1.1)
    assert is_locked(odette)


@pytest.mark.parametrize("act", ["page", "said"])
def test_a_persons_act_prolongs(clock: Clock, odette: Visitor, act: str) -> None:
    for _time in range(6):
        minutes(clock, 10)
        answer = odette.get("/desk/") if act == "page" else odette.post("/session/act")
        assert answer.status_code == (200 if act == "page" else 204)
    assert not is_locked(odette)


def test_an_act_after_the_time_opens_nothing(clock: Clock, odette: Visitor) -> None:
    minutes(clock, 16)
    said = odette.post("/session/act", headers={"Referer": "http://testserver/desk/?q=a"})
    assert said.status_code == 423
    assert said.headers["X-OpenKAP-Lock"] == "/lock/?next=%2Fdesk%2F%3Fq%3Da"
    assert odette.get("/desk/").status_code == 302
    clock.move_to(NOW + timedelta(minutes=1))
    assert is_locked(odette)


def test_reading_a_page_writes_the_session_at_most_three_times_a_minute(
    clock: Clock, odette: Visitor
) -> None:
    odette.get("/desk/")
    seen = odette.session["seen"]
    clock.shift(timedelta(seconds=10))
    odette.get("/desk/")
    assert odette.session["seen"] == seen
    clock.shift(timedelta(seconds=10))
    odette.get("/desk/")
    assert odette.session["seen"] != seen


def test_the_lock_page_leads_back_to_the_page(clock: Clock, odette: Visitor) -> None:
    minutes(clock, 20)
    answer = odette.get("/desk/?q=alder")
    assert answer.headers["Location"] == "/lock/?next=%2Fdesk%2F%3Fq%3Dalder"
    odette.get(answer.headers["Location"])
    assert "Odette Marsh was here" in odette.page
    back = odette.hidden("next").replace("&amp;", "&")
    answer = odette.post("/lock/", {"next": back, "as": "persona"})
    assert answer.headers["Location"] == "/desk/?q=alder"
    assert odette.get("/desk/?q=alder").status_code == 200


def test_a_locked_screen_shows_nothing_of_what_it_hides(clock: Clock, odette: Visitor, people: Cast) -> None:
    odette.post("/session/lock", {"next": "/desk/?q=alder"})
    odette.get("/lock/?next=/desk/")
    assert "Alderbrook" not in odette.page
    for address in ("/desk/", "/hat/", "/start/", "/second-factor/"):
        assert odette.get(address).headers["Location"].startswith("/lock/"), address
    odette.get("/")
    assert "Odette" not in odette.page


def test_what_was_being_sent_is_kept_and_offered_again(clock: Clock, odette: Visitor, people: Cast) -> None:
    minutes(clock, 20)
    file = people.file("wren").id
    typed = {"submission": "0197f000-0000-7000-8000-000000000001", "q": "alder <b>", "password": "never kept"}
    answer = odette.post(
        f"/desk/sign-in/{file}/", typed, headers={"Referer": "http://testserver/desk/?q=alder"}
    )
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["next"] == ["/desk/?q=alder"]
    odette.get(answer.headers["Location"])
    assert "alder &lt;b&gt;" not in odette.page  # what was typed is not for whoever stands at the desk
    assert not Event.objects.filter(verb__startswith="link.sent").exists()

    unlock = {"as": "persona", "next": query["next"][0], "kept": query["kept"][0]}
    shown = odette.post("/lock/", unlock).headers["Location"]
    odette.get(shown)
    assert "alder &lt;b&gt;" in odette.page
    assert typed["submission"] in odette.page
    assert "never kept" not in odette.page
    assert f'action="/desk/sign-in/{file}/"' in odette.page

    odette.post(f"/desk/sign-in/{file}/", {"submission": typed["submission"], "q": typed["q"]})
    assert Event.objects.filter(verb="link.sent.sign_in").count() == 1
    odette.post(f"/desk/sign-in/{file}/", {"submission": typed["submission"], "q": typed["q"]})
    assert Event.objects.filter(verb="link.sent.sign_in").count() == 1
    assert odette.get(shown).status_code == 404  # sent, so no longer offered


def test_what_is_kept_can_be_let_go(clock: Clock, odette: Visitor) -> None:
    minutes(clock, 20)
    answer = odette.post("/hat/", {"hat": "x"}, headers={"Referer": "http://testserver/hat/"})
    kept = parse_qs(urlsplit(answer.headers["Location"]).query)["kept"][0]
    odette.post("/lock/", {"as": "persona"})
    assert odette.post(f"/kept/{kept}/", {"next": "/hat/"}).headers["Location"] == "/hat/"
    assert odette.get(f"/kept/{kept}/").status_code == 404


def test_a_form_from_elsewhere_is_not_kept(clock: Clock, people: Cast) -> None:
    visitor = Visitor(enforce_csrf_checks=True)
    visitor.get("/demo/")
    token = visitor.cookies["csrftoken"].value
    visitor.post("/demo/become/odette/", {"csrfmiddlewaretoken": token})
    minutes(clock, 20)
    answer = visitor.post(
        "/desk/sign-in/x/", {"q": "planted"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert "kept" not in parse_qs(urlsplit(answer.headers["Location"]).query)
    assert "kept" not in visitor.session


def test_part_of_a_page_that_finds_it_locked_sends_the_whole_page(clock: Clock, odette: Visitor) -> None:
    minutes(clock, 20)
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/?q=a"}
    answer = odette.get("/desk/", headers=htmx)
    assert answer.status_code == 423
    assert answer.headers["HX-Redirect"] == "/lock/?next=%2Fdesk%2F%3Fq%3Da"
    assert odette.get("/stream/", headers={"Accept": "text/event-stream"}).status_code == 204


def test_a_stream_ends_when_its_session_locks(clock: Clock, odette: Visitor, people: Cast) -> None:
    key, by = odette.session.session_key, people.by("odette")
    assert awake([(key, by)], now()) == [True]
    assert awake([(key, people.by("jonah"))], now()) == [False]
    minutes(clock, 15.1)
    assert awake([(key, by)], now()) == [False]
    minutes(clock, -15.1)
    odette.post("/session/lock", {"next": "/desk/"})
    assert awake([(key, by)], now()) == [False]
    assert awake([(odette.session.session_key, by)], now()) == [False]


def test_an_act_under_way_cannot_open_what_was_locked_meanwhile(clock: Clock, odette: Visitor) -> None:
    under_way = import_module(django_settings.SESSION_ENGINE).SessionStore(odette.session.session_key)
    under_way["seen"] = now().isoformat()
    odette.post("/session/lock", {"next": "/desk/"})
    with pytest.raises(UpdateError):
        under_way.save()
    assert is_locked(odette)


def test_unlocking_takes_the_password_on_a_real_site(clock: Clock) -> None:
    people = cast(demonstration=False)
    account(people["odette"])
    visitor = Visitor()
    visitor.post("/sign-in/", {"login": "odette@example.org", "password": PASSWORD})
    visitor.post("/session/lock", {"next": "/second-factor/"})
    assert visitor.post("/lock/", {"as": "persona"}).status_code == 422
    answer = visitor.post("/lock/", {"password": "wrong", "next": "/second-factor/", "kept": ""})
    assert answer.status_code == 422
    assert "That is not the password" in visitor.page
    answer = visitor.post("/lock/", {"password": PASSWORD, "next": "/second-factor/"})
    assert answer.headers["Location"] == "/second-factor/"
    assert visitor.get("/second-factor/").status_code == 200
    assert Event.objects.filter(verb="arrived.unlock.password").exists()


def test_guessing_at_the_lock_is_closed_after_five_tries(clock: Clock) -> None:
    people = cast(demonstration=False)
    account(people["odette"])
    visitor = Visitor()
    visitor.post("/sign-in/", {"login": "odette@example.org", "password": PASSWORD})
    visitor.post("/session/lock", {})
    answers = [visitor.post("/lock/", {"password": f"guess {n}"}).status_code for n in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    assert visitor.post("/lock/", {"password": PASSWORD}).status_code == 429
    minutes(clock, 16)
    assert visitor.post("/lock/", {"password": PASSWORD}).status_code == 302


def test_a_way_back_to_another_site_is_not_taken(clock: Clock, odette: Visitor) -> None:
    odette.post("/session/lock", {"next": "https://elsewhere.example/"})
    answer = odette.post("/lock/", {"as": "persona", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/start/"


def test_a_patient_has_an_hour_and_twelve_in_all(clock: Clock, people: Cast) -> None:
    wren = Visitor().become("wren")
    minutes(clock, 59)
    assert wren.get("/hat/").status_code == 200
    minutes(clock, 61)
    assert wren.get("/hat/").headers["Location"].startswith("/lock/")
    wren.post("/lock/", {"as": "persona"})
    for _hour in range(13):
        minutes(clock, 50)
        wren.get("/hat/")
    minutes(clock, 30)
    assert wren.get("/hat/").headers["Location"].startswith("/sign-in/")
    assert "person" not in wren.session


def test_the_times_are_the_sites_to_set(
    clock: Clock, people: Cast, settings: object, odette: Visitor
) -> None:
    settings.IDLE_MINUTES = 3  # type: ignore[attr-defined]
    minutes(clock, 3.1)
    assert is_locked(odette)


def test_signing_out_of_a_locked_screen(clock: Clock, odette: Visitor) -> None:
    odette.post("/session/lock", {})
    odette.post("/sign-out/")
    assert dict(odette.session) == {}
    assert odette.get("/lock/").headers["Location"] == "/sign-in/"
