"""What somebody said aloud, kept by the person who heard it: a no to the consent, and an escort's yes.

Decided here: a word that was spoken counts like one that was pressed. It is kept as it was said: who said it,
when, to whom, in which words. What it changes is told by the rows that a press would have made
(`Declined`, a withdrawn `Signature`); this row says why they are there (docs/adr/0026-what-was-spoken.md).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Clinical, Paths
from openkap.records.courses import Course, Session
from openkap.records.people import Person
from openkap.records.signing import Escort


class SpokenNo(Clinical):
    """A no to the consent text, or a consent taken back, said to someone. `at` is when it was said."""

    class What(models.TextChoices):
        DECLINED = "declined"
        TAKEN_BACK = "taken_back"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="spoken_noes")
    what = models.CharField(max_length=12, choices=What)
    said_by = models.CharField(max_length=200)
    heard_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500)

    PATHS = Paths(Kind.CONSENT, course="course_id", at="at")

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(condition=~Q(words="") & ~Q(said_by=""), name="spokenno_in_words"),
        ]


class EscortYes(Clinical):
    """The escort said that they come: to whom is the author. An escort named anew is asked anew."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="escort_yeses")
    escort = models.OneToOneField(Escort, on_delete=models.PROTECT, related_name="yes")

    PATHS = Paths(
        Kind.ESCORT, course="session.course_id", session="session_id", room="session.room_id", at="at"
    )
