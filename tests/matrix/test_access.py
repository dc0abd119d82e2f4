"""The access matrix: every address, as everyone, on every patient.

The list is the URL resolver's. What is expected is asked of `decide`, the one function that answers; what
is done is asked of the pages. A foreign patient is 404, never 403, and nothing is written by whoever is
refused. An address without a sample fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.template.backends.django import Template
from django.test import Client
from django.urls import resolve, reverse
from django.utils.safestring import SafeString

from openkap.desks.clinic import course_paper
from openkap.door.who import DEVICE_COOKIE
from openkap.permits import Actor, ActorKind, Bound, Scope, decide
from openkap.records.links import hash_of
from openkap.records.models import Device, Event, PatientFile
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.cast import CAST
from openkap.steps.demonstration import person_keyed
from openkap.steps.links import send_link
from tests.addresses import addresses
from tests.engines import MINE, POSTGRES
from tests.people import Cast
from tests.sample import Sample
from tests.samples import SAMPLES
from tests.scene import PATIENTS, Scene, stage

pytestmark = pytest.mark.django_db

SECRET = "the secret of the tablet in the matrix"
# Whether a page is made of what is visited just now, or only asked for.
MADE = {"now": True}
# The decision is the same code on both; what PostgreSQL adds, its own SQL, is asked of the two patients that
# differ most: shared with another practice, and that practice's alone.
ASKED = (PATIENTS[0], PATIENTS[-1]) if MINE == POSTGRES else PATIENTS


@dataclass(frozen=True)
class Visitor:
    """Someone at a browser: the actor that permission knows, and the client that carries their session."""

    name: str
    actor: Actor
    client: Client


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield stage()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def unset_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may have a paper is asked here, not how it is set, which takes a second each time."""
    monkeypatch.setattr(course_paper, "pdf_of", lambda _page, _size: b"%PDF-")


@pytest.fixture(autouse=True)
def unread_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may is asked on both databases; what a page then says is made on one of them only.

    The one page that says that there is nothing here, where two visits of three end, is the door's to test.
    A page is made of the first patient for each visitor; of the others it would say the same of less.
    """
    made = Template.render

    def render(self: Template, *words: Any, **named: Any) -> SafeString:
        if MINE == POSTGRES or not MADE["now"] or self.template.name == "errors/404.html":
            return SafeString("")
        return made(self, *words, **named)

    monkeypatch.setattr(Template, "render", render)


@pytest.fixture(scope="module")
def visitors(scene: Scene) -> list[Visitor]:
    """Every persona under every hat, the holder of each kind of link, a tablet, and nobody."""
    people = scene.people
    found = [Visitor("nobody", Actor(ActorKind.LINK, "nobody"), Client())]
    for persona in CAST:
        for place, _roles in persona.places:
            actor = people.by(persona.key, place)
            found.append(Visitor(f"{persona.key} at {place}", actor, worn(actor, str(actor.organisation))))
        if persona.patient_of:
            actor = people.patient(persona.key)
            found.append(Visitor(f"{persona.key} as patient", actor, worn(actor, "patient")))
    found.append(Visitor("tablet of Alder", *tablet(people, scene)))
    found += [link_holder(scene, purpose) for purpose in ("consent", "measure")]
    scene.done = done_so_far()  # every visit is undone, so that each begins with these
    return found


def may_reach(who: Visitor, scene: Scene) -> Scope:
    """Their Scope, asked once: whatever a visit changes is undone after it."""
    if who.name not in scene.scopes:
        scene.scopes[who.name] = scope_now(who.actor, scene.at)
    return scene.scopes[who.name]


def worn(actor: Actor, hat: str) -> Client:
    """A client that is signed in under a hat, through the demonstration's own button."""
    client = Client()
    key = next(persona.key for persona in CAST if person_keyed(persona.key).id == actor.person)
    answer = client.post(f"/demo/become/{key}/", {"hat": hat})
    assert answer.status_code == 302, (actor.name, answer.status_code)
    return client


def link_holder(scene: Scene, purpose: str) -> Visitor:
    """Wren's phone, which redeemed a link of this purpose with her date of birth."""
    people, course = scene.people, scene.stages["wren"].course
    link, token = send_link(
        by=people.by("tamsin"),
        at=scene.at,
        organisation=people.clinic,
        patient=people["wren"],
        purpose=purpose,
        course=course,
        about="phq9",
        point="after",
    )
    client = Client()
    answer = client.post(f"/l/{token}/", {"born_on": people["wren"].born_on.isoformat()})
    assert answer.status_code == 302, answer.status_code
    return Visitor(f"{purpose} link of wren", people.link("wren", course, purpose, link.id), client)


