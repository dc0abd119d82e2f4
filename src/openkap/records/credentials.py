"""What shows that someone may practise: licenses and certificates, and every look that was taken at one.

Decided here: both are added and never changed. A correction is a further row that points at the one it
replaces, and waits for a look of its own; taking one away is such a row too. A look says who looked, when,
where and what they found; a look taken by mistake is taken back by a further one. `checked_at` is of looks
before they had rows of their own: what was found valid then still counts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from openkap.permits import Kind
from openkap.records.base import Authored, Paths, Row
from openkap.records.people import Organisation, Person


class Credentials(models.QuerySet[Any]):
    def current(self, at: datetime) -> Self:
        """What stood at this moment: neither replaced nor taken away by then."""
        replaced = Credential.objects.filter(corrects=OuterRef("pk"), given_at__lte=at)
        return self.filter(~Exists(replaced), given_at__lte=at, withdrawn=False)

    def with_look(self, at: datetime) -> Self:
        """Each with the newest look that counts: `look` (valid, not_valid or None), `look_at`, `look_by`."""
        last = CredentialCheck.objects.counting(at).filter(credential=OuterRef("pk")).order_by("-at", "-id")
        parts = {"look": "found", "look_at": "at", "look_by": "by_name", "look_where": "where"}
        return self.annotate(**{name: Subquery(last.values(part)[:1]) for name, part in parts.items()})

    def found_valid(self, at: datetime) -> Self:
        """Those that the newest look found valid, or a look before looks had rows."""
        return self.with_look(at).filter(
            Q(look=CredentialCheck.Found.VALID) | Q(look=None, checked_at__lte=at)
        )


class Credential(Row):
    """One license or certificate of one person, as kept by one practice."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="credentials")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=40, help_text="as in 'license'")
    number = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=60, blank=True, help_text="which state it is given for")
    body = models.CharField(max_length=120, blank=True, help_text="who gave it: a board, a school")
    note = models.CharField(max_length=300, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True, help_text="the last day it holds")
    given_at = models.DateTimeField(help_text="when it was written down here")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="of a look without a row of its own")
    written_by = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="nobody: as they gave it themselves when they joined",
    )
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    withdrawn = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)

    # The newest look that counts, of rows of `with_look`.
    look: str | None
    look_at: datetime | None
    look_by: str | None
    look_where: str | None

    PATHS = Paths(Kind.STAFF, patient=None, author="person_id")

    objects = Credentials.as_manager()

    class Meta:
        ordering = ["kind", "given_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                name="credential_in_order",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(corrects__isnull=False) & ~Q(reason=""),
                name="credential_withdraws_something",
            ),
        ]


class Checks(models.QuerySet[Any]):
    def counting(self, at: datetime) -> Self:
        """Looks up to this moment that were not taken back by then."""
        back = CredentialCheck.objects.filter(takes_back=OuterRef("pk"), at__lte=at)
        return self.filter(~Exists(back), at__lte=at, takes_back=None)


class CredentialCheck(Row, Authored):
    """Somebody looked at it, or took back a look that was a mistake."""

    class Found(models.TextChoices):
        VALID = "valid"
        NOT_VALID = "not_valid"
        TAKEN_BACK = "taken_back"

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="checks")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    found = models.CharField(max_length=10, choices=Found.choices)
    where = models.CharField(max_length=300, help_text="where it was looked up, or why it is taken back")
    words = models.CharField(max_length=300, blank=True)
    takes_back = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="taken_back_by"
    )

    PATHS = Paths(Kind.STAFF, patient=None)

    objects = Checks.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(found="taken_back") & Q(takes_back__isnull=False)
                | ~Q(found="taken_back") & Q(takes_back=None),
                name="credential_check_takes_back",
            )
        ]
