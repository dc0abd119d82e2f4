"""My devices and sign-ins: everyone sees their own, ends one or all, and hears of a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from openkap.door.awake import awake
from openkap.door.device_words import device_words
from openkap.records.models import BrowserSession, Event, KnownBrowser, SignIn, User
from openkap.steps.frame import NotPermitted
from openkap.steps.sign_ins import end_sign_in
from tests.integration.door_visitors import PASSWORD, Visitor, account, app_for, digits
from tests.people import NOW, Cast, cast
from tests.post import delivered

pytestmark = pytest.mark.django_db

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as moved:
        cache.clear()
        yield moved


@pytest.fixture
def people(clock: time_machine.Traveller) -> Cast:
    return cast(demonstration=False)


@pytest.fixture
def odette(people: Cast) -> User:
    return account(people["odette"])


def signed_in(user: User, key: str, *, ahead: int = 0, agent: str = FIREFOX) -> Visitor:
    browser = Visitor(headers={"user-agent": agent})
    browser.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    browser.post(reverse("mfa_authenticate"), {"code": digits(key, ahead=ahead)})
    assert browser.session["strong"] is True
    return browser


@pytest.mark.parametrize(
    ("agent", "words"),
    [(IPHONE, "Safari, iPhone"), (FIREFOX, "Firefox, Windows"), ("", ""), ("curl/8", "")],
)
def test_a_browser_in_two_words(agent: str, words: str) -> None:
    assert device_words(agent) == words


def test_one_is_ended_from_another_and_nothing_of_it_opens(
    clock: time_machine.Traveller, people: Cast, odette: User
) -> None:
    key = app_for(odette)
    desk = signed_in(odette, key)
    clock.shift(30)
    phone = signed_in(odette, key, agent=IPHONE)
    desk.get("/account/")
    assert "Safari, iPhone" in desk.page
    assert "This one" in desk.page
    by, key_before = people.by("odette"), phone.session.session_key
    assert awake([(key_before, by)], NOW + timedelta(seconds=30)) == [True]

    ended = SignIn.objects.get(device="Safari, iPhone")
    desk.post(reverse("account-end", args=[ended.pk]))
    assert awake([(key_before, by)], NOW + timedelta(seconds=30)) == [False]
    assert phone.get("/desk/").headers["Location"].startswith("/sign-in/")
    assert desk.get("/desk/").status_code == 200
    assert Event.objects.filter(verb="sign_in.ended.elsewhere", by_person=people["odette"]).count() == 1


def test_everywhere_is_everywhere_and_every_browser_is_new_again(
    clock: time_machine.Traveller, odette: User
) -> None:
    key = app_for(odette)
    desk = signed_in(odette, key)
    clock.shift(30)
    phone = signed_in(odette, key, agent=IPHONE)
    desk.post(reverse("account-end-all"))
    for browser in (desk, phone):
        assert browser.get("/desk/").headers["Location"].startswith("/sign-in/")
    assert not BrowserSession.objects.filter(person=odette.person_id).exists()
    assert not KnownBrowser.objects.filter(person=odette.person_id).exists()


def test_nobody_ends_anothers(people: Cast, odette: User) -> None:
    key = app_for(odette)
    signed_in(odette, key)
    row = SignIn.objects.get()
    with pytest.raises(NotPermitted):
        end_sign_in(by=people.by("priya"), at=NOW, sign_in=row)
    priya = account(people["priya"])
    other = signed_in(priya, app_for(priya))
    assert other.post(reverse("account-end", args=[row.pk])).status_code == 404
    assert Visitor().post(reverse("account-end", args=[row.pk])).status_code == 404
    assert SignIn.objects.get(pk=row.pk).ended_at is None


def test_a_sign_in_made_at_that_very_moment_does_not_come_back(people: Cast, odette: User) -> None:
    """A request under way writes its session again under a new key: the sign-in is over all the same."""
    desk = signed_in(odette, app_for(odette))
    kept = dict(desk.session.items())
    end_sign_in(by=people.by("odette"), at=NOW, sign_in=SignIn.objects.get())
    late = Visitor()
    session = late.session
    session.update(kept)
    session.save()
    late.cookies["sessionid"] = session.session_key
    assert late.get("/desk/").headers["Location"].startswith("/sign-in/")


def test_a_new_browser_is_told_by_mail_and_a_known_one_is_not(
    clock: time_machine.Traveller, odette: User
) -> None:
    key = app_for(odette)
    desk = signed_in(odette, key)
    assert delivered() == []  # the very first: nothing to compare it with
    desk.post(reverse("sign-out"))
    clock.shift(30)
    desk.post("/sign-in/", {"login": odette.email, "password": PASSWORD})
    desk.post(reverse("mfa_authenticate"), {"code": digits(key)})
    assert delivered() == []
    clock.shift(30)
    signed_in(odette, key, agent=IPHONE)
    (told,) = delivered()
    assert told.to == [odette.email]
    assert "Safari, iPhone" in told.body
    assert "/account/" in told.body
    assert "ketamine" not in told.body.lower()


def test_signing_in_changes_the_key_of_the_session(odette: User) -> None:
    """A key that somebody planted before opens nothing after."""
    key = app_for(odette)
    browser = Visitor()
    browser.get("/sign-in/")
    browser.post("/sign-in/", {"login": odette.email, "password": PASSWORD})
    planted = browser.session.session_key
    browser.post(reverse("mfa_authenticate"), {"code": digits(key)})
    assert browser.session.session_key != planted
    thief = Visitor()
    thief.cookies["sessionid"] = planted
    assert thief.get("/desk/").headers["Location"].startswith("/sign-in/")


def test_a_new_password_ends_every_other_sign_in(clock: time_machine.Traveller, odette: User) -> None:
    key = app_for(odette)
    desk = signed_in(odette, key)
    clock.shift(30)
    phone = signed_in(odette, key, agent=IPHONE)
    delivered()
    wrong = desk.post(reverse("account-password"), {"old": "no", "new": "a heron of another kind"})
    assert wrong.status_code == 422
    said = desk.post(reverse("account-password"), {"old": PASSWORD, "new": "a heron of another kind"})
    assert said.headers["Location"] == reverse("account")
    assert desk.get("/desk/").status_code == 200
    assert phone.get("/desk/").headers["Location"].startswith("/sign-in/")
    assert "password was changed" in delivered()[-1].body
    assert User.objects.get(pk=odette.pk).check_password("a heron of another kind")


def test_five_wrong_old_passwords_close_the_page(odette: User) -> None:
    desk = signed_in(odette, app_for(odette))
    wrong = {"old": "no", "new": "a heron of another kind"}
    answers = [desk.post(reverse("account-password"), wrong).status_code for _n in range(6)]
    assert answers[-1] == 429


def test_a_patient_sees_their_own_in_simple_words() -> None:
    cast()
    phone = Visitor(headers={"user-agent": IPHONE}).become("wren")
    phone.get("/account/")
    assert "Lost your phone?" in phone.page
    assert "Safari, iPhone" in phone.page
    assert "password" not in phone.page.lower()
    assert re.search(r'<a href="/account/">', phone.get("/menu/").content.decode())
    phone.post(reverse("account-end-all"))
    assert phone.get("/me/").status_code == 302


def test_after_the_clock_went_back_an_end_is_never_before_its_begin(people: Cast, odette: User) -> None:
    signed_in(odette, app_for(odette))
    row = end_sign_in(by=people.by("odette"), at=NOW - timedelta(hours=1), sign_in=SignIn.objects.get())
    assert row.ended_at == row.began_at
