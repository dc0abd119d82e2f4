"""One Scope decides and filters: for every row of every table, as everyone, before and after a revocation.

`decide` answers for one thing and `scoped` makes a query. Were they ever to differ, a list would show
what a page refuses, or hide what it grants.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.apps import apps

from openkap.permits import Actor, ActorKind, Bound, Need, Role, decide
from openkap.records.ids import new_id
from openkap.records.links import hash_of
from openkap.records.models import Device, Membership, Participation
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.cast import CAST, CLINIC, THERAPY
from openkap.steps.people import end_role, give_role
from openkap.steps.sharing import grant, revoke
from tests.at_step import Stage, at_step
from tests.people import SYSTEM, Cast, cast

pytestmark = pytest.mark.django_db

SCOPED = [model for model in apps.get_app_config("records").get_models() if hasattr(model, "PATHS")]


def everyone(people: Cast, stage: Stage) -> dict[str, Actor]:
    """Every persona under every hat, every kind of link, a tablet, the system, and nobody."""
    actors: dict[str, Actor] = {"nobody": Actor(ActorKind.LINK, "nobody"), "system": SYSTEM}
    for persona in CAST:
        for place, _roles in persona.places:
            actors[f"{persona.key} at {place}"] = people.by(persona.key, place)
        if persona.patient_of:
            actors[f"{persona.key} as patient"] = people.patient(persona.key)
    link, _token = stage.links["consent"]
    for purpose in ("sign_in", "consent", "measure"):
        actors[f"{purpose} link"] = people.link("wren", stage.course, purpose, link.id)
    for room in ("Alder", "Birch"):
        actors[f"tablet of {room}"] = tablet(people, room, stage.at)
    return actors


def tablet(people: Cast, name: str, at: datetime) -> Actor:
    room = people.room(name)
    device = Device.objects.create(
        room=room,
        organisation=people.clinic,
        name=name,
        token_hash=hash_of(f"{name} {new_id()}"),
        enrolled_by=people["priya"],
        enrolled_at=at,
    )
    bound = Bound(room=room.id)
    return Actor(ActorKind.DEVICE, name, id=device.id, organisation=people.clinic.id, bound=bound)


def differences(actors: dict[str, Actor], at: datetime) -> list[str]:
    """Where the answer for one row and the answer of the query are not the same."""
    found = []
    for name, actor in actors.items():
        scope = scope_now(actor, at)
        for model in SCOPED:
            need = Need(model.PATHS.kind)
            seen = set(scoped(model._base_manager.all(), scope).values_list("pk", flat=True))
            decided = {row.pk for row in model._base_manager.all() if decide(scope, need, row.as_subject())}
            if seen != decided:
                found.append(f"{name}, {model.__name__}: query {len(seen)}, one by one {len(decided)}")
    return found


def sees(actor: Actor, at: datetime) -> dict[str, int]:
    scope = scope_now(actor, at)
    counts = {model.__name__: scoped(model._base_manager.all(), scope).count() for model in SCOPED}
    return {name: count for name, count in counts.items() if count}


@pytest.fixture
def whole() -> Stage:
    """A whole course of Wren's, and one of Noor's that is shared with nobody."""
    people = cast()
    at_step(people, "consented", key="noor")
    return at_step(people, "measured_after")


def test_query_and_answer_agree_for_everyone(whole: Stage) -> None:
    actors = everyone(whole.people, whole)
    assert len(actors) >= 20
    assert differences(actors, whole.at) == []


def test_they_agree_while_sharing_is_only_from_now_on(whole: Stage) -> None:
    people = whole.people
    revoke(by=people.patient("wren"), at=whole.at, grant=whole.grant)
    grant(
        by=people.patient("wren"),
        at=whole.later(days=3),
        course=whole.course,
        to_organisation=people.therapy,
        to_person=None,
        scopes=["measures", "schedule"],
        purpose="From here on",
        until=whole.at + timedelta(days=30),
        from_start=False,
    )
    mira = people.by("mira")
    assert sees(mira, whole.at).get("Score", 0) == 0
    assert differences(everyone(people, whole), whole.at) == []


def test_they_agree_after_a_revocation_and_nothing_is_left(whole: Stage) -> None:
    people, mira = whole.people, whole.people.by("mira")
    before = sees(mira, whole.at)
    assert before["Score"] == 2
    assert before["SessionSummary"] == 1
    revoke(by=people.patient("wren"), at=whole.later(minutes=1), grant=whole.grant)
    after = sees(mira, whole.at)
    assert "Score" not in after
    assert "SessionSummary" not in after
    # What her own practice wrote stays hers.
    assert after["SessionNote"] == 1
    assert differences(everyone(people, whole), whole.at) == []


def test_an_outside_therapist_never_sees_clinical_facts(whole: Stage) -> None:
    seen = sees(whole.people.by("mira"), whole.at)
    for name in ("Reading", "Order", "HistoryAnswer", "Decision", "Result", "Prompt", "Discharge"):
        assert name not in seen


@pytest.mark.parametrize("role", list(Role))
def test_no_role_of_the_other_practice_sees_the_patient_who_shared_nothing(whole: Stage, role: Role) -> None:
    people = whole.people
    give_role(by=SYSTEM, at=whole.at, organisation=people.therapy, person=people["theo"], role=role)
    theo = people.by("theo", THERAPY)
    scope = scope_now(theo, whole.at)
    noor = people["noor"].id
    for model in SCOPED:
        if model.PATHS.patient:
            rows = scoped(model._base_manager.all(), scope).filter(**{model.PATHS.lookup("patient"): noor})
            assert not rows.exists(), model.__name__


def test_a_role_that_ended_reaches_nothing(whole: Stage) -> None:
    people = whole.people
    for membership in Membership.objects.filter(person=people["jonah"]):
        end_role(by=SYSTEM, at=whole.later(minutes=1), membership=membership)
    assert sees(people.by("jonah", CLINIC), whole.at) == {}


def test_the_sharing_practice_keeps_its_part_only_while_something_is_shared(whole: Stage) -> None:
    people = whole.people
    part = Participation.objects.filter(course=whole.course, organisation=people.therapy, until=None)
    assert part.count() == 1
    revoke(by=people.patient("wren"), at=whole.later(minutes=1), grant=whole.grant)
    assert part.count() == 0
