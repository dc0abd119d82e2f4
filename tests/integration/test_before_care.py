"""What stands before care: told from facts, closing by itself; and the pages where some of it is mended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from openkap.medicine.protocols.route_set import route_set
from openkap.permits import Role
from openkap.reads.before_care import before_care_of
from openkap.reads.staff import staff_shown
from openkap.records.models import Event, Membership, Organisation, Room, Site
from openkap.records.standing import scope_now
from openkap.steps.demonstration_papers import have_papers
from openkap.steps.licensed import wait_for_a_look
from openkap.steps.people import give_role
from openkap.steps.signing import sign_route_set
from openkap.steps.upkeep import note_upkeep
from tests.integration.clinic_desk import ZONE, asked, visiting
from tests.people import NOW, SYSTEM, Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast(demonstration=False)


def states(people: Cast) -> dict[str, str]:
    people.clinic.refresh_from_db()
    shown = before_care_of(scope_now(people.by("priya"), NOW), people.clinic, NOW)
    return {line.key: line.state for line in shown.lines}


def at_desk(key: str, people: Cast) -> Any:
    """A demonstration's button signs in; the site is marked for it."""
    Site.objects.get_or_create(defaults={"demonstration": True, "born_at": NOW})
    return visiting(key, NOW)


def test_each_line_closes_by_itself_once_it_is_so(people: Cast, settings: Any) -> None:
    settings.MAIL_SERVER, settings.TLS_CERT, settings.PROXY = None, "", "127.0.0.1"
    before = states(people)
    assert before["administrators"] == "advice"
    assert before["routes"] == before["consent"] == before["mail"] == before["backup"] == "open"
    assert before["rooms"] == before["on_call"] == before["tls"] == before["two"] == "done"
    give_role(by=SYSTEM, at=NOW, organisation=people.clinic, person=people["odette"], role=Role.ADMINISTRATOR)
    sign_route_set(
        by=people.by("osric"),
        at=NOW,
        organisation=people.clinic,
        route="iv",
        fingerprint=route_set("iv").fingerprint,
        words="Read through.",
    )
    assert before["R-LICENSE"] == "done" and before["keys"] == "advice"
    give_role(by=SYSTEM, at=NOW, organisation=people.clinic, person=people["odette"], role=Role.PRESCRIBER)
    asked_of_her = states(people)
    assert asked_of_her["R-LICENSE"] == asked_of_her["R-DEA"] == "open"
    note_upkeep(by=SYSTEM, at=NOW, what="keys", good=True)
    have_papers(SYSTEM, people["odette"], people.clinic, [Role.PRESCRIBER], at=NOW)
    after = states(people)
    assert after["R-LICENSE"] == after["R-DEA"] == after["keys"] == "done"
    assert after["administrators"] == after["routes"] == "done"
    assert after["consent"] == "open"


def test_the_practice_and_its_rooms(people: Cast) -> None:
    page = reverse("lead-practice")
    with at_desk("priya", people) as priya:
        priya.get(page)
        sent = {"submission": priya.hidden("submission"), "name": "Larkmoor Clinic", "phone": "none"}
        assert priya.post(page, sent).status_code == 422
        assert priya.post(page, {**sent, "phone": "+1 555 0177"}).status_code == 302
        assert Organisation.objects.get(pk=people.clinic.pk).phone == "+1 555 0177"
        priya.get(page)
        for wanted, name in (("yes", "Ask for no witness"), ("no", "Ask for a witness")):
            witness = {"submission": priya.hidden("submission"), "witness": wanted}
            assert [priya.post(page, witness).status_code for _twice in range(2)] == [302, 302]
            priya.get(page)
            assert name in priya.page
            assert states(people).get("witness") == ("done" if wanted == "yes" else None)
        verbs = Event.objects.filter(verb__startswith="practice.witness").order_by("seq")
        assert list(verbs.values_list("verb", flat=True)) == [
            "practice.witness_asked", "practice.witness_not_asked",
        ]  # fmt: skip
        assert (
            priya.post(page, {"submission": priya.hidden("submission"), "witness": "so"}).status_code == 422
        )
        priya.get(page)
        room = {"house": "main house", "address": "", "room": "Cedar"}
        again = {"submission": "01900000-0000-7000-8000-000000000001", **room}
        assert priya.post(page, again).status_code == 302
        assert Room.objects.get(name="Cedar").location.name == "Main house"
        twice = {**again, "submission": "01900000-0000-7000-8000-000000000002"}
        assert priya.post(page, twice).status_code == 422
        assert "There is a room of this name" in priya.page


def test_the_questions_asked_do_not_grow_with_the_staff(people: Cast) -> None:
    scope = scope_now(people.by("priya"), NOW)
    _staff, few = asked(lambda: staff_shown(scope, people.clinic, NOW, ZONE))
    _list, lines = asked(lambda: before_care_of(scope, people.clinic, NOW))
    for key in ("mira", "wren", "noor", "pell"):
        give_role(
            by=SYSTEM,
            at=NOW - timedelta(days=1),
            organisation=people.clinic,
            person=people[key],
            role=Role.FRONT_DESK,
        )
    _staff, many = asked(lambda: staff_shown(scope, people.clinic, NOW, ZONE))
    _list, more = asked(lambda: before_care_of(scope, people.clinic, NOW))
    assert many == few <= 6
    assert more == lines <= 16


def test_who_waits_for_a_look_is_named_where_the_role_is_missing(people: Cast) -> None:
    Membership.objects.filter(organisation=people.clinic, role=Role.MONITOR).update(until=NOW)
    wait_for_a_look(people.by("priya"), people.clinic, people["pell"], Role.MONITOR, at=NOW)
    lines = before_care_of(scope_now(people.by("priya"), NOW), people.clinic, NOW).open
    (watching,) = (line for line in lines if line.key == "monitor")
    assert "Pell Strand: a colleague" in watching.note


def test_a_practice_that_begins_is_shown_the_way(people: Cast) -> None:
    for key, shown in (("priya", True), ("jonah", False)):
        with at_desk(key, people) as desk:
            desk.get(reverse("care-work"))
            assert ("Your practice begins here" in desk.page) is shown, key
