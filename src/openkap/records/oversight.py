"""What a director looked at and settled: nothing to do, or to be done as a task.

Decided here: a look is added and never changed; the newest about one row counts. It points at the row by its
kind and id and keeps none of its content, so that what was settled says who, when and why, and nothing else.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Authored, Paths, Row
from openkap.records.courses import Task
from openkap.records.people import Organisation


class OversightLook(Row, Authored):
    """One row of the oversight page, looked at: `what` is the list it stood on, `subject` its own id."""

    class Act(models.TextChoices):
        NOTHING = "nothing"
        TO_DO = "to_do"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    subject = models.UUIDField()
    act = models.CharField(max_length=10, choices=Act)
    words = models.CharField(max_length=300)
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    PATHS = Paths(Kind.OVERSIGHT, patient=None, at="at")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["organisation", "what", "subject"], name="oversight_look_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(act="to_do", task__isnull=False) | Q(act="nothing", task=None),
                name="oversight_look_task",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="oversight_look_has_words"),
        ]
