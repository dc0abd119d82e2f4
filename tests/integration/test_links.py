"""Links: what is kept of the secret, how long it lives, and what the message says."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage

from openkap.exchange.mail.outbox import Outbox
from openkap.records.links import hash_of
from openkap.records.models import Course, Event, PersonalLink, Task
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.links import send_link
from tests.integration.course_of import course_of
from tests.people import NOW, SYSTEM, Cast
from tests.post import delivered

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(people: Cast) -> Course:
    return course_of(people)


def send(people: Cast, course: Course | None, purpose: str, **changes: Any) -> tuple[PersonalLink, str]:
    given = {"by": people.by("odette"), "at": NOW, "organisation": people.clinic, "patient": people["wren"]}
    return send_link(purpose=purpose, course=course, **{**given, **changes})


@pytest.mark.parametrize(
    ("purpose", "lives"),
    [("sign_in", timedelta(minutes=15)), ("consent", timedelta(days=7)), ("measure", timedelta(days=7))],
)
def test_each_purpose_lives_its_time_and_not_a_second_longer(
    people: Cast, course: Course, purpose: str, lives: timedelta
) -> None:
    link, _token = send(people, course, purpose)
    assert link.is_open(NOW + lives - timedelta(seconds=1))
    assert not link.is_open(NOW + lives)


def test_only_the_hash_is_kept(people: Cast, course: Course) -> None:
    link, token = send(people, course, "measure")
    assert len(token) >= 22  # 128 bits and more, in URL-safe base 64
    assert link.token_hash == hash_of(token)
    kept = str(PersonalLink.objects.values().get()) + str(list(Event.objects.values()))
    assert token not in kept


def test_no_two_links_are_alike(people: Cast, course: Course) -> None:
    assert len({send(people, course, "measure")[1] for _n in range(20)}) == 20


def test_the_message_holds_the_link_and_names_no_illness(people: Cast, course: Course) -> None:
    _link, token = send(people, course, "measure")
    message = delivered()[0]
    assert message.to == [people["wren"].email]
    assert f"/l/{token}/" in message.body
    assert "988" in message.body
    for word in ("ketamine", "depress", "phq", "consent"):
        assert word not in (message.subject + str(message.body)).lower()


@pytest.mark.parametrize(("about", "subject"), [("daily", "One question"), ("phq9", "A few questions")])
def test_one_question_is_not_announced_as_several(
    people: Cast, course: Course, about: str, subject: str
) -> None:
    send(people, course, "measure", about=about)
    assert delivered()[0].subject == subject


def test_a_sign_in_also_has_a_code_of_six(people: Cast) -> None:
    link, _token = send(people, None, "sign_in")
    code = next(line for line in str(delivered()[0].body).splitlines() if "code" in line).split()[-1]
    assert len(code) == 6
    assert link.code_hash == hash_of(code)


def test_nothing_is_sent_where_the_step_did_not_come_through(people: Cast, course: Course) -> None:
    with pytest.raises(Refused):
        send(people, None, "consent")
    assert delivered() == []


def test_without_an_address_it_says_what_to_add(people: Cast, course: Course) -> None:
    person = people["wren"]
    person.email = ""
    person.save()
    with pytest.raises(Refused, match="No mail address is known for Wren Alderbrook"):
        send(people, course, "measure", patient=person)


def test_another_persons_course_is_no_course(people: Cast) -> None:
    with pytest.raises(Refused, match="Choose the course"):
        send(people, course_of(people, "noor"), "measure")


def test_an_ended_course_sends_nothing(people: Cast, course: Course) -> None:
    course.ended_at = NOW
    course.save()
    with pytest.raises(Refused, match="has ended"):
        send(people, course, "measure")


@pytest.mark.parametrize(
    ("who", "purpose"), [("mira", "consent"), ("priya", "measure"), ("priya", "sign_in")]
)
def test_not_everyone_sends(people: Cast, course: Course, who: str, purpose: str) -> None:
    with pytest.raises(NotPermitted):
        send(people, course, purpose, by=people.by(who))


def test_the_system_sends_what_a_person_asked_for_at_the_door(people: Cast) -> None:
    assert send(people, None, "sign_in", by=SYSTEM)[0].made_by is None


def test_the_outbox_is_a_closed_folder(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    backend = Outbox(file_path=str(folder))
    assert backend.send_messages([EmailMessage("s", "b", to=["a@example.org"])]) == 1
    backend.close()
    assert folder.stat().st_mode & 0o077 == 0
    assert len(list(folder.iterdir())) == 1


def test_an_address_that_is_none_is_a_task_and_no_error(people: Cast, course: Course) -> None:
    """An import brings what it brings; the watch that sends to everyone else must not stop over it."""
    wren = people["wren"]
    type(wren).objects.filter(pk=wren.pk).update(email="wren\n@example.org")
    wren.refresh_from_db()
    send(people, course, "consent")
    assert delivered() == []
    assert Task.objects.get(what__startswith="unsent_").patient == wren
