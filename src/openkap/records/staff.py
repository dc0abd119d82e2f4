"""How someone comes to work here, leaves, and where they are signed in.

Decided here: a sign-in is a row of its own, and every session in a browser belongs to one, so that it can be
listed and ended from elsewhere; ending it deletes its sessions, and nothing opens them again. An invitation
is a link by mail and a code told by the person who invites: a mail to a wrong address opens nothing. The
same shape serves someone who lost their second factor (docs/adr/0030-a-real-site.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from openkap.permits import Kind
from openkap.records.base import Authored, Paths, Row
from openkap.records.links import CODE_LENGTH, CODE_LETTERS
from openkap.records.people import Organisation, Person


class SignIn(Row):
    """One sign-in of one person on one phone or computer, until it is ended. Nobody's by role."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sign_ins")
    how = models.CharField(max_length=20, help_text="password, link, code or persona")
    device = models.CharField(max_length=80, blank=True, help_text="in words, as the browser says of itself")
    where = models.CharField(max_length=100, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=20, blank=True)

    PATHS = Paths(Kind.STAFF, keeper=None, patient=None, author="person_id")

    class Meta:
        ordering = ["-began_at"]
        indexes = [models.Index(fields=["person", "ended_at"], name="sign_in_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="sign_in_in_order"
            )
        ]


class BrowserSession(AbstractBaseSession):
    """What Django keeps of a browser's session, and whose sign-in it belongs to."""

    sign_in = models.UUIDField(null=True, blank=True, db_index=True)
    person = models.UUIDField(null=True, blank=True, db_index=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        from openkap.records.session_store import SessionStore

        return SessionStore


class StaffInvitation(Row, Authored):
    """Someone is asked to work here, or, with `person`, to come back in after a lost second factor."""

    LIFE_DAYS: ClassVar[int] = 7

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="staff_invitations")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    to_name = models.CharField(max_length=200)
    to_email = models.EmailField()
    roles = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0, help_text="wrong codes so far")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True, help_text="how it was made sure that it is them")
    second = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="who stood beside it when a lost second factor was taken away",
    )

    PATHS = Paths(Kind.STAFF, patient=None)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="staff_invitation_in_order")
        ]

    def stands(self, at: datetime) -> str:
        """sent, accepted, ended or expired."""
        if self.accepted_at is not None:
            return "accepted"
        if self.ended_at is not None:
            return "ended"
        # Both ways: after the server's clock went back, a link "from the future" does not open either.
        return "sent" if self.made_at <= at < self.expires_at else "expired"

    @staticmethod
    def open(at: datetime) -> Q:
        """Those that can still be accepted."""
        return Q(accepted_at=None, ended_at=None, made_at__lte=at, expires_at__gt=at)


class LicensedRole(Row, Authored):
    """A role that rests on a license, as its author gave it: it counts once somebody has looked at that."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="licensed_roles")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(
        max_length=300, blank=True, help_text="where it was looked up, or what was wrong"
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="not valid, or taken back")

    PATHS = Paths(Kind.STAFF, patient=None)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "role"],
                condition=Q(looked_at=None, ended_at=None),
                name="licensed_role_waits_once",
            )
        ]

    @property
    def alone(self) -> bool:
        """Whoever gave it looked as well: nobody else here could."""
        return self.looked_by_id is not None and self.looked_by_id == self.by_person_id


def staff_code_of(invitation: StaffInvitation) -> str:
    """The letters that whoever invites tells the newcomer. Reckoned from the site's key, kept nowhere."""
    digest = salted_hmac("openkap.staff-invitation", str(invitation.pk), algorithm="sha256").digest()
    return "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in digest[:CODE_LENGTH])


class Departure(Row, Authored):
    """Someone leaves from a moment on. Taken back before that moment, it counts no more."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="departures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    from_at = models.DateTimeField()
    roles = models.JSONField(default=list, help_text="what ended with it")
    done_at = models.DateTimeField(null=True, blank=True, help_text="when the sign-ins here were ended")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    PATHS = Paths(Kind.STAFF, patient=None)

    class Meta:
        ordering = ["-from_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(done_at=None, taken_back_at=None),
                name="departure_one_open",
            )
        ]
