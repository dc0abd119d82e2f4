"""What went wrong with a dose, and what may point to misuse.

Decided here: an adverse event belongs to the dose it followed, however late it began; whether it was expected
is kept as it was reckoned when it was written down. A sign of misuse stands until someone says what was
decided on it: that is a row of its own, and not a correction of an error.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Clinical, Paths
from openkap.records.courses import Course, Session


class AdverseEvent(Clinical):
    """`at` is its onset. `term` is a row of the library (`E-*`), blank for own `words`.

    `serious` holds criteria of `E-SERIOUS`. `grade` is by `ctcae_version`, blank where nobody graded it yet.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="adverse_events")
    term = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    ctcae_version = models.CharField(max_length=8, blank=True)
    serious = models.JSONField(default=list)
    expected = models.CharField(max_length=12)
    related = models.CharField(max_length=12)
    action = models.CharField(max_length=12)
    outcome = models.CharField(max_length=12)

    PATHS = Paths(
        Kind.ADVERSE_EVENTS,
        course="session.course_id",
        session="session_id",
        room="session.room_id",
        author="by_person_id",
        at="at",
    )

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(condition=~Q(term="") | ~Q(words=""), name="adverse_event_says_something"),
            models.CheckConstraint(
                condition=Q(grade=None) | Q(grade__gte=1, grade__lte=5), name="adverse_event_grade_is_one"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("at")), name="adverse_event_in_order"
            ),
        ]


class MisuseSign(Clinical):
    """One sign (`sign`: a flag of `C-MISUSE`, blank for own `words`). `settled`: what was decided on it."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="misuse_signs")
    sign = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    settled = models.BooleanField(default=False)

    PATHS = Paths(Kind.CLINICAL, course="course_id", at="at")

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(condition=~Q(sign="") | ~Q(words=""), name="misuse_sign_says_something"),
            models.CheckConstraint(
                condition=Q(settled=False) | Q(corrects__isnull=False), name="misuse_sign_settles_one"
            ),
        ]
