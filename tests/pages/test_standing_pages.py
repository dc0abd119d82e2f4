"""The pages of licenses and certificates: narrowed, one's own written down, and a colleague's look."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openkap.records.models import Credential, CredentialCheck, Task
from openkap.steps.standing import correct_credential, look_at_credential
from tests.people import Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast(timezone.now() - timedelta(days=60))


def as_(key: str) -> Client:
    client = Client()
    client.post(reverse("demo-become", args=[key]))
    return client


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client: Client, address: str, **values: str) -> int:
    page = read(client, address)
    found = re.search(r'name="submission" value="([^"]+)"', page)
    assert found is not None
    return client.post(address, {"submission": found[1], **values}).status_code


def test_one_writes_down_a_renewed_card_and_a_colleague_looks(people: Cast) -> None:
    jonah, osric = as_("jonah"), as_("osric")
    mine = reverse("account-licenses")
    assert sent(jonah, mine, kind="license", number="") == 422
    assert sent(jonah, mine, kind="acls", number="A-77", body="Heart school", expires_on="2031-05-31") == 302
    row = Credential.objects.get(number="A-77")
    assert "Waits for a colleague" in read(jonah, mine)
    assert sent(jonah, reverse("account-license", args=[row.pk]), number="A-78", reason="Slip") == 302
    row = Credential.objects.get(number="A-78")
    task = Task.objects.get(what=f"paper_{row.pk.hex}")
    assert reverse("lead-standing-look", args=[row.pk]) in read(osric, reverse("care-work"))
    look = reverse("lead-standing-look", args=[row.pk])
    assert jonah.get(look).status_code == 404
    assert sent(osric, look, words="", valid="1") == 422
    assert sent(osric, look, words="The card itself", valid="1") == 302
    task.refresh_from_db()
    check = CredentialCheck.objects.get(credential=row)
    assert task.done_at is not None and check.by_name == people["osric"].name
    person = read(osric, reverse("lead-standing-person", args=[people["jonah"].pk]))
    assert "The card itself" in person and "A-77" in person and "Slip" in person
    assert sent(osric, reverse("lead-standing-undo", args=[check.pk]), reason="Wrong card") == 302
    assert "Wrong card" in read(osric, reverse("lead-standing-person", args=[people["jonah"].pk]))
    assert as_("mira").get(reverse("account-license", args=[row.pk])).status_code == 404


def test_the_list_says_what_ended_first_and_is_narrowed_found_and_printed(people: Cast) -> None:
    osric, at = as_("osric"), timezone.now()
    row = Credential.objects.get(person=people["jonah"], kind="bls")
    again = correct_credential(
        by=people.by("priya"), at=at, credential=row, reason="Read again", number="B-9",
        expires_on=(at - timedelta(days=9)).date(),
    )  # fmt: skip
    look_at_credential(by=people.by("priya"), at=at, credential=again, valid=True, where="The card")
    everything = read(osric, reverse("lead-standing"))
    assert everything.index("B-9") < everything.index("LIC-BEL-000")
    ended = read(osric, reverse("lead-standing") + "?show=ended")
    assert "B-9" in ended and "LIC-BEL-000" not in ended
    assert "LIC-ORR-000" in read(osric, reverse("lead-standing") + "?q=orrery&print=1")
    assert "Nothing fits" in read(osric, reverse("lead-standing") + "?q=nobody")
    assert "BLS (basic life support) ended" in read(as_("jonah"), reverse("care-work"))
    away = reverse("lead-standing-correct", args=[again.pk])
    page = read(osric, away)
    found = re.search(r'name="away-submission" value="([^"]+)"', page)
    assert found is not None
    assert osric.post(away, {"away": "1", "away-submission": found[1], "away-reason": ""}).status_code == 422
    values = {"away": "1", "away-submission": found[1], "away-reason": "Not asked of him"}
    assert osric.post(away, values).status_code == 302
    assert "Not asked of him" in read(osric, reverse("lead-standing-person", args=[people["jonah"].pk]))
