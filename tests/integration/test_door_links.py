"""Personal links: opened by a button, once, on one's own phone; and what each says when it does not open."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from openkap.config.logs import MaskSecrets
from openkap.door.links import BROWSER_COOKIE
from openkap.records.models import Course, Event, KnownBrowser, PersonalLink, Task
from openkap.steps.links import send_link
from openkap.steps.redeem import finish_link
from tests.integration.course_of import course_of
from tests.integration.door_visitors import Visitor
from tests.people import NOW, SYSTEM, Cast, cast
from tests.post import delivered

pytestmark = pytest.mark.django_db

Clock = time_machine.Traveller
BORN = {"born_on": "1985-05-03"}


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(NOW, tick=False) as moved:
        cache.clear()
        yield moved


@pytest.fixture
def people(clock: Clock) -> Cast:
    return cast(demonstration=False)


@pytest.fixture
def course(people: Cast) -> Course:
    return course_of(people)


@pytest.fixture
def phone(people: Cast) -> Visitor:
    """Wren's own phone, on which she has been here before."""
    visitor = Visitor()
    visitor.post(address(people, "sign_in"), BORN)
    visitor.post("/sign-out/")
    return visitor


def address(people: Cast, purpose: str, course: Course | None = None) -> str:
    _link, token = send_link(
        by=people.by("tamsin"),
        at=NOW,
        organisation=people.clinic,
        patient=people["wren"],
        purpose=purpose,
        course=course,
        about="phq9" if purpose == "measure" else "",
        point="before" if purpose == "measure" else "",
    )
    return f"/l/{token}/"


def newest() -> PersonalLink:
    return PersonalLink.objects.order_by("-id")[0]


def test_opening_a_link_changes_nothing(people: Cast) -> None:
    """Mail scanners open every link, and some send HEAD first."""
    link = address(people, "sign_in")
    events = Event.objects.count()
    scanner = Visitor()
    for _time in range(3):
        assert scanner.head(link).status_code == 200
        assert scanner.get(link).status_code == 200
    assert newest().redeemed_at is None
    assert Event.objects.count() == events
    assert BROWSER_COOKIE not in scanner.cookies
    assert Visitor().post(link, BORN).status_code == 302


def test_the_page_says_who_it_is_from_and_not_for_whom(people: Cast) -> None:
    visitor = Visitor()
    answer = visitor.get(address(people, "sign_in"))
    assert "Larkmoor Clinic" in visitor.page
    assert "Wren" not in visitor.page
    assert "Alderbrook" not in visitor.page
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert 'name="referrer" content="no-referrer"' in visitor.page
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_new_phone_gives_the_date_of_birth_and_is_known_from_then_on(people: Cast) -> None:
    phone = Visitor()
    link = address(people, "sign_in")
    phone.get(link)
    assert "Your date of birth" in phone.page
    assert phone.post(link, {}).status_code == 422
    assert phone.post(link, BORN).headers["Location"] == "/start/"
    assert phone.session["person"] == str(people["wren"].id)
    assert phone.session["hat"] == "patient"
    assert KnownBrowser.objects.filter(person=people["wren"]).count() == 1

    phone.post("/sign-out/")
    again = address(people, "sign_in")
    phone.get(again)
    assert "Your date of birth" not in phone.page
    assert phone.post(again).headers["Location"] == "/start/"


def test_the_cookie_of_a_phone_is_kept_only_as_its_hash(people: Cast, phone: Visitor) -> None:
    cookie = phone.cookies[BROWSER_COOKIE]
    assert cookie["httponly"]
    assert cookie.value not in str(list(KnownBrowser.objects.values()))


def test_three_wrong_dates_end_the_link(people: Cast) -> None:
    link, visitor = address(people, "sign_in"), Visitor()
    visitor.post(link, {"born_on": "1985-05-04"})
    assert "2 tries are left" in visitor.page
    assert 'value="1985-05-04"' in visitor.page
    visitor.post(link, {"born_on": "1985-05-04"})
    assert "1 try is left" in visitor.page
    assert visitor.post(link, {"born_on": "1985-05-04"}).status_code == 410
    assert visitor.post(link, BORN).status_code == 410
    assert newest().redeemed_at is None
    assert Event.objects.filter(verb="link.missed").count() == 3


@pytest.mark.parametrize("typed", ["", "yesterday", "0202-05-03", "1985-13-40"])
def test_what_is_no_date_costs_no_try(people: Cast, typed: str) -> None:
    link, visitor = address(people, "sign_in"), Visitor()
    visitor.post(link, {"born_on": typed})
    assert newest().wrong_tries == (1 if typed == "0202-05-03" else 0)


