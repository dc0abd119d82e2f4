"""What is known about a patient's health, and what was decided on it.

Decided here: what an import brought is `confirmed=False` until a person says yes; medicine treats it
as absent until then (docs/adr/0010-imports.md).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Clinical, Paths
from openkap.records.courses import Course


class Living(Clinical):
    """A fact that may have come from elsewhere and waits for a person's word."""

    confirmed = models.BooleanField(default=True)

    class Meta(Clinical.Meta):
        abstract = True


class HistoryAnswer(Living):
    """The answer to one screening question: yes, no, or withdrawn (not asked)."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="answers")
    key = models.CharField(max_length=60, help_text="a history key of contracts.md")
    value = models.BooleanField()

    PATHS = Paths(Kind.CLINICAL, course="course_id", at="at")


class Medication(Living):
    text = models.CharField(max_length=300)
    code = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)

    PATHS = Paths(Kind.CLINICAL, at="at")


class Allergy(Living):
    """An allergy; `none_known` is itself an answer, and not the same as not asked."""

    text = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=40, blank=True)
    none_known = models.BooleanField(default=False)

    PATHS = Paths(Kind.CLINICAL, at="at")


class Condition(Living):
    text = models.CharField(max_length=300)
    code = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)

    PATHS = Paths(Kind.CLINICAL, at="at")


class Result(Living):
    """A dated result, as in a pregnancy test or a weight taken at the evaluation."""

    key = models.CharField(max_length=40, help_text="as in 'hcg', 'weight_kg', 'cssrs_recent'")
    value = models.CharField(max_length=60)
    unit = models.CharField(max_length=20, blank=True)

    PATHS = Paths(Kind.CLINICAL, at="at")


class Decision(Clinical):
    """What the clinician decided at the evaluation, and the verdict it was decided on."""

    class Outcome(models.TextChoices):
        CANDIDATE = "candidate"
        NOT_NOW = "not_now"
        NOT_CANDIDATE = "not_candidate"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=14, choices=Outcome)
    level = models.CharField(max_length=10)
    verdict = models.JSONField(help_text="findings with rule, version, data, sources, as shown")
    words = models.TextField(blank=True, help_text="the clinician's own reason")

    PATHS = Paths(Kind.CLINICAL, course="course_id", at="at")

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(
                condition=Q(outcome="candidate") | ~Q(words=""), name="decision_refusal_has_words"
            ),
        ]
