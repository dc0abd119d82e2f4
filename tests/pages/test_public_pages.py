"""The public pages: honest, reachable without scripts, and keeping nothing that nobody asked to keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps

from openkap.medicine.screening.selfcheck import steps
from openkap.records.models import EvaluationRequest, Organisation, PublicPage
from openkap.records.people import PatientFile
from tests.integration.door_visitors import Visitor
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db

CHECK, ASK = "/at/larkmoor/self-check/", "/at/larkmoor/ask/"
SAFE = {"a_crisis": "no", "a_age": "yes", "a_country": "yes"}
HEALTHY = {f"a_{step.key}": "none" for step in steps()}
WHO = {
    "submission": "0197f000-0000-7000-8000-000000000044",
    "given_name": "Juna",
    "family_name": "Underhill",
    "email": "juna@example.org",
}


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


@pytest.fixture
def stranger(people: Cast) -> Visitor:
    return Visitor()


def rows() -> dict[str, int]:
    """How many rows each table of the database holds."""
    return {
        model._meta.db_table: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
    }


def hidden(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(a_[a-z]+)" value="([a-z_0-9]*)"', page):
        found.setdefault(name, []).append(value)
    return found


def test_the_first_page_leads_to_each_practice(stranger: Visitor) -> None:
    for slug, name in (("larkmoor", "Larkmoor Clinic"), ("quiet-harbor", "Quiet Harbor Therapy")):
        stranger.get("/")
        assert f'href="/at/{slug}/"' in stranger.page
        assert stranger.get(f"/at/{slug}/").status_code == 200
        assert name in stranger.page
    assert stranger.get("/at/nowhere/").status_code == 404


def test_one_practice_alone_is_led_to_at_once() -> None:
    people = cast(demonstration=False)
    assert Visitor().get("/").status_code == 200
    PublicPage.objects.filter(organisation=people.therapy).delete()
    assert Visitor().get("/").headers["Location"] == "/at/larkmoor/"


def test_the_page_is_honest_about_the_evidence(stranger: Visitor) -> None:
    stranger.get("/at/larkmoor/")
    for said in (
        "54",
        "38",
        "felt worse",
        "no comparison group",
        "Only 537 of 9,016",
        "not proven",
        "off-label",
    ):
        assert said in stranger.page, said
    for never in ("60-70", "60 to 70 percent", "within hours", "cure"):
        assert never not in stranger.page, never


def test_it_says_who_is_here_and_nobody_elses_people(stranger: Visitor) -> None:
    stranger.get("/at/larkmoor/")
    assert "Tamsin Orrery, Dr" in stranger.page
    assert "Fennimore" not in stranger.page
    assert "Odette" not in stranger.page  # the front desk and patients are not on it
    assert "Alderbrook" not in stranger.page


def test_public_pages_ask_a_bounded_number_of_questions(
    stranger: Visitor, django_assert_max_num_queries: Any
) -> None:
    for path in ("/", "/at/larkmoor/", CHECK, ASK, "/at/larkmoor/asked/"):
        with django_assert_max_num_queries(4):
            stranger.get(path)


def test_the_whole_self_check_changes_no_row_of_any_table(stranger: Visitor) -> None:
    """Step by step as a phone without scripts sends it: every answer, a way back, every end."""
    before = rows()
    stranger.get(CHECK)
    carried: dict[str, list[str]] = {}
    asked = ["crisis", "age", "country", *(step.key for step in steps())]
    for key, value in {**SAFE, **HEALTHY, "a_medicines": "sedatives", "a_body": "unsure"}.items():
        step = key.removeprefix("a_")
        assert f'name="step" value="{step}"' in stranger.page, step
        assert f"{asked.index(step) + 1} of {len(asked)}" in stranger.page
        stranger.post(CHECK, {**carried, "step": step, key: value})
        carried[key] = [value]
        assert stranger.page.count("Call 988") >= 1
        if step != asked[-1]:
            assert hidden(stranger.page) == carried
    assert "it cannot say yes" in stranger.page
    assert "Worth talking over with a clinician" in stranger.page
    stranger.post(CHECK, {**carried, "show": "heart"})
    stranger.post(CHECK, {"step": "crisis", "a_crisis": "yes"})
    stranger.post(CHECK, {"a_crisis": "no", "step": "age", "a_age": "no"})
    stranger.post(CHECK, {**SAFE, "step": "country", "a_country": "no"})
    stranger.post(ASK, {**carried, "begin": "yes"})
    assert rows() == before
    assert set(stranger.cookies) == {"csrftoken"}


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_danger_is_answered_at_once_with_whom_to_call(stranger: Visitor, answer: str) -> None:
    reply = stranger.post(CHECK, {"step": "crisis", "a_crisis": answer})
    assert reply.status_code == 200  # the post's own reply: no redirect stands between
    assert 'href="tel:988"' in stranger.page
    assert 'href="sms:988"' in stranger.page
    assert "emergency services" in stranger.page
    stranger.post(CHECK, {"show": "age", "a_crisis": answer})
    assert "18 or older" in stranger.page


def test_under_age_and_elsewhere_end_kindly_and_cannot_be_stepped_over(stranger: Visitor) -> None:
    stranger.post(CHECK, {"a_crisis": "no", "step": "age", "a_age": "no"})
    assert "aged 18 or older" in stranger.page
    assert 'href="tel:988"' in stranger.page
    stranger.post(CHECK, {**SAFE, **HEALTHY, "a_age": "no", "step": "medicines"})
    assert "aged 18 or older" in stranger.page
    stranger.post(CHECK, {**SAFE, "step": "country", "a_country": "no"})
    assert "can only treat people in the United States" in stranger.page
    assert "call your local emergency services" in stranger.page
    assert "ask/" not in stranger.page  # nothing to ask for here


def test_a_practice_elsewhere_never_names_the_wrong_number(people: Cast, stranger: Visitor) -> None:
    Organisation.objects.filter(id=people.clinic.id).update(country="NZ")
    stranger.post(CHECK, {"step": "crisis", "a_crisis": "yes"})
    assert "988" not in stranger.page
    assert "Call your local emergency services" in stranger.page
    PublicPage.objects.filter(organisation=people.clinic).update(
        crisis_number="1737", crisis_words="Need to talk?"
    )
    stranger.post(CHECK, {"step": "crisis", "a_crisis": "yes"})
    assert 'href="tel:1737"' in stranger.page


def test_an_answer_that_is_none_says_so_and_keeps_the_others(stranger: Visitor) -> None:
    assert stranger.post(CHECK, {**SAFE, "step": "heart"}).status_code == 422
    assert "Choose an answer" in stranger.page
    assert hidden(stranger.page)["a_age"] == ["yes"]
    both = {**SAFE, "step": "heart", "a_heart": ["none", "stroke_history"]}
    assert stranger.post(CHECK, both).status_code == 422
    odd = {**SAFE, "step": "heart", "a_heart": ["none", "stable_cardiac_disease"]}
    assert stranger.post(CHECK, odd).status_code == 422
    assert "None of these” and something else" in stranger.page
    assert stranger.post(CHECK, {"step": "nowhere", "show": "<b>"}).status_code == 200
    assert 'name="step" value="crisis"' in stranger.page


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, "Nothing you answered stands in the way"),
        ({"a_heart": "hypertension_controlled"}, "Nothing you answered rules ketamine out"),
        ({"a_vessels": "aneurysmal_vascular_disease"}, "Ketamine is not given with this"),
        ({"a_vessels": "stroke_history"}, "Only a medical director may decide otherwise"),
        ({"a_body": "urinary_symptoms_active"}, "settled before any dose"),
        ({"a_mind": "unsure"}, "unknown is never treated as clear"),
    ],
)
def test_the_result_says_what_the_rules_say(stranger: Visitor, answers: dict[str, str], says: str) -> None:
    stranger.post(CHECK, {**SAFE, **HEALTHY, **answers, "step": "medicines"})
    assert says in stranger.page
    assert "diagnosis" in stranger.page


def test_only_what_was_ticked_is_sent_along(stranger: Visitor) -> None:
    answers = {**SAFE, **HEALTHY, "a_heart": ["hypertension_controlled"], "a_mind": ["bipolar_disorder"]}
    stranger.post(ASK, {**answers, "begin": "yes"})
    assert "High blood pressure, treated" in stranger.page
    assert "checked" not in stranger.page  # private by default
    answer = stranger.post(ASK, {**answers, **WHO, "send": ["heart"]})
    assert answer.headers["Location"] == "/at/larkmoor/asked/"
    row = EvaluationRequest.objects.get(family_name="Underhill")
    assert row.answers == {"heart": ["hypertension_controlled"]}
    stranger.get("/at/larkmoor/asked/")
    assert "calls or writes" in stranger.page


def test_sent_twice_is_once(stranger: Visitor) -> None:
    for submission in (WHO["submission"], WHO["submission"], "0197f000-0000-7000-8000-000000000045"):
        assert stranger.post(ASK, {**WHO, "submission": submission}).status_code == 302
    assert EvaluationRequest.objects.filter(family_name="Underhill").count() == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"email": ""}, "Write a phone number or a mail address"),
        ({"email": "juna at example"}, "This is not a mail address"),
        ({"phone": "call me"}, "Write the number with digits"),
        ({"given_name": ""}, "Write your first name"),
        ({"born_on": "3 May"}, "Write the date as"),
        ({"born_on": "2190-05-03"}, "This cannot be a date of birth"),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(
    stranger: Visitor, typed: dict[str, str], says: str
) -> None:
    before = EvaluationRequest.objects.count()
    answer = stranger.post(ASK, {**WHO, "words": "Please call after five", **typed, "a_heart": "none"})
    assert answer.status_code == 422
    assert says in stranger.page
    assert "Please call after five" in stranger.page
    assert hidden(stranger.page) == {"a_heart": ["none"]}
    assert EvaluationRequest.objects.count() == before


def test_a_patient_is_not_revealed(people: Cast, stranger: Visitor) -> None:
    """The same pages, byte for byte, for someone who is a patient and for a stranger."""
    wren, files = people["wren"], PatientFile.objects.count()
    pages = []
    for given, family, born in (
        (wren.given_name, wren.family_name, wren.born_on.isoformat()),  # type: ignore[union-attr]
        ("Nobody", "Known", "1980-01-01"),
    ):
        who = {"given_name": given, "family_name": family, "born_on": born, "email": "someone@example.org"}
        submission = f"0197f000-0000-7000-8000-00000000{len(pages):04d}"
        answer = stranger.post(ASK, {**who, "submission": submission}, follow=True)
        pages.append((answer.redirect_chain, re.sub(r'value="[^"]{20,}"', "", stranger.page)))
    assert pages[0] == pages[1]
    assert PatientFile.objects.count() == files


def test_a_flood_is_answered_in_words(stranger: Visitor) -> None:
    for n in range(5):
        stranger.post(
            ASK, {**WHO, "given_name": f"Juna{n}", "submission": f"0197f000-0000-7000-8000-00000000{n:04d}"}
        )
    last = {**WHO, "given_name": "Once more", "submission": "0197f000-0000-7000-8000-000000000099"}
    assert stranger.post(ASK, last).status_code == 422
    assert "Try again in an hour" in stranger.page
    assert 'value="Once more"' in stranger.page


def test_a_page_that_takes_no_requests_says_so(people: Cast, stranger: Visitor) -> None:
    PublicPage.objects.filter(organisation=people.clinic).update(asks=False)
    stranger.get(ASK)
    assert "No requests are taken here now" in stranger.page
    assert stranger.post(ASK, WHO).status_code == 422