def tablet(people: Cast, scene: Scene) -> tuple[Actor, Client]:
    room = people.room("Alder")
    device = Device.objects.create(
        room=room,
        organisation=people.clinic,
        name="Alder",
        token_hash=hash_of(SECRET),
        enrolled_by=people["priya"],
        enrolled_at=scene.at,
    )
    client = Client()
    client.cookies[DEVICE_COOKIE] = SECRET
    actor = Actor(
        ActorKind.DEVICE, "Alder", id=device.id, organisation=people.clinic.id, bound=Bound(room=room.id)
    )
    return actor, client


@cache
def for_whom(path: str) -> str:
    """Which kind of person the page says it is for; pages of allauth say nothing."""
    return getattr(resolve(path).func, "for_whom", "anyone")


def is_for(kind: str, actor: Actor) -> bool:
    if kind == "staff":
        return actor.kind is ActorKind.PERSON and not actor.as_patient
    if kind == "patient":
        return actor.as_patient
    if kind.startswith("link "):
        return (
            actor.kind is ActorKind.LINK
            and actor.bound is not None
            and actor.bound.purpose == kind.removeprefix("link ")
        )
    return True


def expected(scene: Scene, sample: Sample, path: str, key: str, who: Visitor) -> bool:
    """May this visitor open it? Asked of `decide`, for every need of the sample."""
    if not is_for(for_whom(path), who.actor):
        return False
    is_person = who.actor.kind is ActorKind.PERSON
    if sample.by_password or who.name == sample.not_for or (sample.signed_in and not is_person):
        return False
    scope = may_reach(who, scene)
    if not all(scope.allowing(need) for need in sample.holds):
        return False
    row = row_of(scene, sample, key)
    if row is None:
        return True
    subject = row.as_subject()
    return all(decide(scope, need, replace(subject, kind=need.kind)) for need in sample.needs)


def row_of(scene: Scene, sample: Sample, key: str) -> Any:
    """The row that permission is asked about: the one in the address, or the one the sample names."""
    if sample.about is not None:
        return sample.about(scene, key)
    return sample.row(scene, key)


def ask(who: Visitor, sample: Sample, path: str) -> HttpResponseBase:
    return who.client.post(path, sample.data) if sample.post else who.client.get(path)


def opened(answer: HttpResponseBase, sample: Sample) -> bool:
    """200, or whatever this page says to someone who may: never a redirect to a sign-in."""
    if answer.status_code in sample.also:
        return True
    if answer.status_code == 302:
        return not answer["Location"].startswith(("/sign-in/", "/lock/", "/l/"))
    return answer.status_code not in (401, 403, 404)


def test_every_address_has_a_sample() -> None:
    missing = sorted({address.name for address in addresses()} - set(SAMPLES))
    gone = sorted(set(SAMPLES) - {address.name for address in addresses()})
    assert missing == [], "add each to tests/samples.py"
    assert gone == []


@pytest.mark.parametrize("name", sorted(name for name in SAMPLES if SAMPLES[name].visited))
def test_an_address_as_everyone(scene: Scene, visitors: list[Visitor], name: str) -> None:
    sample = SAMPLES[name]
    wrong = []
    for key in ASKED if sample.needs else ASKED[:1]:
        kwargs = sample.kwargs_of(scene, key)
        if kwargs is None:
            continue
        MADE["now"] = key == ASKED[0]
        path = reverse(name, kwargs=kwargs)
        for who in visitors:
            wrong += asked(scene, sample, name, path, key, who)
    assert not wrong, "\n".join(wrong)


def asked(scene: Scene, sample: Sample, name: str, path: str, key: str, who: Visitor) -> list[str]:
    """One visit, undone afterwards. Gives what was wrong with it."""
    with transaction.atomic():
        may = expected(scene, sample, path, key, who)
        session = dict(who.client.cookies)
        answer = ask(who, sample, path)
        wrote = 0 if may else done_so_far() - scene.done
        transaction.set_rollback(True)
    who.client.cookies.update(session)
    wrong = []
    said = f"{who.name} on {key}'s {name}: {answer.status_code}"
    if opened(answer, sample) != may:
        wrong.append(f"{said}, though they {'may' if may else 'may not'}")
    if not may and wrote:
        wrong.append(f"{said}, and {wrote} events were done all the same")
    if not may and sample.needs and answer.status_code == 403 and not sees_patient(scene, key, who):
        wrong.append(f"{said}: a foreign patient is 404, never 403")
    if answer.status_code >= 500:
        wrong.append(f"{said}: broken")
    return wrong


def done_so_far() -> int:
    return Event.objects.filter(outcome=Event.Outcome.DONE).count()


def sees_patient(scene: Scene, key: str, who: Visitor) -> bool:
    """Whether this visitor may know of the patient at all."""
    scope = scope_now(who.actor, scene.at)
    return scoped(PatientFile.objects.filter(patient=scene.people[key]), scope).exists()
