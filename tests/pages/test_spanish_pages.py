"""Every page a patient or a stranger can open, in Spanish: nothing on it is English."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

import openkap.ui
from openkap.desks.public.answers import field as field_of
from openkap.medicine.screening.selfcheck import steps
from openkap.records.models import Location, Organisation, PatientFile, Person, PublicPage, Room, Task
from openkap.steps import links
from openkap.steps.consent import library_document, publish_document
from openkap.steps.links import send_link
from tests.integration.door_visitors import Visitor
from tests.samples import SAMPLES
from tests.scene import PATIENTS, Scene, stage
from tests.words.pages import english_in

pytestmark = pytest.mark.django_db
# Words of people and of forms, the same in every language.
OWN_WORDS = (
    "The lake again. A heron.",
    "Walk to the river",
    "To plan therapy around my doses",
    "Therapy around each dose",
    "ivo@cedarlane.example",
    "OpenKAP",
    "English",
    "Español",
    "PHQ-9",
    "GAD-7",
    "PDF",
    "NHS",
    "SHA-256",
)
# Pages of the door that staff and patients share.
EVERYONES = ("account", "menu", "lock")
ASKS_SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


# HTML, styles, script and icons, compressed: what a page may weigh on a phone.
MOST_BYTES = 40_000
DIST = Path(openkap.ui.__file__).parent / "static" / "dist"
LOOK_BYTES = sum((DIST / f"{name}.gz").stat().st_size for name in ("patient.css", "patient.js", "icons.svg"))


@dataclass
class Spanish:
    """The scene, with everyone in it a Spanish speaker, and what is nobody's word."""

    scene: Scene
    names: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def look(self, where: str, page: str) -> None:
        if "<html" not in page:
            return
        if (weight := len(gzip.compress(page.encode(), 6)) + LOOK_BYTES) > MOST_BYTES:
            self.wrong.append(f"{where}: {weight} bytes with its look")
        if 'lang="es"' not in page.split("<head", 1)[0]:
            self.wrong.append(f"{where}: the page does not say that it is Spanish")
        self.wrong += [f"{where}: {piece}" for piece in english_in(page, self.names)]

    def taken(self) -> list[str]:
        """What was wrong since this was last asked, each once."""
        found, self.wrong = list(dict.fromkeys(self.wrong)), []
        return found


@pytest.fixture(scope="module")
def spanish(django_db_setup: None, django_db_blocker: Any) -> Iterator[Spanish]:
    with django_db_blocker.unblock(), transaction.atomic():
        scene = stage()
        Person.objects.update(language="es")
        people = scene.people
        text = library_document("consent.iv", "es")
        publish_document(
            by=people.by("osric"),
            at=scene.at,
            organisation=people.clinic,
            document=text.id,
            title=text.title,
            text=text.text,
            language="es",
        )
        yield Spanish(scene, _names())
        transaction.set_rollback(True)


def _names() -> list[str]:
    people = Person.objects.all()
    found = [*OWN_WORDS, *PublicPage.objects.values_list("words", flat=True)]
    for person in people:
        found += [person.name, person.legal_name, person.title, person.email, person.given_name]
        found += [person.chosen_name, person.family_name]
    for model, column in ((Organisation, "name"), (Room, "name"), (Location, "address")):
        found += list(model.objects.values_list(column, flat=True))
    return found


@pytest.mark.parametrize("key", PATIENTS)
def test_a_patients_own_pages_are_spanish(spanish: Spanish, key: str) -> None:
    own = Visitor().become(key)
    for name, sample in SAMPLES.items():
        if not (name.startswith("me-") or name in EVERYONES) or sample.post:
            continue
        kwargs = sample.kwargs_of(spanish.scene, key)
        if kwargs is not None:
            own.get(reverse(name, kwargs=kwargs))
            spanish.look(f"{key} {name}", own.page)
    assert spanish.taken() == []


def test_what_a_patient_sends_wrongly_is_answered_in_spanish(spanish: Spanish) -> None:
    for key in ("ana_a", "wren", "noor"):
        own = Visitor().become(key)
        for name, sample in SAMPLES.items():
            kwargs = sample.kwargs_of(spanish.scene, key) if name.startswith("me-") else None
            if kwargs is not None:
                own.post(reverse(name, kwargs=kwargs), sample.data)
                spanish.look(f"{key} posts {name}", own.page)
    assert spanish.taken() == []


