"""What a patient writes for themselves, what of it they showed to whom, and the small things agreed.

Decided here: the journal is the patient's own. No role reaches it; it is sealed with a key of its own
(`records/secret.py`) and stands in no search. An entry is shown to one named person at a time, by a row
whose `reader` is that person while it is shared and nobody after: permission ends with the row, and, in a
course that another practice keeps, with the patient's sharing of that course.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openkap.permits import Kind
from openkap.records.base import Authored, Clinical, Paths, Row
from openkap.records.courses import Course, Session
from openkap.records.people import Organisation, Person


class JournalEntry(Clinical):
    """One entry, sealed as it was typed. What is added to it later is an entry of its own."""

    # Always None: no practice keeps it, so that no practice's trail or list tells that it is there.
    organisation = models.ForeignKey(  # type: ignore[assignment]
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="journal")
    sealed = models.BinaryField(help_text="the words, sealed; about 'journal <id>'")
    key = models.CharField(max_length=16, help_text="fingerprint of the key that sealed them")
    adds_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="additions"
    )

    is_safety = models.BooleanField(
        default=False, help_text="what helps when it gets hard; the newest counts"
    )

    PATHS = Paths(Kind.JOURNAL, keeper=None, course="course_id", at="at")

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(condition=Q(organisation=None), name="journalentry_kept_by_nobody"),
        ]


class SharedEntry(Row, Authored):
    """One entry shown to one named person of the course."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="shares")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    PATHS = Paths(
        Kind.SHARED_JOURNAL,
        keeper="to_organisation_id",
        course="course_id",
        author="reader_id",
        house="course.organisation_id",
        at="shared_at",
    )

    class Meta:
        ordering = ["-shared_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, reader=F("to_person")) | Q(ended_at__isnull=False, reader=None),
                name="sharedentry_reader_while_shared",
            ),
            models.UniqueConstraint(
                fields=["entry", "to_organisation", "to_person"],
                condition=Q(ended_at=None),
                name="sharedentry_once",
            ),
        ]


class EntryReading(Row, Authored):
    """That a shared entry was read: when, by whom. Shown to its patient."""

    share = models.ForeignKey(SharedEntry, on_delete=models.PROTECT, related_name="readings")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    PATHS = Paths(Kind.JOURNAL, keeper=None, at="at")

    class Meta:
        ordering = ["at", "id"]


class SmallThing(Row, Authored):
    """Something small to do, agreed in integration or the patient's own. It ends with the course."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="small_things")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="small_things")
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    ticked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    PATHS = Paths(Kind.SMALL_THINGS, course="course_id", at="made_at")

    class Meta:
        ordering = ["made_at", "id"]
