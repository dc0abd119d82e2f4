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
    """A medicine as the patient calls it. What became of it is a row that follows (`change`, `corrects`).

    `active`: on the list; `held`: on the list but not taken for now, which still bears on every rule.
    """

    class Change(models.TextChoices):
        STOPPED = "stopped"
        HELD = "held"
        RESTARTED = "restarted"

    text = models.CharField(max_length=300)
    code = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)
    held = models.BooleanField(default=False)
    change = models.CharField(
        max_length=10, choices=Change, blank=True, help_text="blank: a start or a correction"
    )

    PATHS = Paths(Kind.CLINICAL, at="at")

    class Meta(Living.Meta):
        abstract = False
        constraints = [
            *Living.Meta.constraints,
            models.CheckConstraint(
                condition=Q(change="") | Q(corrects__isnull=False), name="medication_change_follows_a_row"
            ),
            models.CheckConstraint(
                condition=Q(held=False) | Q(active=True), name="medication_held_is_on_the_list"
            ),
        ]


class Allergy(Living):
    """An allergy; `none_known` is itself an answer, and not the same as not asked."""

    text = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=40, blank=True)
    none_known = models.BooleanField(default=False)
    active = models.BooleanField(default=True, help_text="False: no longer so, as its reason says")

    PATHS = Paths(Kind.CLINICAL, at="at")


class Reconciliation(Clinical):
    """The lists gone through with the patient, line by line, on this day; an empty list is an answer."""

    medicines = models.JSONField(help_text="the medicines as they stood, in words")
    allergies = models.JSONField(help_text="the allergies as they stood, in words")

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
    document = models.ForeignKey(
        "records.UploadedDocument",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="results",
        help_text="the paper it was read from",
    )

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
    for_patient = models.TextField(blank=True, help_text="what ends it and what would change it, to them")
    look_again_on = models.DateField(
        null=True, blank=True, help_text="the day a 'not now' is looked at again"
    )

    PATHS = Paths(Kind.CLINICAL, course="course_id", at="at")

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(
                condition=Q(outcome="candidate") | ~Q(words=""), name="decision_refusal_has_words"
            ),
        ]