def test_public_pages_follow_the_browser(spanish: Spanish) -> None:
    stranger = Visitor(headers=ASKS_SPANISH)
    for name in ("public-home", "sign-in-code", "account_login", "link-again"):
        stranger.get(reverse(name))
        spanish.look(name, stranger.page)
    for slug in PublicPage.objects.values_list("slug", flat=True):
        for name in ("public-front", "public-self-check", "public-ask", "public-asked"):
            stranger.get(reverse(name, args=[slug]))
            spanish.look(f"{name} {slug}", stranger.page)
    for wrong in ({}, {"given_name": "Inés", "born_on": "1885-01-01", "email": "no"}):
        stranger.post(reverse("public-ask", args=["larkmoor"]), wrong)
        spanish.look(f"asking wrongly {wrong}", stranger.page)
    stranger.get("/nowhere/")
    spanish.look("404", stranger.page)
    assert spanish.taken() == []


def test_the_self_check_is_spanish_to_its_end(spanish: Spanish) -> None:
    stranger, address = Visitor(headers=ASKS_SPANISH), reverse("public-self-check", args=["larkmoor"])
    given: dict[str, Any] = {field_of("crisis"): "no", field_of("age"): "yes", field_of("country"): "yes"}
    for step in steps():
        stranger.post(address, {**given, "show": step.key})
        spanish.look(f"self-check {step.key}", stranger.page)
        stranger.post(address, {**given, "step": step.key})
        spanish.look(f"self-check {step.key} unanswered", stranger.page)
        given[field_of(step.key)] = [option.key for option in step.options]
    for answers in (
        given,
        {**given, **{field_of(step.key): "none" for step in steps()}},
        {**given, field_of("mind"): "unsure"},
    ):
        stranger.post(address, {**answers, "step": steps()[-1].key})
        spanish.look("self-check result", stranger.page)
    for gate, answer in (("crisis", "yes"), ("age", "no"), ("country", "no")):
        stranger.post(address, {**given, field_of(gate): answer, "step": gate})
        spanish.look(f"self-check {gate}", stranger.page)
    assert spanish.taken() == []


@pytest.mark.parametrize("about", ["phq9", "gad7", "phq2", "daily", "weekly", "pcl5"])
def test_a_link_speaks_its_patients_language(spanish: Spanish, about: str) -> None:
    scene = spanish.scene
    _link, token = send_link(
        by=scene.people.by("tamsin"),
        at=scene.at,
        organisation=scene.people.clinic,
        patient=scene.people["noor"],
        purpose="measure",
        course=scene.stages["noor"].course,
        about=about,
        point="after",
    )
    phone, born = Visitor(headers={"Accept-Language": "en-US"}), scene.people["noor"].born_on
    phone.get(f"/l/{token}/")
    spanish.look("the link", phone.page)
    phone.post(f"/l/{token}/", {"born_on": "1901-01-01"})
    spanish.look("the link, wrong date", phone.page)
    assert phone.post(f"/l/{token}/", {"born_on": born.isoformat()}).status_code == 302
    address = reverse("link-measure")
    for query in ("", "?q=all", "?q=check"):
        phone.get(address + query)
        spanish.look(f"{about}{query}", phone.page)
    phone.post(reverse("link-skip"))
    phone.get(reverse("link-done"))
    spanish.look("done", phone.page)
    phone.get(f"/l/{token}/")
    spanish.look("gone", phone.page)
    assert spanish.taken() == []


def test_a_worrying_answer_is_met_in_spanish(spanish: Spanish) -> None:
    own = Visitor().become("noor")
    course = spanish.scene.stages["noor"].course
    address = reverse("me-form", args=[course.id, "phq9", "after"])
    own.get(address)
    own.post(address, {"submission": own.hidden("submission"), "item": "9", "value": "2"})
    assert "No tiene que pasar por esto a solas" in own.page
    spanish.look("worrying", own.page)
    assert spanish.taken() == []


