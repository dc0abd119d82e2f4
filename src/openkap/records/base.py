"""The shapes that rows share: an identity, an author, and the one way to correct.

Decided here: a clinical row is never changed. A correction is a new row that points at the old one
(`corrects`), or, where the old one was simply wrong, a row that withdraws it (`withdrawn`). One row
can be corrected once: the second hand is told who came first (docs/adr/0006-append-only.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from openkap.permits import Actor, ActorKind, Kind, Subject
from openkap.records.ids import new_id


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a model keeps what permission asks about. `None`: it has no such thing."""

    kind: Kind
    keeper: str | None = "organisation_id"
    patient: str | None = "patient_id"
    course: str | None = None
    session: str | None = None
    room: str | None = None
    author: str | None = None
    house: str | None = None
    at: str | None = None

    def lookup(self, part: str) -> str | None:
        """The same path as an ORM lookup: `session.room_id` becomes `session__room_id`."""
        path = getattr(self, part)
        return path.replace(".", "__") if path else None


class Row(models.Model):
    """Anything a person can point at."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    PATHS: ClassVar[Paths]

    class Meta:
        abstract = True

    def as_subject(self) -> Subject:
        """This row as permission sees it."""
        paths = self.PATHS
        values = {
            part: attrgetter(path)(self)
            for part in ("keeper", "patient", "course", "session", "room", "author", "house", "at")
            if (path := getattr(paths, part))
        }
        return Subject(kind=paths.kind, **values)


class Authored(models.Model):
    """Who did it, as whom. The person is known for all but the system and tablets."""

    by_kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in ActorKind])
    by_name = models.CharField(max_length=200)
    by_person = models.ForeignKey(
        "records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    @staticmethod
    def authored(by: Actor) -> dict[str, Any]:
        """The author's columns, for `create(**authored(by), …)`."""
        return {"by_kind": by.kind.value, "by_name": by.name[:200], "by_person_id": by.person}


class CurrentQuerySet(models.QuerySet[Any]):
    """Clinical rows as they stand: neither corrected nor withdrawn."""

    def current(self) -> Self:
        return self.filter(corrected_by__isnull=True, withdrawn=False)

    def as_of(self, moment: datetime) -> Self:
        """Those that stood at a moment: written down before it, and not corrected by then."""
        later = Q(corrected_by__isnull=True) | Q(corrected_by__recorded_at__gte=moment)
        return self.filter(later, recorded_at__lt=moment, withdrawn=False)


class Clinical(Row, Authored):
    """A fact about a patient, kept by an organisation. Added, never changed."""

    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="when it was so")
    recorded_at = models.DateTimeField(help_text="when it was written down")
    source = models.CharField(max_length=20, default="person")
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    withdrawn = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["at", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(corrects__isnull=False),
                name="%(class)s_withdraws_something",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                name="%(class)s_correction_has_reason",
            ),
        ]