def test_a_sign_in_works_once(people: Cast, phone: Visitor) -> None:
    link = address(people, "sign_in")
    assert phone.post(link).status_code == 302
    assert phone.get(link).status_code == 410
    assert "already used" in phone.page
    assert "Send me a new one" in phone.page
    assert Visitor().post(link, BORN).status_code == 410


def test_a_sign_in_lives_fifteen_minutes(people: Cast, phone: Visitor, clock: Clock) -> None:
    link = address(people, "sign_in")
    clock.shift(timedelta(minutes=14, seconds=59))
    assert phone.get(link).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert phone.post(link).status_code == 410
    assert "Its time is over" in phone.page


def test_a_link_opened_elsewhere_says_so(people: Cast, phone: Visitor, course: Course) -> None:
    """Forwarded after it was opened, or before: either way the first phone has it."""
    link = address(people, "consent", course)
    phone.post(link)
    other = Visitor()
    assert other.post(link, BORN).status_code == 410
    assert "another phone or computer" in other.page
    assert phone.get(link).status_code == 200  # one's own phone may come back to it


def test_a_forwarded_link_does_not_open_for_who_does_not_know_the_date(people: Cast, course: Course) -> None:
    link, stranger = address(people, "consent", course), Visitor()
    assert stranger.post(link, {"born_on": "1990-01-01"}).status_code == 422
    assert "link" not in stranger.session


def test_a_consent_link_binds_this_browser_to_one_patient_and_purpose(
    people: Cast, phone: Visitor, course: Course
) -> None:
    answer = phone.post(address(people, "consent", course))
    assert answer.status_code == 302
    assert phone.session["link"] == str(newest().id)
    assert "person" not in phone.session
    assert phone.get("/desk/").status_code == 404
    assert phone.get("/hat/").headers["Location"].startswith("/sign-in/")


def test_a_link_ends_whoever_was_signed_in_here(people: Cast, phone: Visitor, course: Course) -> None:
    phone.post(address(people, "sign_in"))
    link = address(people, "consent", course)
    phone.get(link)
    assert "signs them out of this browser" in phone.page
    phone.post(link)
    assert "person" not in phone.session


def test_a_consent_link_that_is_over_can_be_asked_for_anew(
    people: Cast, phone: Visitor, course: Course, clock: Clock
) -> None:
    link = address(people, "consent", course)
    clock.shift(timedelta(days=8))
    assert phone.get(link).status_code == 410
    assert "Ask for a new link" in phone.page
    for _time in range(2):
        assert phone.post(link, {"ask": "1"}).status_code == 200
    assert "You asked for a new link" in phone.page
    task = Task.objects.get(what="link_asked_consent")
    assert task.role == "front_desk"
    assert task.patient == people["wren"]


def test_a_forms_link_still_opens_when_its_time_is_over(
    people: Cast, phone: Visitor, course: Course, clock: Clock
) -> None:
    link = address(people, "measure", course)
    clock.shift(timedelta(days=30))
    phone.get(link)
    assert "marked as late" in phone.page
    assert phone.post(link).status_code == 302
    assert phone.session["late"] is True


def test_a_forms_link_does_not_open_once_it_is_answered(people: Cast, phone: Visitor, course: Course) -> None:
    link = address(people, "measure", course)
    phone.post(link)
    finish_link(by=SYSTEM, at=NOW, link=newest().id)
    assert phone.get(link).status_code == 410
    assert "already used" in phone.page


def test_a_redeemed_link_ends_after_twelve_hours(
    people: Cast, phone: Visitor, course: Course, clock: Clock
) -> None:
    phone.post(address(people, "measure", course))
    clock.shift(timedelta(hours=11, minutes=59))
    assert "link" in phone.session
    clock.shift(timedelta(minutes=2))
    phone.get("/")
    assert "link" not in phone.session


def test_a_link_that_is_not_ours_says_what_to_do(people: Cast) -> None:
    visitor = Visitor()
    assert visitor.get("/l/not-one-of-ours/").status_code == 404
    assert "Copy the whole link" in visitor.page
    assert visitor.post("/l/not-one-of-ours/").status_code == 404


