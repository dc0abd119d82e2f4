"""Who answers for a practice outside of any one course: the on-call list.

Decided here: hours are a weekday with a time from and to, as the clock on the practice's wall shows them;
an end at or before its begin is on the next day. A row is ended, never changed or deleted, so that it can
always be said who was on call then (knowledge/clinical.md 9.1: an on-call roster is a precondition for
remote questionnaires).
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from openkap.permits import Kind
from openkap.records.base import Paths, Row


class OnCallHours(Row):
    """One stretch of every such weekday on which this person answers. Days are half-open."""

    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="on_call")
    person = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday, 6 is Sunday")
    starts = models.TimeField(help_text="on the practice's own clock")
    ends = models.TimeField(help_text="at or before its begin: on the next day")
    since = models.DateField(help_text="first day, in the practice's zone")
    until = models.DateField(null=True, blank=True, help_text="the day from which on it no longer counts")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # Everyone in a practice may know who is on call; who may change it is asked of STAFF by the steps.
    PATHS = Paths(Kind.TASKS, patient=None)

    class Meta:
        ordering = ["weekday", "starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="on_call_weekday"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="on_call_in_order"
            ),
        ]

    @staticmethod
    def in_force(day: date) -> Q:
        return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))
