"""A second factor opens the house, and taking away the last one closes it: at once, in the same session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from tests.integration.door_visitors import PASSWORD, Visitor, account, digits
from tests.people import NOW, cast


@pytest.fixture
def odette(own_database: str) -> Iterator[Visitor]:
    """Signed in with her password, and nothing more. Commits are real here: the change follows one."""
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        account(cast(demonstration=False)["odette"])
        visitor = Visitor()
        visitor.post("/sign-in/", {"login": "odette@example.org", "password": PASSWORD})
        yield visitor


def test_setting_up_an_app_opens_the_house_and_removing_it_closes_it(odette: Visitor) -> None:
    assert odette.get("/desk/").headers["Location"] == reverse("mfa_index")
    odette.get(reverse("mfa_activate_totp"))
    key = odette.session["mfa.totp.secret"]
    answer = odette.post(reverse("mfa_activate_totp"), {"code": digits(key)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert odette.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert odette.get("/desk/").status_code == 200

    odette.post(reverse("mfa_deactivate_totp"))
    assert odette.get("/desk/").headers["Location"] == reverse("mfa_index")


def test_a_wrong_code_sets_nothing_up(odette: Visitor) -> None:
    odette.get(reverse("mfa_activate_totp"))
    key = odette.session["mfa.totp.secret"]
    wrong = "000000" if digits(key) != "000000" else "111111"
    odette.post(reverse("mfa_activate_totp"), {"code": wrong})
    assert key in odette.page  # the picture stays the same, so that the app need not read it again
    assert odette.get("/desk/").headers["Location"] == reverse("mfa_index")
