"""An invitation to a therapist of another practice.

Decided here: the patient's own word stands in the invitation (scopes, purpose, end) before anyone is
asked to join; where someone of the practice asked first, it waits for the patient (`approved_at`). The
link goes by mail and opens nothing alone: the code beside it is told by the patient, so that a mail
to a wrong address tells nobody who is in care (docs/adr/0025-invitations.md).
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from openkap.permits import Kind
from openkap.records.base import Authored, Paths, Row
from openkap.records.consent import Grant
from openkap.records.courses import Course
from openkap.records.links import CODE_LENGTH, CODE_LETTERS
from openkap.records.people import Organisation, Person


class Invitation(Row, Authored):
    """Someone is asked to join a course as its therapist."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="invitations")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", help_text="whose record it would open"
    )
    to_name = models.CharField(max_length=200)
    to_email = models.EmailField(blank=True)
    to_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    scopes = models.JSONField(default=list)
    purpose = models.CharField(max_length=200)
    until = models.DateTimeField()
    from_start = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True, help_text="when the patient said yes")
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0, help_text="wrong codes so far")
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    grant = models.OneToOneField(
        Grant, null=True, blank=True, on_delete=models.PROTECT, related_name="invitation"
    )

    PATHS = Paths(Kind.SHARING, course="course_id")

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="invitation_in_order"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(approved_at__isnull=False, grant__isnull=False),
                name="invitation_accepted_was_approved",
            ),
        ]

    def stands(self, at: datetime) -> str:
        """asked, sent, accepted, declined, ended or expired."""
        if self.accepted_at is not None:
            return "accepted"
        if self.declined_at is not None:
            return "declined"
        if self.ended_at is not None:
            return "ended"
        if at >= min(self.expires_at, self.until):  # nothing would be left to share
            return "expired"
        return "sent" if self.approved_at is not None else "asked"

    @staticmethod
    def open(at: datetime) -> Q:
        """Those that can still be accepted."""
        return Q(
            approved_at__isnull=False,
            accepted_at=None,
            declined_at=None,
            ended_at=None,
            expires_at__gt=at,
            until__gt=at,
        )


def code_of(invitation: Invitation) -> str:
    """The letters that the patient tells the therapist. Reckoned from the site's key, kept nowhere."""
    digest = salted_hmac("openkap.invitation", str(invitation.pk), algorithm="sha256").digest()
    return "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in digest[:CODE_LENGTH])
