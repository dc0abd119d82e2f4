"""Mail on its way: written with the step that wants it, sent by the watcher, never lost and never in the way.

Decided here (docs/adr/0031-operations.md): a message is a row of the step's own transaction, so that it is
sent if and only if the step came through, and no page waits for a mail server. It is taken by one sender at a
time, tried again with growing pauses, and carries the same Message-ID each time. At the moment it leaves it
is asked again whether it may: nothing goes to someone who has died, for a course that has ended, or with a
link that is over. What could not be sent is a task for the desk and stands on the director's page.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.facts.ended import has_died
from openkap.records.ids import new_id
from openkap.records.models import Course, Organisation, OutgoingMail, Person
from openkap.records.secret import Unreadable, seal, unseal
from openkap.records.site import is_demonstration
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.practice_words import for_practice
from openkap.steps.tasks import make_task

log = logging.getLogger("openkap.mail")

State = OutgoingMail.State
AT_ONCE = 20
# Longer than a mail server may take: whoever took a message and vanished is followed by another.
TAKEN = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=each) for each in (1, 2, 5, 15, 60, 240, 480))
KEPT_UNSENT = timedelta(days=7)
KEPT_AT_ALL = timedelta(days=90)


def post(
    message: EmailMessage,
    *,
    at: datetime,
    organisation: Organisation,
    what: str,
    patient: Person | None = None,
    course: Course | None = None,
    made_by: UUID | None = None,
    until: datetime | None = None,
) -> OutgoingMail:
    """Put a message on its way, inside the step that wants it sent.

    `what` names the task if it cannot be sent, `until` is when its link ends; `patient` is who it is about.
    """
    row = new_id()
    words = {"to": list(message.to), "subject": str(message.subject), "body": str(message.body)}
    return OutgoingMail.objects.create(
        id=row,
        organisation=organisation,
        patient=patient,
        course=course,
        made_by_id=made_by,
        what=what[:40],
        sealed=seal(_key(), json.dumps(words).encode(), f"mail {row}"),
        made_at=at,
        until=until,
        next_at=at,
    )


def send_waiting(*, by: Actor, at: datetime) -> int:
    """Send what is due, oldest first. Returns how many left. The watcher's; safe to do twice."""
    due = OutgoingMail.objects.filter(state=State.WAITING, next_at__lte=at)
    names = list(due.order_by("next_at", "id").values_list("id", flat=True)[:AT_ONCE])
    return sum(_send_one(by, at, name) for name in names)


def _send_one(by: Actor, at: datetime, name: UUID) -> bool:
    if not _take(name, at):
        return False
    row = OutgoingMail.objects.select_related("course", "patient", "organisation", "made_by").get(pk=name)
    if why := _no_longer(row, at):
        _let_go(by, row, at, why)
        return False
    try:
        _message(row).send()
    except (OSError, ValueError, Unreadable) as error:
        _failed(by, row, at, error)
        return False
    _end(row, State.SENT, at)
    return True


def _take(name: UUID, at: datetime) -> bool:
    """Whether it is this sender's now. Nobody else takes it until the time for it has run out."""
    mine = OutgoingMail.objects.filter(pk=name, state=State.WAITING, next_at__lte=at)
    return mine.update(next_at=at + TAKEN, tries=F("tries") + 1) == 1


def _no_longer(row: OutgoingMail, at: datetime) -> str:
    """Why it may not leave any more, in a word; blank where it may."""
    if row.patient_id is not None and has_died(row.patient_id):
        return "died"
    if row.course is not None and row.course.ended_at is not None:
        return "ended"
    return "late" if row.until is not None and row.until <= at else ""


def _let_go(by: Actor, row: OutgoingMail, at: datetime, why: str) -> None:
    """Too late is told to the desk, but for a demonstration: its past was made up in a minute."""
    missed = why == "late" and not is_demonstration()
    _end(row, State.UNSENT if missed else State.HELD, at, why)
    if missed:
        _tell_desk(by, row, at)


def _message(row: OutgoingMail) -> EmailMessage:
    words: dict[str, Any] = json.loads(unseal(_key(), bytes(row.sealed), f"mail {row.pk}"))
    domain = str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip(">") or "localhost"
    same_each_time = {"Message-ID": f"<{row.pk.hex}@{domain}>"}
    return EmailMessage(words["subject"], words["body"], to=words["to"], headers=same_each_time)


def _failed(by: Actor, row: OutgoingMail, at: datetime, error: Exception) -> None:
    kind = type(error).__name__[:40]
    log.error("a message could not be sent: %s", kind)
    again = at + PAUSES[min(row.tries, len(PAUSES)) - 1]
    for_good = isinstance(error, ValueError | Unreadable | SMTPRecipientsRefused | SMTPSenderRefused)
    over = row.tries > len(PAUSES) or (row.until is not None and again >= row.until)
    if for_good or over:
        _end(row, State.UNSENT, at, kind)
        _tell_desk(by, row, at)
        return
    OutgoingMail.objects.filter(pk=row.pk, state=State.WAITING).update(next_at=again, why=kind)


def _end(row: OutgoingMail, state: str, at: datetime, why: str = "") -> None:
    """What was sent or held keeps no words; what could not be sent keeps them a week, sealed."""
    words = {} if state == State.UNSENT else {"sealed": b""}
    OutgoingMail.objects.filter(pk=row.pk).update(state=state, ended_at=at, why=why, **words)


def _tell_desk(by: Actor, row: OutgoingMail, at: datetime) -> None:
    """Nobody outside learns who is known here: the desk is asked to send it again, or to call."""
    if row.patient is None:
        return
    with transaction.atomic():
        make_task(
            Actor.system(by.name, organisation=row.organisation_id),
            at=at,
            organisation=row.organisation,
            what=row.what,
            text=for_practice("A message to %(name)s could not be sent. Send the link again, or call them.")
            % {"name": row.patient.name},
            due_at=at,
            role=Role.FRONT_DESK,
            course=row.course,
            patient=row.patient,
            owner=row.made_by,
        )


@step
def send_again(
    *, by: Actor, at: datetime, mail: OutgoingMail, submission: UUID | None = None
) -> OutgoingMail:
    """Try a message once more that could not be sent, while its link still opens."""
    must(by, Kind.STAFF, Act.ADD, mail, at=at)
    row = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if row.state != State.UNSENT or not row.sealed or (row.until is not None and row.until <= at):
        raise Refused(_("This message cannot be sent any more. Send the person a new link."))
    row.state, row.next_at, row.tries, row.ended_at, row.why = State.WAITING, at, 0, None, ""
    row.save(update_fields=["state", "next_at", "tries", "ended_at", "why"])
    tell(by, "mail.again", row, at=at)
    return row


def forget_old_mail(*, at: datetime) -> None:
    """Words that could not be sent go after a week; every row after three months."""
    old = OutgoingMail.objects.exclude(state=State.WAITING)
    old.filter(ended_at__lt=at - KEPT_UNSENT).exclude(sealed=b"").update(sealed=b"")
    old.filter(ended_at__lt=at - KEPT_AT_ALL).delete()


def hold_waiting(*, at: datetime, why: str) -> int:
    """Whatever waits is not sent: after a restore it may have left before; of a made-up past it never was."""
    waiting = OutgoingMail.objects.filter(state=State.WAITING)
    return waiting.update(state=State.HELD, ended_at=at, why=why, sealed=b"")


def _key() -> bytes:
    return salted_hmac("openkap.mail", settings.SECRET_KEY, algorithm="sha256").digest()
