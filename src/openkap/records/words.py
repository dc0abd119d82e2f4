"""Notes and answers in people's own words and choices.

Decided here: a session note is for the course and belongs to the practice whose person wrote it. It
opens to another practice only as the session's summary, and only by the patient's grant.
"""

from __future__ import annotations

from django.db import models

from openkap.permits import Kind
from openkap.records.base import Clinical, Paths, Row
from openkap.records.courses import Course, Session
from openkap.records.numbers import NumberField


class SessionNote(Clinical):
    """What a therapist writes about a session, for the course."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="notes")
    focus = models.TextField()
    agreed = models.TextField(blank=True, help_text="what was agreed until next time")
    for_clinic = models.TextField(
        blank=True, help_text="one line the clinic should know before the next dose"
    )

    PATHS = Paths(Kind.NOTES, course="session.course_id", session="session_id", at="at")


class SessionSummary(Clinical):
    """What the clinic tells about a dosing session to whoever the patient lets know."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="summaries")
    text = models.TextField()

    PATHS = Paths(Kind.SUMMARY, course="session.course_id", session="session_id", at="at")


class Response(Clinical):
    """One filled form. Its answers are rows of their own; its score is reckoned by medicine."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="responses")
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    point = models.CharField(max_length=20, help_text="course point, as in 'before' or 'after'")
    language = models.CharField(max_length=10, default="en")
    late = models.BooleanField(
        default=False, help_text="answered after its link had ended: kept all the same"
    )

    PATHS = Paths(Kind.MEASURES, course="course_id", at="at")


class Draft(Row):
    """A form begun and not yet sent: answers kept at each tap, so that another device can go on."""

    patient = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="drafts")
    instrument = models.CharField(max_length=40)
    point = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    response = models.OneToOneField(
        Response, null=True, blank=True, on_delete=models.PROTECT, related_name="draft"
    )

    PATHS = Paths(Kind.MEASURES, course="course_id", at="begun_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "instrument", "point"],
                condition=models.Q(response=None),
                name="draft_one_open",
            )
        ]


class Answer(models.Model):
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=20)
    value = NumberField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "item"], name="answer_once")]


class Score(Clinical):
    """What medicine made of a response; the response bears the version that did.

    `entered`: its total and `subscales` were worked out elsewhere and typed in. `flags` are yes, no, or null
    where the answers do not say.
    """

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="scores")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="scores")
    instrument = models.CharField(max_length=40)
    total = NumberField(null=True)
    band = models.CharField(max_length=30, blank=True)
    complete = models.BooleanField()
    entered = models.BooleanField(default=False)
    subscales = models.JSONField(default=dict)
    flags = models.JSONField(default=dict)
    alerts = models.JSONField(default=list)

    PATHS = Paths(Kind.MEASURES, course="course_id", at="at")


def one_line(words: str) -> str:
    """On one line, whatever was sent: for what stands in a list, or in the first line of a mail."""
    return " ".join(words.split())