def test_letters_speak_the_language_of_whoever_gets_them(
    spanish: Spanish, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, letters = spanish.scene, []  # type: Scene, list[EmailMessage]
    monkeypatch.setattr(links, "post", lambda message, **_about: letters.append(message))
    for purpose, about in (("sign_in", ""), ("consent", ""), ("measure", "phq9"), ("measure", "daily")):
        send_link(
            by=scene.people.by("tamsin"),
            at=scene.at,
            organisation=scene.people.clinic,
            patient=Person.objects.get(pk=scene.people["noor"].pk),
            purpose=purpose,
            course=scene.stages["noor"].course,
            about=about,
            point="after",
        )
    assert len(letters) == 4
    for letter in letters:
        assert "Hola, Noor:" in letter.body
        spanish.wrong += english_in(f"<p>{letter.subject}</p><p>{letter.body}</p>", [*spanish.names, "http"])
    assert spanish.taken() == []


def test_changing_the_language_loses_no_answer(spanish: Spanish) -> None:
    stranger, address = Visitor(), reverse("public-self-check", args=["larkmoor"])
    so_far = {field_of("crisis"): "no", field_of("age"): "yes", field_of("country"): "yes"}
    stranger.post(address, {**so_far, "step": "mind", field_of("mind"): "bipolar_disorder", "language": "es"})
    assert "¿Algo de esto es cierto en su caso?" in stranger.page
    assert 'value="bipolar_disorder" checked' in stranger.page
    assert all(f'name="{name}"' in stranger.page for name in so_far)
    typed = {"given_name": "Inés", "words": "después de las cinco", "language": "en"}
    stranger.post(reverse("public-ask", args=["larkmoor"]), typed)
    assert "First name" in stranger.page
    assert 'value="Inés"' in stranger.page
    assert "después de las cinco" in stranger.page
    assert 'class="error"' not in stranger.page


def test_who_looked_is_named_by_a_role_in_spanish(spanish: Spanish) -> None:
    file = PatientFile.objects.get(
        patient=spanish.scene.people["wren"], organisation=spanish.scene.people.clinic
    )
    for key in ("tamsin", "osric"):
        Visitor().become(key).get(reverse("care-patient", kwargs={"file": file.pk}))
    own = Visitor().become("wren")
    own.get(reverse("me-looked"))
    assert "receta el medicamento" in own.page and "dirección médica" in own.page
    assert "\u00a0am" in own.page or "\u00a0pm" in own.page


def test_a_signed_text_is_shown_as_it_was_signed(spanish: Spanish) -> None:
    own = Visitor().become("wren")
    own.get(reverse("me-consent"))
    assert "Usted firmó esto" in own.page and '<h1 lang="en"' in own.page
    assert "Este texto está en otro idioma" not in own.page


def test_a_choice_is_the_persons_own_from_then_on(spanish: Spanish) -> None:
    pell = Visitor(headers=ASKS_SPANISH).become("pell")
    answer = pell.post(reverse("language"), {"language": "en", "next": "/me/"})
    assert answer["Location"] == "/me/"
    assert Person.objects.get(pk=spanish.scene.people["pell"].pk).language == "en"
    pell.get("/me/")
    assert "Your evaluation is under way" in pell.page
    stranger = Visitor()
    stranger.post(reverse("language"), {"language": "es"})
    stranger.get(reverse("sign-in-code"))
    assert 'lang="es"' in stranger.page
    assert stranger.post(reverse("language"), {"language": "tlh"}).status_code == 404


def test_what_a_patient_causes_is_written_for_the_practice_in_its_language(spanish: Spanish) -> None:
    noor = Visitor().become("ana_a")
    noor.post(reverse("me-consent-no"))
    assert "No, por ahora" in noor.page
    told = Task.objects.get(patient=spanish.scene.people["ana_a"], what="consent_declined").text
    assert told == "Ana Lucía Ibarra says no to the consent text for now. Call and ask what would help."
    staff = Visitor(headers=ASKS_SPANISH).become("tamsin")
    staff.get(reverse("care-find"))
    assert 'lang="en"' in staff.page
