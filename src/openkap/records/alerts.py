"""What happened to an alert, the plan for a hard night, and who stands in for someone on call.

Decided here: an alert is a task that a person closes with an outcome from a list; what happens to it on the
way is a note, added and never changed: the answer that raised it, a correction of that answer, a try to reach
the patient. A safety plan is the patient's own; each writing and each going through it is a version of its
own. A cover stands over the on-call list for its hours and ends with them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openkap.permits import Kind
from openkap.records.base import Authored, Clinical, Paths, Row
from openkap.records.courses import Course, Task
from openkap.records.people import Organisation, Person
from openkap.records.words import Response


class AlertNote(Row, Authored):
    """One thing that happened to an alert. It says nothing of what was answered: lists are read by many."""

    class What(models.TextChoices):
        RAISED = "raised"  # an answer opened it, or said so again
        CORRECTED = "corrected"  # that answer was entered in error; the alert stands
        TRIED = "tried"  # someone tried to reach the patient; `key` says how

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="notes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    response = models.ForeignKey(
        Response, null=True, blank=True, on_delete=models.PROTECT, related_name="alert_notes"
    )
    what = models.CharField(max_length=10, choices=What)
    key = models.CharField(max_length=40, blank=True, help_text="a try's word, as the list has it")
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    PATHS = Paths(Kind.TASKS, course="task.course_id", at="at")

    class Meta:
        ordering = ["at", "id"]


class SafetyPlan(Clinical):
    """The six steps in the patient's own words, one thing on a line. The newest counts; all are kept."""

    class Act(models.TextChoices):
        WRITTEN = "written"
        REVIEWED = "reviewed"  # gone through, and left as it was

    STEPS = ("warning_signs", "alone", "distraction", "people", "professionals", "surroundings")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="safety_plans")
    act = models.CharField(max_length=10, choices=Act, default=Act.WRITTEN)
    warning_signs = models.TextField(blank=True)
    alone = models.TextField(blank=True, help_text="what I can do by myself")
    distraction = models.TextField(blank=True, help_text="people and places that take my mind off it")
    people = models.TextField(blank=True, help_text="whom I can ask for help")
    professionals = models.TextField(blank=True)
    surroundings = models.TextField(blank=True, help_text="making the place around me safer")

    PATHS = Paths(Kind.SAFETY_PLAN, course="course_id", at="at")


class OnCallCover(Row):
    """For these hours, half-open, `covered_by` answers where the list names `person`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="covers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    covered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    # As the on-call list: everyone in a practice may know who answers.
    PATHS = Paths(Kind.TASKS, patient=None)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="on_call_cover_in_order"),
            models.CheckConstraint(condition=~Q(person=F("covered_by")), name="on_call_cover_by_another"),
        ]
