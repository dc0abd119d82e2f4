"""The trail: who did what, for whom, when, from where. Ids and verbs only, no clinical content.

Decided here: an event is a plain insert inside the step's own transaction; the chainer links events
afterwards, an organisation a chain, so that no writer ever waits for another's hash
(docs/adr/0007-trail.md).
"""

from __future__ import annotations

from django.db import models

from openkap.permits import Kind
from openkap.records.base import Authored, Paths, Row
from openkap.records.ids import new_id


class Event(Authored):
    class Outcome(models.TextChoices):
        DONE = "done"
        OPENED = "opened"
        REFUSED = "refused"

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=new_id, editable=False)
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.DONE)
    organisation = models.ForeignKey(
        "records.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="whose record",
    )
    by_organisation = models.ForeignKey(
        "records.Organisation", null=True, on_delete=models.PROTECT, related_name="+", help_text="as whom"
    )
    patient = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    session = models.UUIDField(null=True, db_index=True)
    subject = models.CharField(max_length=80, blank=True, help_text="as in 'order 0192…'")
    where = models.CharField(max_length=100, blank=True)

    PATHS = Paths(Kind.TRAIL, at="at", session="session")
    as_subject = Row.as_subject

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["patient", "seq"], name="event_patient_seq"),
            models.Index(fields=["by_person", "at"], name="event_by_person_at"),
        ]


class ChainLink(models.Model):
    """One event's place in its organisation's chain. `chain` is blank for events of no organisation."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="link", primary_key=True)
    chain = models.CharField(max_length=36)
    place = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "place"]
        constraints = [models.UniqueConstraint(fields=["chain", "place"], name="chain_place_once")]


class Import(Row, Authored):
    """One file brought in: what it was, what was taken, what was left out and why."""

    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="imports")
    patient = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="imports")
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    counts = models.JSONField()
    left_out = models.JSONField()

    PATHS = Paths(Kind.CLINICAL, at="at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sha256"], name="import_once"),
        ]


class Site(models.Model):
    """What this installation is. Written once, at birth, and never changed."""

    one = models.BooleanField(primary_key=True, default=True)
    demonstration = models.BooleanField()
    born_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(one=True), name="site_only_one")]
