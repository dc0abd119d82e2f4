"""How a course is cared for: which way, by whom, who was in the room, and what was handed over.

Decided here: the way of a course is chosen in rows that are added, so that what was decided, and what it
did, stays told (docs/adr/0028-ways-of-care.md). Someone is in a room from the row that says they came to
the row that says they went, each from their own sign-in. A hand-over before a dose is a letter: the writer
keeps theirs and the practice that gives the dose gets a copy; one after a dose belongs to that practice and
is seen under the patient's grant. What a REMS asks for is kept with the day it was checked and by whom.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Authored, Clinical, Paths, Row
from openkap.records.courses import Course, Session
from openkap.records.people import Organisation, Person


class WayChosen(Clinical):
    """This course goes by this way and route from `at` on. The newest counts.

    `told` is what was shown before it was signed: what stays, what is called off, what is asked anew.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="ways")
    protocol = models.CharField(max_length=60)
    protocol_version = models.CharField(max_length=20)
    model = models.CharField(max_length=20)
    route = models.CharField(max_length=20)
    before = models.CharField(max_length=60, help_text="the protocol until then")
    route_before = models.CharField(max_length=20)
    decided = models.BooleanField(help_text="changed after the decision, and so signed by a prescriber")
    words = models.CharField(max_length=1000, blank=True)
    told = models.JSONField(default=dict, help_text="heading to lines, as shown before it was signed")

    PATHS = Paths(Kind.CLINICAL, course="course_id", at="at")

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decided=False) | ~Q(words=""), name="waychosen_change_has_words"
            ),
        ]


class CourseTherapist(Clinical):
    """Who does the therapy of this course, and at which practice. The newest counts; none: nobody."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="therapists")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    PATHS = Paths(Kind.SCHEDULE, course="course_id", at="at")

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(
                condition=Q(person=None, place=None) | Q(person__isnull=False, place__isnull=False),
                name="coursetherapist_has_a_place",
            ),
        ]


class CheckIn(Clinical):
    """A person came into the room of a session, or on site, or went, from their own sign-in."""

    class Part(models.TextChoices):
        MEDICAL = "medical"
        THERAPIST = "therapist"
        PRESCRIBER = "prescriber", "prescriber on site"

    class Act(models.TextChoices):
        CAME = "in"
        WENT = "out"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="check_ins")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=Part)
    act = models.CharField(max_length=3, choices=Act)
    words = models.CharField(max_length=300, blank=True)

    PATHS = Paths(
        Kind.SCHEDULE, course="session.course_id", session="session_id", room="session.room_id", at="at"
    )


class HandOverBefore(Clinical):
    """From the therapist to the clinic before a dose: is the patient ready, hopes for what, fears what."""

    class Readiness(models.TextChoices):
        READY = "ready"
        TALK_FIRST = "talk_first"
        NOT_YET = "not_yet"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="hand_overs_before")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    readiness = models.CharField(max_length=10, choices=Readiness)
    intentions = models.TextField(blank=True)
    concerns = models.TextField(blank=True)
    handed_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="handed"
    )

    PATHS = Paths(Kind.PREPARATION, course="course_id", session="session_id", at="at")


class HandOverAfter(Clinical):
    """From the clinic to the therapist after a dose: what was seen, and what to take up."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="hand_overs_after")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    seen = models.TextField()
    take_up = models.TextField(blank=True, help_text="what therapy might take up, and what to watch for")

    PATHS = Paths(Kind.SUMMARY, course="course_id", session="session_id", at="at")


class HandOverRead(Clinical):
    """The other side has read a hand-over, by name."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="hand_overs_read")
    before = models.OneToOneField(
        HandOverBefore, null=True, blank=True, on_delete=models.PROTECT, related_name="reading"
    )
    after = models.OneToOneField(
        HandOverAfter, null=True, blank=True, on_delete=models.PROTECT, related_name="reading"
    )

    PATHS = Paths(Kind.SCHEDULE, course="session.course_id", session="session_id", at="at")

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(
                condition=Q(before=None, after__isnull=False) | Q(before__isnull=False, after=None),
                name="handoverread_reads_one",
            ),
        ]


class SiteCertification(Row, Authored):
    """This setting is certified for esketamine, or is so no more; checked on a day, by someone named."""

    class Act(models.TextChoices):
        CERTIFIED = "certified"
        ENDED = "ended"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="site_certifications"
    )
    act = models.CharField(max_length=10, choices=Act)
    certified_on = models.DateField(null=True, blank=True)
    representative = models.CharField(max_length=200, blank=True, help_text="who signs for the setting")
    number = models.CharField(max_length=60, blank=True, help_text="as the REMS knows this setting")
    checked_on = models.DateField()
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    PATHS = Paths(Kind.RULES, patient=None, at="at")

    class Meta:
        ordering = ["at", "id"]


class Enrolment(Clinical):
    """A patient is enrolled for esketamine; patient and prescriber signed the form, seen by `by`."""

    enrolled_on = models.DateField()
    checked_on = models.DateField()
    number = models.CharField(max_length=60, blank=True)
    ended = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)

    PATHS = Paths(Kind.CLINICAL, at="at")


class MonitoringForm(Clinical):
    """The monitoring form of one visit was sent, by whom, on which day, and how."""

    class How(models.TextChoices):
        ONLINE = "online"
        FAX = "fax"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="monitoring_forms")
    sent_on = models.DateField()
    how = models.CharField(max_length=10, choices=How)
    words = models.CharField(max_length=300, blank=True)

    PATHS = Paths(Kind.CLINICAL, course="session.course_id", session="session_id", at="at")
