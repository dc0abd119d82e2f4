"""Links sent to a person's own phone or mail, each for one purpose.

Decided here: only the hash of a link is kept; opening it changes nothing, a button redeems it
(mail scanners open links); it works once where it signs someone in, and for its time.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Paths, Row

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that looks like another
CODE_LENGTH = 6


class PersonalLink(Row):
    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        CONSENT = "consent"
        MEASURE = "measure"

    purpose = models.CharField(max_length=10, choices=Purpose)
    patient = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="links")
    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(
        "records.Course", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    about = models.CharField(max_length=40, blank=True, help_text="instrument or document id")
    point = models.CharField(max_length=20, blank=True, help_text="course point, as in 'before' or 'after'")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True, blank=True)
    redeemed_on = models.CharField(max_length=64, blank=True, help_text="hash of the device that redeemed it")
    ended_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0, help_text="wrong birth dates or codes so far")

    PATHS = Paths(Kind.CONSENT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="link_in_order")
        ]

    def is_open(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.expires_at


class KnownBrowser(models.Model):
    """A phone or computer on which a person has shown who they are. Its cookie's hash, not its name."""

    person = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="browsers")
    token_hash = models.CharField(max_length=64)
    first_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "token_hash"], name="browser_once")]


def hash_of(secret: str) -> str:
    """SHA-256 of a secret of 128 random bits or more: nothing slower is needed for those."""
    return hashlib.sha256(secret.encode()).hexdigest()
