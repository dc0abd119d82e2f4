"""Whoever has a course here can get a staff sign-in, by inviting a second mailbox of their own.

It must be that patient's shared part and an empty practice, and nothing of anyone else: not by list, by
search, by address, by a public page, and not by giving oneself more roles.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.apps import apps

from openkap.permits import Actor, ActorKind, Kind, Need
from openkap.records.models import Membership, Organisation, PatientFile, Person, PublicPage, Task
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.credentials import check_license
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.front import publish_page
from openkap.steps.invitations import invite
from openkap.steps.joining import Newcomer, accept_invitation, holder_of
from openkap.steps.people import give_role
from openkap.steps.sharing import revoke
from tests.at_step import Stage, at_step
from tests.integration.course_of import course_of
from tests.people import NOW, cast

pytestmark = pytest.mark.django_db
SCOPES = ("schedule", "measures")
OPENED = {Kind.IDENTITY, Kind.SCHEDULE, Kind.MEASURES}


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Wren asks her own second mailbox; Noor's course is none of it."""
    with time_machine.travel(NOW, tick=False):
        people = cast()
        at_step(people, "decided", key="noor", at=NOW - timedelta(days=2))
        made = Stage(people, "wren", NOW)
        made.course = course_of(people)
        yield made


def joined(stage: Stage) -> Actor:
    row, _token = invite(
        by=stage.people.patient("wren"),
        at=NOW,
        course=stage.course,
        to_name="W. Alderbrook",
        to_email="second@mailbox.example",
        scopes=list(SCOPES),
        purpose="To plan therapy",
        until=NOW + timedelta(days=30),
    )
    newcomer = Newcomer("W.", "Alder", "", "Second Mailbox Therapy", "New York", "0", "a long enough secret")
    person = accept_invitation(by=holder_of(row, where="test"), at=NOW, invitation=row, newcomer=newcomer)
    stage.grant = row.grant or type(row).objects.get(pk=row.pk).grant  # type: ignore[assignment]
    practice = Organisation.objects.get(name="Second Mailbox Therapy")
    return Actor(
        ActorKind.PERSON, person.name, person.id, person=person.id, organisation=practice.id, strong=True
    )


def seen(by: Actor) -> dict[str, list[tuple[UUID | None, UUID | None, Kind]]]:
    """Keeper, patient and kind of every row that this sign-in may see, by model."""
    scope = scope_now(by, NOW)
    found = {}
    for model in apps.get_app_config("records").get_models():
        if hasattr(model, "PATHS"):
            subjects = [row.as_subject() for row in scoped(model._base_manager.all(), scope)]
            found[model.__name__] = [(s.keeper, s.patient, s.kind) for s in subjects]
    return found


def test_it_sees_that_patient_s_shared_part_and_its_own_empty_practice(stage: Stage) -> None:
    by, wren = joined(stage), stage.people["wren"].id
    for model, rows in seen(by).items():
        for keeper, patient, kind in rows:
            own = keeper == by.organisation
            assert own or (patient == wren and kind in OPENED), (model, keeper, patient, kind)
            assert patient in (None, wren), model
    assert not scope_now(by, NOW).allowing(Need(Kind.CLINICAL))
    revoke(by=stage.people.patient("wren"), at=NOW, grant=stage.grant)
    assert {keeper for rows in seen(by).values() for keeper, _patient, _kind in rows} == {by.organisation}


def test_no_list_search_or_address_leads_to_anyone_else(stage: Stage) -> None:
    by, people = joined(stage), stage.people
    noor = PatientFile.objects.get(patient=people["noor"])
    scope = scope_now(by, NOW)
    files = scoped(PatientFile.objects.all(), scope)
    assert {file.patient_id for file in files} == {people["wren"].id}
    assert not files.filter(patient__family_name__icontains="Castellane").exists()
    assert noor not in files
    others = Organisation.objects.exclude(pk=by.organisation)
    assert not scoped(Organisation.objects.all(), scope).filter(pk__in=others).exists()
    assert not scoped(Membership.objects.all(), scope).exclude(organisation=by.organisation).exists()


def test_it_writes_no_public_page_until_somebody_looked_at_its_license(stage: Stage) -> None:
    by = joined(stage)
    practice = Organisation.objects.get(pk=by.organisation)
    with pytest.raises(Refused, match="looked at your license"):
        publish_page(by=by, at=NOW, organisation=practice, slug="larkmoor-care", words="Trust us.")
    assert not PublicPage.objects.filter(organisation=practice).exists()
    task = Task.objects.get(what__startswith="license_")
    check_license(by=stage.people.by("tamsin"), at=NOW, task=task, valid=True, words="State's own list")
    assert publish_page(by=by, at=NOW, organisation=practice, slug="second", words="Hello.")


def test_its_roles_reach_no_further_than_its_own_practice(stage: Stage) -> None:
    by, people = joined(stage), stage.people
    with pytest.raises((NotPermitted, Refused)):
        give_role(by=by, at=NOW, organisation=people.clinic, person=people["theo"], role="prescriber")  # type: ignore[arg-type]
    Membership.objects.create(
        person=Person.objects.get(pk=by.person), organisation_id=by.organisation, role="prescriber", since=NOW
    )
    for model, rows in seen(by).items():
        assert all(patient in (None, people["wren"].id) for _keeper, patient, _kind in rows), model
