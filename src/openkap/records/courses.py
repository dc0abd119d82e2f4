"""The course, its sessions, and the window after each dose.

Decided here: a course belongs to a patient; organisations take part in it. Its states and those of a
session are `medicine.course` data; the database holds what must never be otherwise: one live session
a room, one open course a patient, organisation and route, ended after started.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openkap.permits import Kind
from openkap.records.base import Paths, Row
from openkap.records.people import Organisation, Person, Room


class Course(Row):
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="courses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="courses")
    protocol = models.CharField(max_length=60, help_text="id of a protocol file")
    protocol_version = models.CharField(max_length=20)
    model = models.CharField(max_length=20)
    route = models.CharField(max_length=20)
    state = models.CharField(max_length=20, default="evaluation")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    PATHS = Paths(Kind.SCHEDULE, course="id", at=None)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "organisation", "route"],
                condition=Q(ended_at=None),
                name="course_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("opened_at")), name="course_in_order"
            ),
        ]


class Participation(Row):
    """An organisation's part in a course."""

    class Part(models.TextChoices):
        MEDICINE = "medicine"
        THERAPY = "therapy"
        BOTH = "both"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    PATHS = Paths(Kind.SCHEDULE, patient="course.patient_id", course="course_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "organisation"], condition=Q(until=None), name="participation_once"
            )
        ]


class Session(Row):
    """A meeting of the course: evaluation, preparation, dosing, integration or follow-up."""

    class Phase(models.TextChoices):
        EVALUATION = "evaluation"
        PREPARATION = "preparation"
        DOSING = "dosing"
        INTEGRATION = "integration"
        FOLLOW_UP = "follow_up"

    LIVE = ("under_way", "paused", "recovering")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sessions")
    phase = models.CharField(max_length=12, choices=Phase)
    ordinal = models.PositiveSmallIntegerField(default=1)
    planned_from = models.DateTimeField()
    planned_to = models.DateTimeField()
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    lead = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="planned")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    # A link to one session crosses only with the schedule; what happened in it, with its own kind.
    PATHS = Paths(Kind.SCHEDULE, course="course_id", session="id", room="room_id", at="planned_from")

    class Meta:
        ordering = ["planned_from", "id"]
        # What a day and a board ask for: the stretch of a day, and what is live.
        indexes = [
            models.Index(fields=["organisation", "planned_from"], name="session_of_a_day"),
            models.Index(fields=["organisation", "state"], name="session_of_a_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(planned_to__gt=F("planned_from")), name="session_planned"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | (Q(started_at__isnull=False) & Q(ended_at__gte=F("started_at"))),
                name="session_ended_after_started",
            ),
            models.UniqueConstraint(
                fields=["room"],
                condition=Q(state__in=("under_way", "paused", "recovering")),
                name="session_one_live_a_room",
            ),
        ]


class SessionPart(Row):
    """Who was there, as what, from when to when."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="parts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    in_at = models.DateTimeField()
    out_at = models.DateTimeField(null=True, blank=True)


class Window(Row):
    """The days after a dose in which integration is meant to happen: half-open, a care goal."""

    dose = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="window")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="windows")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    target_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    kept_by = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="keeps_windows"
    )

    PATHS = Paths(Kind.SCHEDULE, course="course_id", at="opens_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target_at__gte=F("opens_at")) & Q(closes_at__gt=F("target_at")),
                name="window_in_order",
            )
        ]


class Task(Row):
    """Something a person or an organisation owes, with a time. The my-work lists are made of these."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tasks")
    patient = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=40, help_text="a short code, unique with what it is about")
    text = models.CharField(max_length=300)
    role = models.CharField(max_length=20, help_text="whose list it is on")
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # An alert's own: how urgent, and when it goes on to the next person if nobody has taken or closed it.
    level = models.CharField(max_length=2, blank=True)
    goes_on_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=300, blank=True)
    # What was chosen from the list of outcomes, where the task has one (`medicine.course.alerts`).
    outcome_key = models.CharField(max_length=40, blank=True)

    PATHS = Paths(Kind.TASKS, course="course_id")

    class Meta:
        ordering = ["due_at"]
        constraints = [
            # Two rules, because SQLite counts every NULL as another.
            models.UniqueConstraint(
                fields=["course", "what", "session"], condition=Q(done_at=None), name="task_once_a_session"
            ),
            models.UniqueConstraint(
                fields=["course", "what"], condition=Q(done_at=None, session=None), name="task_once_a_course"
            ),
        ]
