"""When something goes wrong: the reason in words, nothing lost, and a way on."""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from openkap.desks.office import views as office
from openkap.desks.public.health import report_count
from openkap.records.facts import crisis
from openkap.records.models import Event, PersonalLink
from openkap.steps.links import send_link
from openkap.steps.upkeep import beat
from tests.integration.course_of import course_of
from tests.integration.door_visitors import Visitor
from tests.people import NOW, Cast, cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.door_pages")]

TYPED = {
    "submission": "0197f000-0000-7000-8000-000000000002",
    "note": 'She said "<b>no</b>" & left\nA second line',
    "many": ["one", "two"],
    "password": "never kept",
    "csrfmiddlewaretoken": "x",
}


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


@pytest.fixture
def visitor() -> Visitor:
    visitor = Visitor()
    visitor.raise_request_exception = False
    return visitor


def fields(page: str) -> list[tuple[str, str]]:
    """The hidden fields of the form that offers to try again."""
    found = re.findall(r'<textarea name="([^"]+)" hidden>(.*?)</textarea>', page, re.DOTALL)
    return [(html.unescape(name), html.unescape(value)) for name, value in found]


@pytest.mark.parametrize("name", ["busy", "full", "cut", "gone"])
def test_a_database_that_cannot_be_written_loses_nothing_typed(visitor: Visitor, name: str) -> None:
    answer = visitor.post(f"/wrong/{name}/?tab=2", TYPED)
    assert answer.status_code == 503
    assert "Nothing was saved" in visitor.page
    assert fields(visitor.page) == [
        ("submission", TYPED["submission"]),
        ("note", TYPED["note"]),
        ("many", "one"),
        ("many", "two"),
    ]
    assert f'action="/wrong/{name}/?tab=2"' in visitor.page
    assert "never kept" not in visitor.page
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Retry-After" in answer.headers


def test_a_page_that_cannot_be_read_offers_itself_again(visitor: Visitor) -> None:
    assert visitor.get("/wrong/busy/?q=a").status_code == 503
    assert 'href="/wrong/busy/?q=a"' in visitor.page


