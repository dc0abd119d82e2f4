"""The patient's pages: forms a tap at a time, signing behind a link, sharing and stopping."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from openkap.records.ids import new_id
from openkap.records.models import (
    ConsentAnswer,
    DocumentVersion,
    Draft,
    Event,
    Grant,
    PersonalLink,
    Response,
    Signature,
    Task,
)
from openkap.steps.consent import publish_document
from openkap.steps.links import send_link
from tests.at_step import PHQ9_BEFORE, Stage, at_step
from tests.integration.door_visitors import Visitor
from tests.people import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(people: Cast) -> Stage:
    return at_step(people, "shared")


@pytest.fixture
def wren(people: Cast) -> Visitor:
    return Visitor().become("wren")


def opened_link(
    stage: Stage, purpose: str, *, about: str = "", point: str = "after"
) -> tuple[Visitor, PersonalLink]:
    """A phone on which Wren has opened a link of this purpose."""
    link, token = send_link(
        by=stage.people.by("tamsin"),
        at=stage.at,
        organisation=stage.people.clinic,
        patient=stage.people["wren"],
        purpose=purpose,
        course=stage.course,
        about=about,
        point=point,
    )
    phone = Visitor()
    phone.get(f"/l/{token}/")
    born: date = stage.people["wren"].born_on  # type: ignore[assignment]
    answer = phone.post(
        f"/l/{token}/",
        {"csrfmiddlewaretoken": phone.cookies["csrftoken"].value, "born_on": born.isoformat()},
    )
    assert answer.status_code == 302, phone.page[-1500:]
    return phone, link


def tap(phone: Client, address: str, item: str, value: object) -> Any:
    return phone.post(address, {"submission": new_id(), "item": item, "value": value})


@pytest.fixture(autouse=True)
def the_day() -> Any:
    with time_machine.travel(NOW + timedelta(minutes=50), tick=False):
        yield


def test_home_says_what_is_next_and_who_sees(shared: Stage, wren: Visitor) -> None:
    wren.get("/me/")
    for words in ("Good morning, Wren", "Nothing is planned yet", "Mira Fennimore-Hale", "988", "1 document"):
        assert words in wren.page


def test_home_without_a_course(people: Cast) -> None:
    noor = Visitor().become("noor")
    noor.get("/me/")
    assert "Your care has not begun here yet" in noor.page
    assert "Good morning, Noor" in noor.page  # by the clinic's clock, course or not
    for name in ("me-sharing-new", "me-looked", "me-outcome", "me-documents", "me-forms", "me-consent"):
        assert noor.get(reverse(name)).status_code == 409, name
        assert "Your practice opens a course with you" in noor.page
    assert noor.get(reverse("me-sharing")).status_code == 200
    assert "Only Larkmoor Clinic sees your record" in noor.page
    assert "once a course is open" in noor.page


def test_while_a_dose_acts_home_is_the_resting_screen(people: Cast, wren: Visitor) -> None:
    at_step(people, "under_way")
    wren.get("/me/")
    assert "You are safe, Wren." in wren.page
    assert "There is nothing to do." in wren.page
    assert "Who can see what" not in wren.page


def test_home_takes_a_bounded_number_of_queries(
    people: Cast, wren: Visitor, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    at_step(people, "gone_home")
    with django_assert_max_num_queries(40):
        assert wren.get("/me/").status_code == 200


def test_a_form_is_kept_at_each_tap_and_sent_once(shared: Stage) -> None:
    phone, link = opened_link(shared, "measure", about="phq9")
    address = reverse("link-measure")
    phone.get(address)
    assert "Little interest or pleasure" in phone.page
    assert "1 of 10" in phone.page
    for item in range(1, 9):
        answer = tap(phone, address, str(item), 1)
        assert answer["Location"] == f"{address}?q={item + 1}"
    assert Draft.objects.get().answers == {str(item): 1 for item in range(1, 9)}
    assert tap(phone, address, "9", 0)["Location"] == f"{address}?q=10"
    assert tap(phone, address, "10", "")["Location"] == f"{address}?q=check"
    phone.get(f"{address}?q=check")
    assert "Not answered" in phone.page
    assert phone.post(address, {"submission": phone.hidden("submission")})["Location"] == reverse("link-done")
    phone.get(reverse("link-done"))
    assert "Your answers are kept" in phone.page
    response = Response.objects.get(point="after")
    assert (response.late, response.answers.count()) == (False, 9)
    link.refresh_from_db()
    assert link.ended_at is not None


def test_another_way_in_goes_on_where_the_link_stopped(shared: Stage, wren: Visitor) -> None:
    phone, _link = opened_link(shared, "measure", about="phq9")
    tap(phone, reverse("link-measure"), "1", 2)
    wren.get(reverse("me-form", args=[shared.course.id, "phq9", "after"]))
    assert "2 of 10" in wren.page


@pytest.mark.parametrize("value", [1, 2, 3])
def test_a_worrying_tap_is_answered_by_the_page_itself(shared: Stage, value: int) -> None:
    phone, _link = opened_link(shared, "measure", about="phq9")
    answer = tap(phone, reverse("link-measure"), "9", value)
    assert answer.status_code == 200
    page = phone.page
    name, line = page.index("Dr Tamsin Orrery is asked to call you today"), page.index("If it cannot wait")
    assert name < line
    assert "sms:988" in page
    assert "tel:988" in page
    assert Task.objects.filter(
        what="alert_phq9-item9", done_at=None, made_at__lte=NOW + timedelta(hours=1)
    ).exists()


def test_a_worrying_form_sent_twice_shows_the_same_page_and_one_task(shared: Stage) -> None:
    phone, _link = opened_link(shared, "measure", about="phq9")
    same = {"submission": str(new_id()), "item": "9", "value": "2"}
    phone.post(reverse("link-measure"), same)
    answer = phone.post(reverse("link-measure"), same)
    assert answer.status_code == 200
    assert "You are not alone with this" in phone.page
    assert Task.objects.filter(what="alert_phq9-item9").count() == 1
    assert Response.objects.filter(point="after").count() == 1


def test_a_much_worse_total_gets_a_person_too_and_is_not_called_what_it_is_not(
    people: Cast, wren: Visitor
) -> None:
    stage = at_step(people, "shared")
    address = reverse("me-form", args=[stage.course.id, "phq9", "after"])
    worse = {f"answer_{item}": 3 for item in range(1, 9)} | {"answer_9": 0}
    assert sum(PHQ9_BEFORE.values()) <= 24 - 5
    answer = wren.post(f"{address}?q=all", {**worse, "submission": new_id()})
    assert answer.status_code == 200
    assert "is asked to call you" in wren.page
    assert "much harder since last time" in wren.page
    assert "better off dead" not in wren.page


def test_skipping_item_9_is_not_calm_and_not_alarming(shared: Stage, wren: Visitor) -> None:
    address = reverse("me-form", args=[shared.course.id, "phq9", "after"])
    assert tap(wren, address, "9", "").status_code == 302
    assert not Task.objects.filter(what__startswith="alert_").exists()


def test_the_whole_form_on_one_page(shared: Stage, wren: Visitor) -> None:
    address = reverse("me-form", args=[shared.course.id, "phq9", "after"])
    wren.get(f"{address}?q=all")
    assert wren.page.count('type="radio"') == 40
    sent = {f"answer_{item}": value for item, value in PHQ9_BEFORE.items()}
    wren.post(f"{address}?q=all", {**sent, "submission": new_id()})
    assert Response.objects.get(point="after").scores.get().total == sum(PHQ9_BEFORE.values())


def test_an_empty_form_keeps_its_page_and_says_why(shared: Stage, wren: Visitor) -> None:
    address = reverse("me-form", args=[shared.course.id, "phq9", "after"])
    answer = wren.post(f"{address}?q=all", {"answer_1": "", "submission": new_id()})
    assert answer.status_code == 422
    assert "Nothing was answered yet" in wren.page


def test_an_answer_out_of_range_is_refused_on_its_own_question(shared: Stage, wren: Visitor) -> None:
    address = reverse("me-form", args=[shared.course.id, "phq9", "after"])
    answer = tap(wren, address, "2", 7)
    assert answer.status_code == 422
    assert "takes 0 to 3" in wren.page
    assert "Feeling down" in wren.page


@pytest.mark.parametrize("sent", ["9" * 5000, "²", "-1"])
def test_what_is_no_answer_breaks_nothing(shared: Stage, wren: Visitor, sent: str) -> None:
    address = reverse("me-form", args=[shared.course.id, "phq9", "after"])
    assert tap(wren, address, "2", sent).status_code < 500
    given = {"answer_1": sent, "answer_2": "1", "submission": new_id()}
    assert wren.post(f"{address}?q=all", given).status_code < 500
    assert wren.get(reverse("me-form", args=[shared.course.id, "phq9", "after" * 9])).status_code == 404


def test_a_form_nobody_has_is_not_there(shared: Stage, wren: Visitor) -> None:
    assert wren.get(reverse("me-form", args=[shared.course.id, "no-such", "after"])).status_code == 404


def test_an_expired_form_link_still_takes_the_answer_marked_late(shared: Stage) -> None:
    with time_machine.travel(NOW + timedelta(days=120), tick=False):
        phone, _link = opened_link(shared, "measure", about="phq9")
        PersonalLink.objects.filter(purpose="measure").update(expires_at=NOW + timedelta(days=110))
        assert tap(phone, reverse("link-measure"), "9", 1).status_code == 200
    assert Response.objects.get(point="after").late
    assert Task.objects.filter(what="alert_phq9-item9").exists()


def _answer(phone: Visitor, address: str) -> None:
    """The first question wrong once, sent twice by a slow network, and then every one right."""
    questions = DocumentVersion.objects.get(document="consent.iv", language="en").questions
    first = questions[0]
    for n, asked in enumerate([first, *questions]):
        phone.get(address)
        given = {name: phone.hidden(name) for name in ("submission", "document", "sha256", "question")}
        assert given["question"] == asked["id"]
        choice = asked["right"] if n else (asked["right"] + 1) % len(asked["choices"])
        for _twice in range(2):
            assert phone.post(address, {**given, "choice": choice}).status_code == 302
        if not n:
            phone.get(address)
            assert "Not quite." in phone.page and escape(asked["why"]) in phone.page
    assert ConsentAnswer.objects.filter(question=first["id"]).count() == 2
    phone.get(address)
    assert "Nothing is left to ask" in phone.page


def test_signing_behind_a_link(people: Cast) -> None:
    stage = at_step(people, "measured_before")
    phone, _link = opened_link(stage, "consent")
    address = reverse("link-consent")
    phone.get(address)
    assert "promising, not proven" in phone.page
    assert "Go to the questions" in phone.page
    _answer(phone, reverse("link-consent-questions"))
    phone.get(address)
    given: dict[str, Any] = {name: phone.hidden(name) for name in ("submission", "document", "sha256")}
    assert phone.post(address, {**given, "typed_name": "Mira"}).status_code == 422
    assert 'value="Mira"' in phone.page
    assert (
        phone.post(address, {**given, "submission": new_id(), "typed_name": "Wren Alderbrook"}).status_code
        == 302
    )
    signature = Signature.objects.get()
    assert signature.known_by == "link and birth date"
    phone.get(address)
    assert "You signed this" in phone.page


def test_a_newer_text_refuses_the_old_one_and_shows_the_new(people: Cast) -> None:
    stage = at_step(people, "measured_before")
    phone, _link = opened_link(stage, "consent")
    address = reverse("link-consent")
    _answer(phone, reverse("link-consent-questions"))
    phone.get(address)
    given = {name: phone.hidden(name) for name in ("submission", "document", "sha256")}
    asked = {"id": "new", "ask": "What is new?", "choices": ["All", "Nothing"], "right": 0, "why": "All."}
    newer = publish_document(
        by=SYSTEM,
        at=NOW,
        organisation=people.clinic,
        document="consent.iv",
        title="T",
        text="# New\n\nAll new.",
        questions=[asked],
    )
    answer = phone.post(address, {**given, "typed_name": "Wren Alderbrook"})
    assert answer.status_code == 422
    assert "newer version" in phone.page
    assert "All new." in phone.page
    assert "The name you typed is kept: Wren Alderbrook" in phone.page
    questions = reverse("link-consent-questions")
    phone.get(questions)
    given = {name: phone.hidden(name) for name in ("submission", "document", "sha256", "question")}
    phone.post(questions, {**given, "choice": 0})
    phone.get(questions)
    assert "Go on to sign" in phone.page
    phone.get(address)
    assert phone.hidden("sha256") == newer.sha256
    assert 'value="Wren Alderbrook"' in phone.page


def test_sharing_stopping_and_taking_it_back(shared: Stage, wren: Visitor) -> None:
    wren.get("/me/sharing/")
    assert "What Mira can see" in wren.page
    first = Grant.objects.get()
    wren.post(reverse("me-sharing-change", args=[first.id]), {"shared": ["schedule"]})
    # The page still shows the grant that was replaced: stopping stops the one that stands.
    wren.post(reverse("me-sharing-stop", args=[first.id]))
    assert not Grant.objects.filter(revoked_at=None).exists()
    wren.get("/me/sharing/")
    assert "Not any more" in wren.page
    assert f"/me/sharing/{Grant.objects.order_by('-made_at', '-id')[0].id}/again/" in wren.page
    wren.post(reverse("me-sharing-again", args=[Grant.objects.order_by("-made_at", "-id")[0].id]))
    assert Grant.objects.get(revoked_at=None).scopes == ["schedule"]


def test_sharing_with_someone_new(people: Cast, wren: Visitor) -> None:
    stage = at_step(people, "consented")
    with time_machine.travel(stage.at, tick=False):
        wren.get("/me/sharing/new/")
        assert "Mira Fennimore-Hale" in wren.page
        given = {
            "submission": new_id(),
            "to": f"{people.therapy.id}:{people['mira'].id}",
            "scopes": ["schedule", "measures"],
            "purpose": "",
            "until": "6",
            "from_start": "now",
        }
        assert wren.post("/me/sharing/new/", {**given, "scopes": []}).status_code == 422
        assert "Choose at least one thing to share" in wren.page
        assert wren.post("/me/sharing/new/", given).status_code == 302
        assert wren.post("/me/sharing/new/", given).status_code == 302
    made = Grant.objects.get()
    assert (made.from_start, made.scopes) == (False, ["measures", "schedule"])


def test_changing_for_how_long_begins_with_what_is_shared(shared: Stage, wren: Visitor) -> None:
    wren.post(reverse("me-sharing-change", args=[shared.grant.id]), {"shared": ["measures"]})
    wren.get("/me/sharing/")
    to = f"{shared.people.therapy.id}:{shared.people['mira'].id}"
    assert f"/me/sharing/new/?to={to}" in wren.page
    wren.get(f"/me/sharing/new/?to={to}")
    assert f'value="{to}" selected' in wren.page
    assert wren.page.count('name="scopes"') == 5
    ticked = re.findall(r'name="scopes" value="(\w+)"[^>]*checked', wren.page)
    assert ticked == ["measures"]


def test_a_refused_change_says_why_and_shows_what_stands(people: Cast, wren: Visitor) -> None:
    stage = at_step(people, "under_way")
    with time_machine.travel(stage.at, tick=False):
        wren.post(reverse("me-sharing-change", args=[stage.grant.id]), {"shared": ["schedule"]})
        answer = wren.post(
            reverse("me-sharing-change", args=[stage.grant.id]), {"shared": ["schedule", "measures"]}
        )
    assert answer.status_code == 422
    assert "Not today" in wren.page
    assert "Not%20today" in answer["X-OpenKAP-Says"]


@pytest.mark.parametrize("name", ["me-sharing-change", "me-sharing-stop", "me-sharing-again"])
def test_another_patients_grant_is_not_there(shared: Stage, name: str) -> None:
    noor = Visitor().become("noor")
    assert noor.post(reverse(name, args=[shared.grant.id]), {"shared": ["schedule"]}).status_code == 404
    assert Event.objects.filter(verb="missed.grant", by_person=shared.people["noor"]).exists()
    assert Grant.objects.get().revoked_at is None


def test_another_patients_form_and_document_are_not_there(shared: Stage) -> None:
    noor = Visitor().become("noor")
    assert noor.get(reverse("me-form", args=[shared.course.id, "phq9", "after"])).status_code == 404
    assert noor.get(reverse("me-document", args=[Signature.objects.get().id])).status_code == 404


def test_what_was_signed_is_there_word_for_word(shared: Stage, wren: Visitor) -> None:
    wren.get(reverse("me-document", args=[Signature.objects.get().id]))
    assert "Who is with you" in wren.page
    assert Signature.objects.get().sha256 in wren.page


def test_who_has_looked_leaves_oneself_out(shared: Stage, wren: Visitor) -> None:
    mira = Visitor().become("mira")
    file = shared.people["wren"].files.get(organisation=shared.people.therapy)
    mira.get(reverse("practice-person", args=[file.id]))
    wren.get("/me/")
    wren.get("/me/looked/")
    assert "Mira Fennimore-Hale" in wren.page
    assert "the patient" not in wren.page


def test_the_pages_are_light(shared: Stage, wren: Visitor) -> None:
    import gzip

    for address in ("/me/", "/me/sharing/", "/me/consent/"):
        wren.get(address)
        assert len(gzip.compress(wren.page.encode())) < 12_000, address