def test_the_page_sends_no_origin_and_its_form_is_still_held_to_be_ours(people: Cast) -> None:
    link, visitor = address(people, "sign_in"), Visitor(enforce_csrf_checks=True)
    visitor.get(link)
    token = visitor.hidden("csrfmiddlewaretoken")
    nowhere = {"Origin": "null"}
    assert visitor.post(link, BORN, headers=nowhere).status_code == 403
    assert newest().redeemed_at is None
    assert visitor.post(link, {**BORN, "csrfmiddlewaretoken": token}, headers=nowhere).status_code == 302


def test_asking_for_a_sign_in_says_the_same_whoever_asks(people: Cast) -> None:
    answers = []
    for contact in ("wren@example.org", "nobody@example.org"):
        visitor = Visitor()
        answer = visitor.post("/sign-in/code/send/", {"contact": contact})
        answers.append((answer.status_code, answer.headers["Location"]))
    assert answers[0] == answers[1]
    assert PersonalLink.objects.filter(purpose="sign_in").count() == 1


def test_a_person_gets_at_most_three_sign_ins_at_a_time(people: Cast) -> None:
    for _time in range(5):
        Visitor().post("/sign-in/code/send/", {"contact": "WREN@example.org "})
    assert PersonalLink.objects.filter(patient=people["wren"], purpose="sign_in").count() == 3


def code_sent() -> str:
    Visitor().post("/sign-in/code/send/", {"contact": "wren@example.org"})
    line = next(part for part in str(delivered()[-1].body).splitlines() if "code" in part)
    return str(line).split(": ")[1]


def test_the_short_code_signs_in(people: Cast) -> None:
    code = code_sent()
    typed = {"contact": " Wren@example.org", "code": f"{code[:3].lower()}-{code[3:]} ", **BORN}
    phone = Visitor()
    assert phone.post("/sign-in/code/", typed).headers["Location"] == "/start/"
    assert phone.session["hat"] == "patient"
    assert Visitor().post("/sign-in/code/", typed).status_code == 422  # once


def test_three_wrong_codes_end_the_sign_in(people: Cast) -> None:
    code = code_sent()
    phone = Visitor()
    for _try in range(3):
        phone.post("/sign-in/code/", {"contact": "wren@example.org", "code": "AAAAAA", **BORN})
        assert "This code does not fit" in phone.page
        assert 'value="wren@example.org"' in phone.page
    answer = phone.post("/sign-in/code/", {"contact": "wren@example.org", "code": code, **BORN})
    assert answer.status_code == 422


def test_a_locked_patient_opens_again_with_a_new_code(
    people: Cast, django_capture_on_commit_callbacks: object, phone: Visitor, clock: Clock
) -> None:
    phone.post(address(people, "sign_in"))
    clock.shift(timedelta(minutes=61))
    answer = phone.get("/hat/")
    phone.get(answer.headers["Location"])
    assert "Sign in again" in phone.page
    code = code_sent()
    answer = phone.post("/sign-in/code/", {"contact": "wren@example.org", "code": code, "next": "/hat/"})
    assert answer.headers["Location"] == "/hat/"
    assert phone.get("/hat/").status_code == 200


def test_no_log_line_carries_a_link(people: Cast) -> None:
    link = address(people, "sign_in")
    record = logging.LogRecord("uvicorn", logging.INFO, "", 0, "GET %s HTTP/1.1", (link,), None)
    MaskSecrets().filter(record)
    assert link.split("/")[2] not in record.getMessage()


@pytest.mark.parametrize(
    "address",
    [
        "/join/%s/",
        "/account/login/?next=/join/%s/",
        "/session/lock/?next=%%2Fjoin%%2F%s%%2F",
        "?next=%%2Fl%%2F%s",
    ],
)
def test_no_log_line_carries_an_invitation(address: str) -> None:
    secret = "kR3_v8-Qw1zYp0aB"
    record = logging.LogRecord("uvicorn", logging.INFO, "", 0, "GET %s", (address % secret,), None)
    MaskSecrets().filter(record)
    assert secret not in record.getMessage()


def test_a_patient_signed_in_by_link_cannot_put_on_a_staff_hat(people: Cast, clock: Clock) -> None:
    """Someone may be staff and patient; a mailed link is no password."""
    from openkap.permits import Role
    from openkap.steps.people import give_role

    give_role(by=SYSTEM, at=NOW, organisation=people.clinic, person=people["wren"], role=Role.FRONT_DESK)
    phone = Visitor()
    phone.post(address(people, "sign_in"), BORN)
    clock.shift(timedelta(minutes=1))
    phone.get("/hat/")
    assert "Front desk" not in phone.page
    assert phone.post("/hat/", {"hat": str(people.clinic.id)}).status_code == 404
