"""What a course asks its patient between visits, and how the course ends.

Decided here: each question of the schedule is one row, made once, so that a round of the watch can be
missed or done twice. Asking is stopped by a row of its own. An end is a clinical fact: entered in error,
it is withdrawn like every other, and the course goes on where it was.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openkap.permits import Kind
from openkap.records.base import Authored, Clinical, Paths, Row
from openkap.records.courses import Course
from openkap.records.links import PersonalLink


class Ask(Row):
    """A form that the schedule asks for at one point of the course: when, and what became of it."""

    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="asks")
    instrument = models.CharField(max_length=40)
    point = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    made_at = models.DateTimeField()
    link = models.ForeignKey(
        PersonalLink, null=True, blank=True, on_delete=models.PROTECT, related_name="asks"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    skipped_at = models.DateTimeField(null=True, blank=True)
    held_for = models.CharField(max_length=20, blank=True, help_text="why a person must ask instead")

    PATHS = Paths(Kind.MEASURES, course="course_id", at="due_at")

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "instrument", "point"], name="ask_once"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("due_at")), name="ask_in_order"),
        ]


class AskStop(Row, Authored):
    """From `at` on nothing more is asked of this course, until `until`: the patient or a person wished so."""

    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="ask_stops")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)

    PATHS = Paths(Kind.SCHEDULE, course="course_id", at="at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course"], condition=Q(until=None), name="ask_stop_once")
        ]


class CourseEnd(Clinical):
    """The course ended so, for this reason; `came_from` is the state it goes back to if that was an error."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="ends")
    ended_as = models.CharField(max_length=20)
    came_from = models.CharField(max_length=20)
    why = models.CharField(max_length=300)

    PATHS = Paths(Kind.SCHEDULE, course="course_id", at="at")
