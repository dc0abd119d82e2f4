"""A practice writes its own public page: looked at first, published at once, and kept as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from openkap.reads.front_page import states_of
from openkap.records.ids import new_id
from openkap.records.models import Organisation, PageVersion, PublicPage
from openkap.records.standing import scope_now
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.front import publish_page
from tests.integration.door_visitors import Visitor
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db
WORDS = "We give ketamine by infusion 🌿. אנחנו כאן."


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


def publish(people: Cast, key: str = "odette", **more: Any) -> PublicPage:
    by = people.by(key)
    here = Organisation.objects.get(pk=by.organisation)
    return publish_page(**{"by": by, "at": NOW, "organisation": here, "words": WORDS, **more})


@pytest.mark.parametrize("key", ["odette", "osric", "priya", "mira"])
def test_desk_director_and_administrator_write_their_own_practice_s(people: Cast, key: str) -> None:
    page = publish(people, key)
    assert page.organisation_id == people.by(key).organisation
    with pytest.raises(NotPermitted):
        publish_page(
            by=people.by(key),
            at=NOW,
            organisation=people.therapy if key != "mira" else people.clinic,
            words="Not ours.",
        )


@pytest.mark.parametrize("key", ["tamsin", "jonah"])
def test_others_do_not(people: Cast, key: str) -> None:
    with pytest.raises(NotPermitted):
        publish(people, key)
    assert Visitor().become(key).get(reverse("desk-page")).status_code == 404


def test_each_state_is_kept_whole_and_told(people: Cast) -> None:
    first = PublicPage.objects.get(organisation=people.clinic)
    publish(people, offers="Infusions\n\nFollow-up ", phone="+1 555 0199", version=first.version)
    publish(people, "osric", hours="Monday to Thursday, 9 to 5", asks=False)
    people.clinic.refresh_from_db()
    assert people.clinic.phone == "+1 555 0199"
    page = PublicPage.objects.get(organisation=people.clinic)
    states = states_of(scope_now(people.by("odette"), NOW), page, NOW.tzinfo)  # type: ignore[arg-type]
    assert [state.who for state in states] == [people["osric"].name, people["odette"].name, ""]
    assert set(states[0].changed) == {
        "what it offers",
        "the hours",
        "whether an evaluation can be asked for",
    }
    assert dict(states[1].lines)["the telephone"] == "+1 555 0199"
    assert dict(states[2].lines)["the words"] == first.words
    with pytest.raises(Exception, match="append-only"):
        PageVersion.objects.update(words="Never said.")


def test_the_second_of_two_hands_is_told(people: Cast) -> None:
    seen = PublicPage.objects.get(organisation=people.clinic).version
    publish(people, version=seen)
    with pytest.raises(Stale, match="Someone changed this page"):
        publish(people, "osric", version=seen, words="Mine.")
    with pytest.raises(Stale, match="A page was made since"):  # a form from when there was none
        publish(people, "osric", slug="larkmoor-clinic", words="Mine.")
    page = PublicPage.objects.get(organisation=people.clinic)
    assert (page.words, page.slug) == (WORDS, "larkmoor")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"slug": "quiet-harbor", "version": 1}, "slug"),
        ({"slug": "../x", "version": 1}, "slug"),
        ({"words": "x" * 601}, "words"),
        ({"phone": "1" * 41}, "phone"),
        ({"crisis_words": "Call us"}, "crisis_number"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(people: Cast, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        publish(people, **more)
    assert refused.value.field == field


def test_a_practice_without_a_page_makes_one(people: Cast) -> None:
    PublicPage.objects.filter(organisation=people.clinic).delete()
    odette = Visitor().become("odette")
    odette.get(reverse("desk-page"))
    assert "There is none yet." in odette.page
    said = {"submission": str(new_id()), "words": WORDS, "asks": "on", "slug": "Larkmoor Clinic"}
    assert odette.post(reverse("desk-page"), said).status_code == 422
    assert "small letters" in odette.page and WORDS in odette.page
    said["slug"] = "larkmoor-clinic"
    assert odette.post(reverse("desk-page"), said).status_code == 302
    assert WORDS in Visitor().get(reverse("public-front", args=["larkmoor-clinic"])).content.decode()


def test_looked_at_first_nothing_is_published_then_it_stands_there(people: Cast) -> None:
    odette, address = Visitor().become("odette"), reverse("desk-page")
    odette.get(address)
    said = {
        "submission": odette.hidden("submission"),
        "version": odette.hidden("version"),
        "words": WORDS,
        "offers": "Infusions\nA call on the day after",
        "hours": "Monday to Thursday, 9 am to 5 pm",
        "phone": "+1 555 0199",
        "asks": "on",
    }
    assert odette.post(address, {**said, "look": "1"}).status_code == 200
    assert "Nothing is published yet" in odette.page and "<li>A call on the day after</li>" in odette.page
    assert not PageVersion.objects.exists()
    assert odette.post(address, {**said, "publish": "1"}).status_code == 302
    assert odette.post(address, {**said, "publish": "1"}).status_code == 302  # pressed twice
    assert PageVersion.objects.count() == 2
    public = Visitor().get(reverse("public-front", args=["larkmoor"])).content.decode()
    for words in (WORDS, "A call on the day after", "Monday to Thursday, 9 am to 5 pm", "+1 555 0199"):
        assert words in public
    other = {**said, "submission": str(new_id()), "words": "An older page."}
    assert odette.post(address, other).status_code == 422
    assert "Someone changed this page" in odette.page and "An older page." in odette.page
