"""How to reach someone: where links go, kept by those who may open a file."""

from __future__ import annotations

import pytest

from openkap.records.models import Event, PatientFile, Person
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.people import change_contact
from tests.at_step import at_step
from tests.integration.door_visitors import Visitor
from tests.people import NOW, Cast, cast
from tests.post import delivered

pytestmark = pytest.mark.django_db

NEW = {
    "chosen_name": "Wren",
    "pronouns": "she/her",
    "email": "wren@elsewhere.example",
    "phone": "+1 555 0142",
}


@pytest.fixture
def people() -> Cast:
    return cast(NOW.replace(year=2026, month=1))


@pytest.mark.parametrize("who", ["tamsin", "odette"])
def test_the_page_keeps_what_was_changed(people: Cast, who: str) -> None:
    visitor = Visitor().become(who)
    address = f"/care/patients/{people.file('wren').id}/contact/"
    visitor.get(address)
    sent = {**NEW, "submission": visitor.hidden("submission")}
    answer = visitor.post(address, sent)
    assert answer.status_code == 302, visitor.page
    assert visitor.post(address, sent).status_code == 302
    wren = Person.objects.get(id=people["wren"].id)
    assert {name: getattr(wren, name) for name in NEW} == NEW
    assert Event.objects.filter(verb="contact.changed").count() == 1


def test_a_bad_address_is_named_and_what_was_typed_stays(people: Cast) -> None:
    visitor = Visitor().become("tamsin")
    address = f"/care/patients/{people.file('wren').id}/contact/"
    visitor.get(address)
    answer = visitor.post(
        address, {**NEW, "email": "wren at home", "submission": visitor.hidden("submission")}
    )
    assert answer.status_code == 422
    assert "wren at home" in visitor.page


def test_whoever_is_shared_with_does_not_turn_the_patients_links_to_another_mailbox() -> None:
    stage = at_step(cast(NOW.replace(year=2026, month=1)), "shared", at=NOW)
    people, mira = stage.people, stage.people.by("mira")
    own = PatientFile.objects.get(patient=people["wren"], organisation=people.therapy)
    with pytest.raises(Refused, match="Larkmoor Clinic keeps this mail address"):
        change_contact(by=mira, at=stage.at, file=own, **NEW)
    kept = change_contact(by=mira, at=stage.at, file=own, **{**NEW, "email": people["wren"].email.upper()})
    assert (kept.email.lower(), kept.phone) == (people["wren"].email, NEW["phone"])
    assert "mail address was changed" not in " ".join(message.subject for message in delivered())
    change_contact(by=people.by("odette"), at=stage.at, file=people.file("wren"), **NEW)
    told = delivered()[-1]
    assert (told.subject, told.to) == ("Your mail address was changed", [kept.email])
    assert NEW["email"] not in told.body


@pytest.mark.parametrize("who", ["jonah", "priya", "mira"])
def test_only_who_may_open_a_file_changes_it(people: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        change_contact(by=people.by(who), at=NOW, file=people.file("wren"), **NEW)
