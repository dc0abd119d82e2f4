"""What one practice proposes to the other about their calendar, and which session is held for which dose.

Decided here: a session belongs to the practice that holds it, so nobody moves another practice's; it is
proposed, and both see it until it is answered (docs/adr/0020-booking.md). A proposal is kept by the practice
that keeps the course: the other sees it under the patient's grant "schedule", and no longer once that ends.
One proposal stands about a session; a later one takes its place, by name.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Authored, Paths, Row
from openkap.records.courses import Course, Session
from openkap.records.people import Organisation, Person


class Held(Row):
    """This integration session is held for this dose, wherever the dose moves."""

    dose = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="held")
    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="held_for")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    PATHS = Paths(Kind.SCHEDULE, course="session.course_id", session="session_id", at="at")


class SessionChange(Row, Authored):
    """A session was moved, called off, not come to, or took longer: from when to when, and why."""

    class What(models.TextChoices):
        MOVED = "moved"
        CANCELLED = "cancelled"
        NO_SHOW = "no_show"
        OVERRAN = "overran"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="changes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    was_from = models.DateTimeField()
    was_to = models.DateTimeField()
    now_from = models.DateTimeField()
    now_to = models.DateTimeField()
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    PATHS = Paths(Kind.SCHEDULE, course="session.course_id", session="session_id", at="at")

    class Meta:
        ordering = ["at", "id"]


class Proposal(Row, Authored):
    """What should become of `about`, because of what became of `cause`; open until somebody answers.

    `organisation` keeps the course. `to_organisation` holds `about` and answers, `from_organisation` asks;
    in one house they are the same. `suggested_from` and `suggested_to` are the time proposed, where one is.
    """

    class What(models.TextChoices):
        HOLD = "hold"  # say yes to a session that was held for you
        MOVE = "move"
        KEEP = "keep"
        CANCEL = "cancel"

    class Why(models.TextChoices):
        BOOKED = "booked"
        MOVED = "moved"
        CANCELLED = "cancelled"
        NO_SHOW = "no_show"
        OVERRAN = "overran"
        ENDED = "ended"  # a dose ended, and its window is elsewhere than expected

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        OTHER_TIME = "other_time"
        DECLINED = "declined"
        SUPERSEDED = "superseded"
        CLOSED = "closed"  # nothing was left to decide

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="proposals")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    from_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="proposals")
    cause = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    why = models.CharField(max_length=10, choices=Why)
    words = models.CharField(max_length=300, blank=True)
    was_from = models.DateTimeField(null=True, blank=True, help_text="when `cause` was before it changed")
    suggested_from = models.DateTimeField(null=True, blank=True)
    suggested_to = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=300, blank=True)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    version = models.PositiveIntegerField(default=1)

    PATHS = Paths(Kind.SCHEDULE, course="course_id", session="about_id", at="made_at")

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["about"], condition=Q(state="open"), name="proposal_one_open_a_session"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="proposal_answered_or_open",
            ),
            models.CheckConstraint(
                condition=Q(suggested_from=None) | Q(suggested_to__gt=models.F("suggested_from")),
                name="proposal_suggests_in_order",
            ),
        ]
