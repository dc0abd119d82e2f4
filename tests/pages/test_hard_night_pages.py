"""What a page says on a hard day: a person and a time first, the right number for the country, the plan."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from openkap.medicine.instruments import instrument
from openkap.reads.check import notes
from openkap.reads.safety_plan import phone_in
from openkap.records.ids import new_id
from openkap.records.models import Course, Organisation, PublicPage, Task
from openkap.steps.alerts import pass_on_alerts
from openkap.steps.safety_plan import write_plan
from tests.integration.clinic_desk import visiting
from tests.integration.course_of import course_of
from tests.people import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db
SAFETY = [(form, item) for form in ("phq9", "cssrs_recent") for item in instrument(form).safety]


@pytest.fixture
def course(people: Cast) -> Course:
    return course_of(people)


@pytest.mark.parametrize(("form", "item"), SAFETY)
def test_the_worst_button_of_each_safety_question_alerts_as_the_page_sends_it(
    people: Cast, course: Course, form: str, item: str
) -> None:
    """Rule 6: what is posted is read off the page itself, never made up here."""
    address = reverse("me-form", args=[course.id, form, "asked"])
    with visiting("wren", NOW) as phone:
        phone.get(f"{address}?q={item}")
        worst = re.findall(r'name="value" value="(\d+)"', phone.page)
        assert len(worst) >= 2, "every answer has its button"
        sent = {"item": item, "value": max(worst), "submission": phone.hidden("submission")}
        phone.post(address, sent)
        phone.post(address, sent)
    raised = Task.objects.filter(what__startswith="alert_").exclude(what="alert_safety-item-unanswered")
    assert raised.count() == 1


@pytest.mark.parametrize(
    ("country", "own", "line", "emergency"),
    [("US", "", "988", "911"), ("NZ", "", "", "111"), ("NZ", "1737", "1737", "111"), ("XX", "", "", "112")],
)
def test_a_person_and_a_time_come_first_then_the_numbers_of_the_country(
    people: Cast, course: Course, country: str, own: str, line: str, emergency: str
) -> None:
    Organisation.objects.update(country=country)
    PublicPage.objects.filter(organisation=people.clinic).update(crisis_number=own, crisis_words="Talk")
    write_plan(by=people.patient("wren"), at=NOW, course=course, words={"alone": "The river"})
    address = reverse("me-form", args=[course.id, "phq9", "asked"])
    with visiting("wren", NOW) as phone:
        phone.post(address, {"item": "9", "value": "2", "submission": new_id()})
        page = phone.page
        first, then = (
            page.index("Dr Tamsin Orrery is asked to call you today"),
            page.index("If it cannot wait"),
        )
        assert first < then < page.index(f"tel:{line or emergency}")
        assert ("tel:988" in page) is (line == "988") and (f"call {emergency}" in page)
        assert reverse("me-safety") in page
        assert (line or emergency) in phone.get(reverse("me-safety-paper")).content.decode()
        for name in ("me-home", "me-safety", "me-journal"):
            assert (line or emergency) in phone.get(reverse(name)).content.decode(), name
            assert ("tel:988" in phone.page) is (line == "988"), name
    nag = [note for note in notes(NOW) if note.startswith("Larkmoor Clinic: no crisis line")]
    assert bool(nag) is (not line)


def test_an_alert_has_a_page_and_only_an_outcome_closes_it(people: Cast, course: Course) -> None:
    with visiting("wren", NOW) as phone:
        answer = {"item": "9", "value": "1", "submission": new_id()}
        phone.post(reverse("me-form", args=[course.id, "phq9", "asked"]), answer)
    task = Task.objects.get(what="alert_phq9-item9")
    page, close, tried = (reverse(name, args=[task.id]) for name in ALERT)
    with visiting("odette", NOW) as desk:
        desk.get(page)
        assert "was answered 1 of 3" not in desk.page and "Close it" not in desk.page
    with visiting("tamsin", NOW + timedelta(minutes=5)) as desk:
        desk.get("/my-work/")
        assert page in desk.page and f"/my-work/{task.id}/done/" not in desk.page
        desk.get(page)
        assert "was answered 1 of 3" in desk.page and "C-SSRS screener" in desk.page
        assert reverse("safety-plan", args=[course.id]) in desk.page
        assert desk.post(close, {"words": "Called her", "submission": new_id()}).status_code == 422
        assert "Called her" in desk.page and "Until then it stays open" in desk.page
        assert desk.post(tried, {"tried": "message", "submission": new_id()}).status_code == 302
        assert desk.post(tried, {"tried": "", "submission": new_id()}).status_code == 422
        desk.get(page)
        assert "Left word to call back" in desk.page
        sent = {"outcome": "safe", "words": "With her sister", "submission": new_id()}
        assert desk.post(close, sent).status_code == 302
        assert desk.post(close, sent).status_code == 302, "a double tap is one"
        assert desk.post(close, {**sent, "submission": new_id()}).status_code == 422
    with visiting("odette", NOW + timedelta(minutes=6)) as desk:
        desk.get(page)
        assert "Closed" in desk.page and "With her sister" not in desk.page, "of no front desk's concern"
    assert pass_on_alerts(by=SYSTEM, at=NOW + timedelta(days=1)) == 0


ALERT = ("care-alert", "care-alert-close", "care-alert-tried")


def test_another_patients_plan_and_alert_are_not_there(people: Cast, course: Course) -> None:
    write_plan(by=people.patient("wren"), at=NOW, course=course, words={"alone": "The river, alone"})
    other = course_of(people, "noor")
    with visiting("noor", NOW) as phone:
        for name in ("me-safety", "me-pocket", "me-safety-paper", "me-safety-write"):
            assert "The river, alone" not in phone.get(reverse(name)).content.decode(), name
        sent: dict[str, Any] = {"alone": "Hers", "made_from": course.safety_plans.get().id}
        assert phone.post(reverse("me-safety-write"), {**sent, "submission": new_id()}).status_code == 302
        assert course.safety_plans.get().alone == "The river, alone", "hers is another plan"
        for address in (reverse("safety-plan", args=[course.id]), reverse("safety-plan", args=[other.id])):
            assert phone.get(address).status_code == 404
    for key in ("mira", "odette", "priya"):
        with visiting(key, NOW) as desk:
            assert desk.get(reverse("safety-plan", args=[course.id])).status_code == 404, key


@pytest.mark.parametrize(
    ("words", "phone"),
    [
        ("Lupe 555 014 2277", "5550142277"),
        ("Tam, +1 (555) 014-9931, after six", "+15550149931"),
        ("The radio, channel 7", ""),
        ("12 Main Street", ""),
        ("Room 4, 9 to 5", ""),
    ],
)
def test_a_number_in_a_line_can_be_called(words: str, phone: str) -> None:
    assert phone_in(words) == phone
