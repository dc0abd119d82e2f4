"""The watcher's hand on the mail of a test: what waits is sent, and what was sent is given back."""

from __future__ import annotations

from datetime import datetime

from django.core import mail
from django.core.mail import EmailMessage

from openkap.records.models import OutgoingMail
from openkap.steps.mail import send_waiting
from tests.people import SYSTEM


def delivered(at: datetime | None = None) -> list[EmailMessage]:
    """Send all that waits, at the moment it was written where `at` is not given; everything sent so far."""
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING)
    for made in sorted(set(waiting.values_list("next_at", flat=True))):
        send_waiting(by=SYSTEM, at=at or made)
    return mail.outbox