def test_trying_again_saves_once(people: Cast, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is lost in the middle of the work: it is undone, and the same form then goes through once."""
    broken = [True]

    def send_and_fail(**given: Any) -> Any:
        done = send_link(**given)
        if broken[0]:
            raise OperationalError("disk I/O error")
        return done

    visitor.become("odette")
    address = f"/desk/sign-in/{people.file('wren').id}/"
    typed = {"submission": TYPED["submission"], "q": "alder"}
    monkeypatch.setattr(office, "send_link", send_and_fail)
    assert visitor.post(address, typed).status_code == 503
    kept = dict(fields(visitor.page))
    assert kept == typed
    broken[0] = False
    assert visitor.post(address, kept).status_code in (200, 302)
    visitor.post(address, kept)
    assert PersonalLink.objects.count() == 1
    assert Event.objects.filter(verb="link.sent.sign_in").count() == 1


def test_pages_for_trouble_ask_the_database_nothing(visitor: Visitor, django_assert_num_queries: Any) -> None:
    for name in ("busy", "cut", "bug", "odd"):
        with django_assert_num_queries(0):
            visitor.post(f"/wrong/{name}/", TYPED)
    with django_assert_num_queries(0):
        assert visitor.get("/no/such/page/").status_code == 404


def test_the_session_itself_out_of_reach(
    people: Cast, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any page is reached, the session is read; that can fail as well."""
    visitor.become("odette")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(connection, "cursor", fail)
    answer = visitor.post("/desk/", TYPED)
    assert answer.status_code == 503
    assert ("note", TYPED["note"]) in fields(visitor.page)


@pytest.mark.parametrize("name", ["bug", "data"])
def test_a_fault_of_ours_is_called_one_and_keeps_what_was_typed(visitor: Visitor, name: str) -> None:
    assert visitor.post(f"/wrong/{name}/", TYPED).status_code == 500
    assert "Something broke here, not with you" in visitor.page
    assert ("note", TYPED["note"]) in fields(visitor.page)
    assert "Traceback" not in visitor.page
    assert "a fault of ours" not in visitor.page


def test_a_refusal_outside_a_form_is_said_in_words(visitor: Visitor) -> None:
    assert visitor.post("/wrong/refused/", TYPED).status_code == 409
    assert "Not today. No adult escort. Name one, and it can start." in visitor.page
    assert visitor.post("/wrong/stale/", TYPED).status_code == 409
    assert "See it as it is now" in visitor.page


def test_what_one_may_not_do_is_403_where_one_may_see_it(people: Cast, visitor: Visitor) -> None:
    course = course_of(people)
    visitor.become("jonah")
    answer = visitor.get(f"/signed/{course.id}/")
    assert answer.status_code == 403
    assert "Your role" in visitor.page
    assert "Alderbrook" not in visitor.page
    # Mira's practice has no part in this course: for her it is not there, and no page says otherwise.
    mira = Visitor().become("mira")
    assert mira.get(f"/signed/{course.id}/").status_code == 404
    assert "role" not in mira.page.partition("<main")[2].partition("may be for another role")[0]


def test_a_page_that_is_not_there_says_so_in_our_look(
    visitor: Visitor, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crisis, "_last", {})
    visitor.get("/sign-in/")  # what is known from a page that asked is said on one that must not ask
    answer = visitor.get("/no/such/page/")
    assert answer.status_code == 404
    assert "This page is not here" in visitor.page
    assert "Call 988" in visitor.page
    assert visitor.get("/wrong/odd/").status_code == 400


def test_an_old_form_is_kept_and_a_strangers_form_is_not(people: Cast) -> None:
    visitor = Visitor(enforce_csrf_checks=True)
    here, elsewhere = {"Origin": "http://testserver"}, {"Origin": "https://elsewhere.example"}
    assert visitor.post("/sign-out/", TYPED, headers=here).status_code == 403
    assert ("note", TYPED["note"]) in fields(visitor.page)
    assert "never kept" not in visitor.page
    assert visitor.post("/sign-out/", TYPED, headers=elsewhere).status_code == 403
    assert fields(visitor.page) == []


def test_every_answer_tells_the_browser_to_keep_nothing(people: Cast, visitor: Visitor) -> None:
    visitor.become("odette")
    for address in ("/desk/", "/hat/", "/no/such/page/", "/sign-in/code/", "/health/ready"):
        headers = visitor.get(address).headers
        assert headers["Cache-Control"] == "no-store", address
        assert "Cookie" in headers["Vary"], address
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_a_broken_content_policy_is_one_line_and_a_count(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    before = report_count()
    report = {
        "csp-report": {
            "document-uri": "http://testserver/desk/?q=Alderbrook",
            "violated-directive": "style-src",
            "blocked-uri": "inline",
        }
    }
    with caplog.at_level(logging.WARNING, "openkap.csp"):
        visitor.post("/csp-report/", json.dumps(report), content_type="application/csp-report")
        for odd in (b"\xff\xfe", b"[" * 100_000):
            assert visitor.post("/csp-report/", odd, content_type="text/plain").status_code == 204
    assert report_count() == before + 3
    assert "style-src, inline, on desk-find" in caplog.text
    assert "Alderbrook" not in caplog.text


def test_the_site_says_whether_it_is_well(
    visitor: Visitor, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert visitor.get("/health/live").json() == {"status": "live"}
    assert visitor.get("/health/ready").json() == {"status": "ready", "attention": ["watcher"]}
    beat("watch", timezone.now())
    assert visitor.get("/health/ready").json() == {"status": "ready"}
    with connection.cursor() as cursor:
        on = ' ON "records_event"' if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER "records_event_no_delete"{on}')
    answer = visitor.get("/health/ready")
    assert (answer.status_code, answer.json()["reason"]) == (503, "guards")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(connection, "cursor", fail)
    answer = visitor.get("/health/ready")
    assert (answer.status_code, answer.json()["reason"]) == (503, "database")
    assert visitor.get("/health/live").status_code == 200


def test_a_page_that_says_no_still_says_that_this_is_a_demonstration() -> None:
    cast(NOW.replace(year=2026, month=1))
    visitor = Visitor().become("tamsin")
    visitor.get("/no/such/page/")
    assert "Demonstration site. Invented people." in visitor.page
