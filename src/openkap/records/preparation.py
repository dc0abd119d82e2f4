"""Preparation for a dose, the agreement about touch, and what a writer keeps before it is sent.

Decided here: what is prepared for the team is a letter handed over. Whoever wrote it keeps theirs; where
another practice keeps the course, that practice gets a copy of its own, which points at the original
(`handed_from`). Each side so keeps what its own people wrote, and what it was given, whatever the patient
shares later (docs/adr/0019-preparation-and-process-notes.md). Process notes are no model: they are in no
table of this database (`records/process_store.py`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.medicine.course.touch import Touch
from openkap.permits import Kind
from openkap.records.base import Clinical, Paths, Row
from openkap.records.courses import Course, Session


class PreparationPlan(Clinical):
    """What a patient hopes for, expects, needs and worries about before a dose. The newest counts."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="preparations")
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="preparations"
    )
    intentions = models.TextField(blank=True)
    expectations = models.TextField(blank=True)
    comfort = models.TextField(blank=True, help_text="what helps: music, light, blanket, who is near")
    worries = models.TextField(blank=True)
    handed_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="handed"
    )

    PATHS = Paths(Kind.PREPARATION, course="course_id", at="at")


class TouchAgreement(Clinical):
    """Which touch the patient allows, in their words. The newest counts; a narrowing is a row of its own."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="touch_agreements")
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="touch_agreements"
    )
    level = models.CharField(max_length=20, choices=[(level.value, level.value) for level in Touch])
    words = models.TextField(blank=True, help_text="in the patient's own words: where, how, and what not")
    stop_word = models.CharField(max_length=60, blank=True)
    holds_for = models.CharField(max_length=200, blank=True, help_text="whom it holds for; nobody else")
    handed_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="handed"
    )

    PATHS = Paths(Kind.PREPARATION, course="course_id", at="at")


class NoteDraft(Row):
    """Words not yet sent, for their author alone. Kept at each pause, gone once they are sent."""

    class Page(models.TextChoices):
        NOTE = "note"
        PREPARATION = "preparation"

    author = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="note_drafts")
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="note_drafts"
    )
    page = models.CharField(max_length=12, choices=Page)
    words = models.JSONField(default=dict, help_text="field of the form: what stood in it")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    unshared = models.BooleanField(default=False, help_text="refused because sharing had stopped")

    PATHS = Paths(Kind.DRAFTS, course="course_id", author="author_id", at="begun_at")

    class Meta:
        constraints = [
            # Two rules, because SQLite counts every NULL as another.
            models.UniqueConstraint(
                fields=["author", "organisation", "page", "session"], name="note_draft_once_a_session"
            ),
            models.UniqueConstraint(
                fields=["author", "organisation", "page", "course"],
                condition=Q(session=None),
                name="note_draft_once_a_course",
            ),
        ]
