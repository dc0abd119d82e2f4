"""Mail on its way: sent if and only if its step came through, once, however often it takes."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction

from openkap.records.models import Course, Event, OutgoingMail, Task
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.links import send_link
from openkap.steps.mail import PAUSES, TAKEN, _take, forget_old_mail, send_again, send_waiting
from tests.integration.course_of import course_of
from tests.integration.site_folder import raising
from tests.people import NOW, SYSTEM, Cast, cast

pytestmark = pytest.mark.django_db

AWAY = SMTPServerDisconnected("mail.example.org said: no wren@example.org today")


@pytest.fixture
def people() -> Cast:
    return cast(demonstration=False)


@pytest.fixture
def course(people: Cast) -> Course:
    return course_of(people)


def send(people: Cast, course: Course | None, purpose: str = "consent") -> str:
    _link, token = send_link(
        by=SYSTEM,
        at=NOW,
        organisation=people.clinic,
        patient=people["wren"],
        purpose=purpose,
        course=course,
        about="consent.iv" if purpose == "consent" else "",
    )
    return token


def go(minutes: float = 0) -> int:
    return send_waiting(by=SYSTEM, at=NOW + timedelta(minutes=minutes))


def test_no_word_and_no_link_lies_in_clear_and_nothing_is_left_once_it_went(
    people: Cast, course: Course
) -> None:
    token = send(people, course)
    row = OutgoingMail.objects.get()
    assert token.encode() not in bytes(row.sealed) and b"wren" not in bytes(row.sealed)
    assert (go(), go()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, bytes(row.sealed), row.tries) == ("sent", b"", 1)
    assert token in str(mail.outbox[0].body) and mail.outbox[0].to == ["wren@example.org"]


def test_a_step_that_does_not_come_through_sends_nothing(people: Cast, course: Course) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send(people, course)
        raise ZeroDivisionError
    assert go() == 0 and not OutgoingMail.objects.exists()


def test_a_server_that_is_away_is_tried_again_and_the_same_message_leaves_once(
    people: Cast, course: Course, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    send(people, course)
    tried: list[str] = []

    def away(self: EmailMessage, **_more: Any) -> int:
        tried.append(self.extra_headers["Message-ID"])
        raise AWAY

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", away)
        assert [go(), go(0.5), go(1), go(1.5), go(3)] == [0] * 5
    assert len(tried) == 3, "at once, after a minute, after two more"
    assert go(8) == 1
    assert {*tried, mail.outbox[0].extra_headers["Message-ID"]} == {tried[0]}
    assert not Task.objects.filter(what__startswith="unsent_").exists()
    assert "could not be sent" in caplog.text and "wren" not in caplog.text


def test_what_cannot_be_sent_becomes_a_task_in_time(
    people: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmailMessage, "send", raising(AWAY))
    send(people, course)
    send(people, None, "sign_in")
    for minutes in (0, 1, 3, 8):
        go(minutes)
    (task,) = Task.objects.filter(what__startswith="unsent_")
    assert task.patient == people["wren"], "a sign-in lives a quarter of an hour"
    at = NOW
    for pause in (timedelta(0), *PAUSES):
        at += pause
        send_waiting(by=SYSTEM, at=at)
    assert Task.objects.filter(what__startswith="unsent_").count() == 2
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"unsent"}


def test_an_address_that_is_refused_for_good_is_not_tried_again(
    people: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmailMessage, "send", raising(SMTPRecipientsRefused({})))
    send(people, course)
    go()
    row = OutgoingMail.objects.get()
    assert (row.state, row.why, row.tries) == ("unsent", "SMTPRecipientsRefused", 1)
    assert Task.objects.filter(what=row.what, patient=people["wren"]).exists()


def test_one_sender_at_a_time_and_one_that_vanished_is_followed(people: Cast, course: Course) -> None:
    send(people, course)
    name = OutgoingMail.objects.get().pk
    assert (_take(name, NOW), _take(name, NOW)) == (True, False)
    assert go(4) == 0, "whoever took it may still be sending"
    assert send_waiting(by=SYSTEM, at=NOW + TAKEN) == 1


def test_at_the_moment_it_leaves_it_is_asked_again(people: Cast, course: Course) -> None:
    send(people, course)
    Course.objects.filter(pk=course.pk).update(ended_at=NOW)
    assert go() == 0
    assert OutgoingMail.objects.get().why == "ended"
    send(people, None, "sign_in")
    assert go(16) == 0
    assert OutgoingMail.objects.get(why="late").state == "unsent"
    assert mail.outbox == []


def test_the_director_sends_it_again_while_its_link_opens(
    people: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(people, course)
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", raising(SMTPRecipientsRefused({})))
        go()
    row = OutgoingMail.objects.get()
    with pytest.raises(NotPermitted):
        send_again(by=people.by("tamsin"), at=NOW, mail=row)
    with pytest.raises(Refused, match="cannot be sent any more"):
        send_again(by=people.by("osric"), at=NOW + timedelta(days=8), mail=row)
    send_again(by=people.by("osric"), at=NOW, mail=row)
    assert go() == 1
    assert Event.objects.filter(verb="mail.again").count() == 1


def test_old_words_and_old_rows_go(people: Cast, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmailMessage, "send", raising(SMTPRecipientsRefused({})))
    send(people, course)
    go()
    assert bytes(OutgoingMail.objects.get().sealed)
    forget_old_mail(at=NOW + timedelta(days=8))
    assert bytes(OutgoingMail.objects.get().sealed) == b""
    forget_old_mail(at=NOW + timedelta(days=91))
    assert not OutgoingMail.objects.exists()
