"""A route's rules: signed by the director, covering what was signed, and nothing ordered without."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from openkap.medicine.protocols.route_set import changes, route_set
from openkap.medicine.rules import RuleSet, library
from openkap.permits import Actor
from openkap.records.facts.signing import signed_of
from openkap.records.models import Confirmation, Draw, RouteSigning
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.order import order_dose
from openkap.steps.signing import sign_route_set, withdraw_route_set
from tests.at_step import Stage, at_step
from tests.integration.door_visitors import PASSWORD, Visitor, account, app_for, digits
from tests.integration.floor_visits import sent, visitor
from tests.people import NOW, cast

pytestmark = pytest.mark.django_db


def real_site(name: str = "planned") -> Stage:
    """A site that is no demonstration: nobody has signed anything."""
    return at_step(cast(demonstration=False), name)


def sign(stage: Stage, by: Actor | None = None, **changed: Any) -> RouteSigning:
    asked = {
        "route": "iv",
        "fingerprint": route_set("iv").fingerprint,
        "words": "Read row by row.",
        **changed,
    }
    return sign_route_set(
        by=by or stage.people.by("osric"), at=stage.at, organisation=stage.people.clinic, **asked
    )


def order(stage: Stage) -> None:
    order_dose(
        by=stage.people.by("tamsin"),
        at=stage.at,
        session=stage.dose,
        mg_per_kg=Decimal("0.5"),
        duration_min=40,
        concentration_mg_per_ml=Decimal(50),
    )


def test_a_real_site_cannot_order_before_the_director_signs_and_can_after() -> None:
    stage = real_site()
    with pytest.raises(Refused, match="Osric Thanewell signs the limits"):
        order(stage)
    sign(stage)
    order(stage)
    assert stage.dose.orders.count() == 1


def test_only_the_director_signs_with_a_second_factor_and_words() -> None:
    stage = real_site()
    for key in ("tamsin", "jonah", "odette", "priya"):
        with pytest.raises(NotPermitted):
            sign(stage, stage.people.by(key))
    with pytest.raises(Refused, match="second factor"):
        sign(stage, replace(stage.people.by("osric"), strong=False))
    with pytest.raises(Refused, match="own words"):
        sign(stage, words=" ")
    with pytest.raises(Stale, match="changed since you opened"):
        sign(stage, fingerprint="of an older page")
    with pytest.raises(Refused):
        sign(stage, replace(Actor.system("a command"), organisation=stage.people.clinic.id))
    assert not RouteSigning.objects.exists()


def test_a_signature_covers_one_route_and_is_withdrawn_by_another_row() -> None:
    stage = real_site()
    sign(stage)
    assert signed_of(stage.people.clinic.id, "im").state == "unsigned"
    with pytest.raises(Refused, match="signed already"):
        sign(stage)
    by, clinic = stage.people.by("osric"), stage.people.clinic
    withdraw_route_set(
        by=by, at=stage.later(minutes=1), organisation=clinic, route="iv", words="Under review."
    )
    with pytest.raises(Refused, match="was withdrawn"):
        order(stage)
    with pytest.raises(Refused):
        withdraw_route_set(by=by, at=stage.at, organisation=clinic, route="iv", words="Again.")
    assert RouteSigning.objects.count() == 2


def moved() -> RuleSet:
    """The library with one limit moved, as after an update."""
    rule = library().rule("D-IV-MAX")
    limit = replace(rule.number("limit"), value=Decimal("1.2"))
    new = replace(rule, numbers={**rule.numbers, "limit": limit})
    return RuleSet("library 2", tuple(new if one is rule else one for one in library()))


def test_what_changed_since_it_was_signed_is_named_number_by_number() -> None:
    told = changes(route_set("iv").lines, route_set("iv", moved()))
    assert [(c.rule, c.number) for c in told] == [("D-IV-MAX", "limit")]
    assert told[0].was.startswith("1.0 mg/kg") or told[0].was.startswith("1 mg/kg")
    assert told[0].now.startswith("1.2 mg/kg")
    assert changes(route_set("im").lines, route_set("im", moved())) == ()


def test_a_signature_no_longer_covers_a_library_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = real_site()
    sign(stage)
    rules = moved()
    monkeypatch.setattr(
        "openkap.records.facts.signing.route_set", lambda route, _law=None: route_set(route, rules)
    )
    signed = signed_of(stage.people.clinic.id, "iv")
    assert (signed.state, signed.changed[0].rule) == ("changed", "D-IV-MAX")
    with pytest.raises(Refused, match=r"Changed since they were signed on March 9, 2027: 1 rule \(The most"):
        order(stage)


# --- pages


@time_machine.travel(NOW, tick=False)
def test_the_director_signs_and_withdraws_on_the_page() -> None:
    stage = at_step(cast(), "opened")
    director, doctor = (visitor(stage.people, key, stage.at) for key in ("osric", "tamsin"))
    shown = director.get("/lead/rules/im/").content.decode()
    assert "Nobody has signed these rules" in shown and "1.5 mg/kg" in shown
    assert "Sign, in my name" not in doctor.get("/lead/rules/im/").content.decode()
    asked = {"fingerprint": route_set("im").fingerprint, "words": "Row by row."}
    assert doctor.post("/lead/rules/im/sign/", sent(**asked)).status_code == 404
    assert director.post("/lead/rules/im/sign/", sent(**{**asked, "words": ""})).status_code == 422
    assert director.post("/lead/rules/im/sign/", sent(**asked)).status_code == 302
    assert "Signed by Osric Thanewell" in director.get("/lead/rules/im/").content.decode()
    assert director.post("/lead/rules/im/withdraw/", sent(words="Under review.")).status_code == 302
    assert "withdrew the signature" in director.get("/lead/rules/im/").content.decode()
    assert director.get("/lead/rules/rectal/").status_code == 404


@time_machine.travel(NOW + timedelta(hours=1), tick=False)
def test_overrides_are_listed_narrowed_printed_and_empty_with_words() -> None:
    stage = at_step(cast(), "planned")
    stage.at = NOW + timedelta(hours=1)
    director = visitor(stage.people, "osric", stage.at)
    assert "Nobody went ahead over anything" in director.get("/lead/overrides/").content.decode()
    by = stage.people.by("tamsin")
    order_dose(
        by=by, at=stage.at, session=stage.dose, mg_per_kg=Decimal("0.6"), duration_min=40, words="Well borne."
    )
    for path in ("/lead/overrides/", "/lead/overrides/print/", "/lead/overrides/?kind=order"):
        assert "Well borne." in director.get(path).content.decode(), path
    assert "Well borne." not in director.get("/lead/overrides/?kind=gate").content.decode()
    assert visitor(stage.people, "odette", stage.at).get("/lead/overrides/").status_code == 404


def test_the_second_person_shows_their_own_password_and_code_on_the_first_ones_screen() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        stage = real_site()
        clock.move_to(stage.at)
        sign(stage)
        stage.order = order_dose(
            by=stage.people.by("tamsin"),
            at=stage.at,
            session=stage.dose,
            mg_per_kg=Decimal("0.5"),
            duration_min=40,
            concentration_mg_per_ml=Decimal(50),
        )
        nurse = visitor(stage.people, "jonah", stage.at)
        page = f"/rooms/sessions/{stage.dose.id}/"
        drawn = sent(order=stage.order.id, concentration_mg_per_ml="50", ml="0.7")
        assert nurse.post(page + "draw/", drawn).status_code == 302
        secret = app_for(account(stage.people["osric"]))
        email, asked = stage.people["osric"].email, {"order": stage.order.id, "draw": Draw.objects.get().id}
        for wrong in (
            {"password": "not it"},
            {"code": "000000"},
            {"code": ""},
            {"email": "nobody@example.org"},
        ):
            shown = {"email": email, "password": PASSWORD, "code": digits(secret), **wrong}
            answer = nurse.post(page + "confirm/", sent(second="1", **asked, **shown))
            assert answer.status_code == 422 and "is not right" in answer.content.decode()
        shown = {"email": email, "password": PASSWORD, "code": digits(secret)}
        assert nurse.post(page + "confirm/", sent(second="1", **asked, **shown)).status_code == 302
        confirmation = Confirmation.objects.get()
        assert (confirmation.by_name, confirmation.proof) == ("Osric Thanewell", "second_sign_in")
        assert "Jonah Bellwether" in nurse.get(page).content.decode()
        assert Visitor().get(page).status_code == 302
