"""A practice's own words for what is known: published with a source or not at all, and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openkap.reads.evidence import cards_for, cards_shown, conditions_of, published
from openkap.records.base import Authored
from openkap.records.models import Condition, Event, EvidenceCard, PublicPage
from openkap.records.standing import scope_now
from openkap.steps.evidence import publish_card, withdraw_card
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.front import publish_page
from tests.at_step import Stage, at_step
from tests.people import cast

pytestmark = pytest.mark.django_db

CARD = {
    "claim": "how-long",
    "language": "en",
    "asks": "How long does it last?",
    "patient": "Here about half still felt better after 2 months. It is not a cure.",
    "staff": "Own follow-up beside McInnes.",
    "strength": "One group without a comparison group.",
    "not_said": "How long it lasts for you.",
    "sources": ["S9"],
}


def publish(stage: Stage, key: str = "osric", **more: Any) -> EvidenceCard:
    asked = {"by": stage.people.by(key), "at": stage.at, "organisation": stage.people.clinic, **CARD, **more}
    return publish_card(**asked)


def words_of(stage: Stage, claim: str = "how-long", language: str = "en") -> str:
    shown = {card.id: card.patient for card in cards_shown(stage.people.clinic.id, language)}
    return shown.get(claim, "")


def test_a_practices_own_words_stand_in_the_librarys_place_until_they_are_taken_back() -> None:
    stage = at_step(cast(), "planned")
    library = words_of(stage)
    first = publish(stage)
    assert publish(stage) == first and words_of(stage) == CARD["patient"]
    assert words_of(stage, language="es") != CARD["patient"]
    second = publish(stage, patient="Here 4 of 10.", version=1)
    assert (second.version, words_of(stage)) == (2, "Here 4 of 10.")
    with pytest.raises(Stale):
        publish(stage, patient="Here 5 of 10.", version=1)
    asked: dict[str, Any] = {
        "by": stage.people.by("osric"),
        "at": stage.at + timedelta(hours=1),
        "organisation": stage.people.clinic,
        "claim": "how-long",
        "language": "en",
    }
    with pytest.raises(Refused, match="Say why"):
        withdraw_card(**asked, reason=" ")
    assert withdraw_card(**asked, reason="We counted wrongly.", version=2).version == 3
    assert words_of(stage) == library and published(stage.people.clinic.id) == ()
    with pytest.raises(Stale):
        withdraw_card(**asked, reason="Again.")
    assert publish(stage, version=3).version == 4
    told = set(Event.objects.filter(verb__startswith="evidence.").values_list("verb", flat=True))
    assert told == {"evidence.published", "evidence.withdrawn"}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("sources", [], "A claim without a source"),
        ("sources", ["PROPOSED"], "A claim without a source"),
        ("sources", ["S9", "S999"], "No source has the key S999"),
        ("patient", "It is a cure.", "“cure” promises more than is known"),
        ("patient", "La ketamina cura la depresión.", "“cura” promises more than is known"),
        ("staff", "Response is guaranteed.", "“guaranteed”"),
        ("strength", "", "needs this part"),
        ("asks", "a" * 201, "201 characters"),
        ("claim", "How long", "small letters"),
        ("language", "fr", "English or in Spanish"),
        ("routes", ["nasal"], "Choose from the list"),
    ],
)
def test_what_cannot_be_published_is_refused_under_its_field(field: str, value: Any, says: str) -> None:
    stage = at_step(cast(), "planned")
    with pytest.raises(Refused, match=says) as refusal:
        publish(stage, **{field: value})
    assert field in (refusal.value.each or {refusal.value.field: ""})
    assert not EvidenceCard.objects.exists()


def test_only_the_medical_director_publishes_and_only_here() -> None:
    stage = at_step(cast(), "planned")
    for key in ("tamsin", "jonah", "mira"):
        with pytest.raises(NotPermitted):
            publish(stage, key)
    publish(stage, claim="our-own", routes=["im"])
    clinic = stage.people.clinic.id
    assert [c.id for c in cards_shown(clinic, "en", "iv") if c.by] == []
    assert [c.id for c in cards_shown(clinic, "en", "im") if c.by] == ["our-own"]
    assert [c.by for c in cards_shown(stage.people.therapy.id, "en") if c.by] == []


def test_a_public_page_promises_nothing_that_nobody_can_keep() -> None:
    stage = at_step(cast(), "planned")
    page = PublicPage.objects.get(organisation=stage.people.clinic)
    asked: dict[str, Any] = {
        "by": stage.people.by("osric"),
        "at": stage.at,
        "organisation": stage.people.clinic,
    }
    with pytest.raises(Refused, match="FDA") as refusal:
        publish_page(**asked, offers="FDA-approved ketamine for depression\nGuaranteed relief")
    assert set(refusal.value.each) == {"offers"} and "“guaranteed”" in refusal.value.because
    page.refresh_from_db()
    assert "Guaranteed" not in page.offers
    publish_page(**asked, words="Ketamine is not a cure, and it does not work for everyone.")


def test_an_evaluation_is_shown_what_bears_on_its_route_and_on_the_persons_list() -> None:
    stage = at_step(cast(), "planned")
    by = stage.people.by("tamsin")
    scope = scope_now(by, stage.at)

    def shown() -> list[str]:
        return [card.id for card in cards_for(scope, stage.course, "en")]

    assert "spravato" not in shown() and "harms" in shown()
    Condition.objects.create(
        **Authored.authored(by),
        organisation=stage.people.clinic,
        patient=stage.course.patient,
        at=stage.at,
        recorded_at=stage.at,
        text="Post-traumatic stress disorder",
        code="47505003",
    )
    assert conditions_of(scope, stage.course) >= {"ptsd"}
    assert shown()[0] in {"ptsd", "helps"} and "alcohol" not in shown()
