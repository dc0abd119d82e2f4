"""Staff sign in with a password and a second factor; failed tries close the pair of name and address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from openkap.door.adapter import HAT_COOKIE
from openkap.records.models import Event, Membership, User
from tests.integration.door_visitors import PASSWORD, Visitor, account, app_for, codes_for, digits
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db

ODETTE = {"login": "odette@example.org", "password": PASSWORD}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as moved:
        cache.clear()
        yield moved


@pytest.fixture
def people(clock: time_machine.Traveller) -> Cast:
    return cast(demonstration=False)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def odette(people: Cast) -> User:
    return account(people["odette"])


def test_password_then_app_then_the_first_page(people: Cast, visitor: Visitor, odette: User) -> None:
    key = app_for(odette)
    answer = visitor.post("/sign-in/", ODETTE)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert "person" not in visitor.session
    visitor.get(reverse("mfa_authenticate"))
    assert "The six digits from your app" in visitor.page
    answer = visitor.post(reverse("mfa_authenticate"), {"code": digits(key)})
    assert answer.headers["Location"] == reverse("start")
    assert visitor.session["strong"] is True
    assert visitor.session["hat"] == str(people.clinic.id)
    assert visitor.get("/desk/").status_code == 200
    assert Event.objects.filter(verb="arrived.password", by_person=people["odette"]).count() == 1


def test_a_recovery_code_stands_in_for_the_app_once(visitor: Visitor, odette: User) -> None:
    app_for(odette)
    code = codes_for(odette)[0]
    for expected in ("start", None):
        browser = Visitor()
        browser.post("/sign-in/", ODETTE)
        answer = browser.post(reverse("mfa_authenticate"), {"code": code})
        if expected:
            assert answer.headers["Location"] == reverse(expected)
        else:
            assert answer.status_code == 200
            assert "person" not in browser.session


def test_a_wrong_password_keeps_the_name_and_says_no_more(visitor: Visitor, odette: User) -> None:
    visitor.post("/sign-in/", {**ODETTE, "password": "wrong"})
    known = visitor.page
    assert 'value="odette@example.org"' in known
    visitor.post("/sign-in/", {"login": "nobody@example.org", "password": "wrong"})
    same = visitor.page.replace("nobody@example.org", "odette@example.org")
    assert errors_of(same) == errors_of(known)


def errors_of(page: str) -> str:
    return page.partition('class="error-list"')[2].partition("</section>")[0]


def test_five_failed_tries_close_the_name_from_this_address_only(
    visitor: Visitor, odette: User, clock: time_machine.Traveller
) -> None:
    for _try in range(4):
        assert visitor.post("/sign-in/", {**ODETTE, "password": "wrong"}).status_code == 200
    assert visitor.post("/sign-in/", {**ODETTE, "password": "wrong"}).status_code == 429
    assert visitor.post("/sign-in/", ODETTE).status_code == 429
    assert "Too many tries" in visitor.page
    assert "wait" in visitor.page.lower() or "opens again" in visitor.page
    elsewhere = Visitor(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post("/sign-in/", ODETTE).status_code == 302
    another = visitor.post("/sign-in/", {"login": "jonah@example.org", "password": "wrong"})
    assert another.status_code == 200
    clock.shift(16 * 60)
    assert visitor.post("/sign-in/", ODETTE).status_code == 302


def test_nobody_signs_up_here(visitor: Visitor, people: Cast) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    visitor.get("/sign-in/")
    assert "sign up" not in visitor.page.lower()


def test_the_hat_last_worn_in_this_browser_is_worn_again(visitor: Visitor, people: Cast) -> None:
    theo = account(people["theo"])
    key = app_for(theo)
    visitor.cookies[HAT_COOKIE] = str(people.therapy.id)
    visitor.post("/sign-in/", {"login": "theo@example.org", "password": PASSWORD})
    visitor.post(reverse("mfa_authenticate"), {"code": digits(key)})
    assert visitor.session["hat"] == str(people.therapy.id)


def test_someone_without_a_role_is_told_so(visitor: Visitor, odette: User, people: Cast) -> None:
    Membership.objects.filter(person=people["odette"]).update(until=NOW)
    visitor.post("/sign-in/", ODETTE)
    visitor.get("/start/", follow=True)
    assert "no role" in visitor.page


def test_signing_out_leaves_nothing(visitor: Visitor, odette: User, people: Cast) -> None:
    key = app_for(odette)
    visitor.post("/sign-in/", ODETTE)
    visitor.post(reverse("mfa_authenticate"), {"code": digits(key)})
    assert visitor.get("/sign-out/").status_code == 405
    visitor.post("/sign-out/")
    assert dict(visitor.session) == {}
    assert visitor.get("/desk/").headers["Location"].startswith("/sign-in/")
    assert Event.objects.filter(verb="left.signed_out", by_person=people["odette"]).exists()


def test_signing_in_over_another_person_keeps_nothing_of_theirs(visitor: Visitor, clock: object) -> None:
    people = cast()
    key = app_for(account(people["odette"]))
    visitor.become("priya")
    visitor.post("/sign-in/", ODETTE)
    visitor.post(reverse("mfa_authenticate"), {"code": digits(key)})
    assert visitor.session["person"] == str(people["odette"].id)
    assert visitor.get("/second-factor/").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    ],
)
def test_the_pages_of_the_second_factor_have_our_look(visitor: Visitor, odette: User, name: str) -> None:
    key = app_for(odette)
    codes_for(odette)
    visitor.post("/sign-in/", ODETTE)
    visitor.post(reverse("mfa_authenticate"), {"code": digits(key)})
    answer = visitor.get(reverse(name))
    assert answer.status_code == 200
    assert 'id="main"' in visitor.page
    assert "style=" not in visitor.page
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_keys_of_an_app_do_not_lie_in_clear_in_the_database(odette: User) -> None:
    key = app_for(odette)
    kept = Authenticator.objects.get(user=odette, type=Authenticator.Type.TOTP)
    assert key not in str(kept.data)
    assert kept.wrap().validate_code(digits(key))


@pytest.fixture
def just_in(own_database: str) -> Iterator[Visitor]:
    """Signed in with her password, and nothing more. Commits are real here: the change follows one."""
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        account(cast(demonstration=False)["odette"])
        visitor = Visitor()
        visitor.post("/sign-in/", {"login": "odette@example.org", "password": PASSWORD})
        yield visitor


@pytest.mark.django_db(databases=[])
def test_setting_up_an_app_opens_the_house_and_removing_it_closes_it(just_in: Visitor) -> None:
    assert just_in.get("/desk/").headers["Location"] == reverse("mfa_index")
    just_in.get(reverse("mfa_activate_totp"))
    key = just_in.session["mfa.totp.secret"]
    answer = just_in.post(reverse("mfa_activate_totp"), {"code": digits(key)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert just_in.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert just_in.get("/desk/").status_code == 200

    just_in.post(reverse("mfa_deactivate_totp"))
    assert just_in.get("/desk/").headers["Location"] == reverse("mfa_index")


@pytest.mark.django_db(databases=[])
def test_a_wrong_code_sets_nothing_up(just_in: Visitor) -> None:
    just_in.get(reverse("mfa_activate_totp"))
    key = just_in.session["mfa.totp.secret"]
    wrong = "000000" if digits(key) != "000000" else "111111"
    just_in.post(reverse("mfa_activate_totp"), {"code": wrong})
    assert key in just_in.page  # the picture stays the same, so that the app need not read it again
    assert just_in.get("/desk/").headers["Location"] == reverse("mfa_index")
