"""A clinic's own numbers: what was proposed, who signed it, and from when it holds.

Decided here: a change is one rule with every number it moves, what each was, and the reason; it is added and
never changed. What became of it are rows beside it: signed, signed by a second clinician, put aside. A change
holds from the day its signature names, and not before the second name where that is asked.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Authored, Paths, Row
from openkap.records.people import Organisation


class RuleChange(Row, Authored):
    """Other numbers for one rule, as somebody wrote them down. It counts once it is signed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rule_changes")
    rule = models.CharField(max_length=40)
    numbers = models.JSONField(help_text="name to value, unit and what it was, as text")
    reason = models.CharField(max_length=500)
    origin = models.CharField(max_length=80, blank=True, help_text="the set of another clinic it came with")
    at = models.DateTimeField()

    PATHS = Paths(Kind.RULES, patient=None, at="at")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["organisation", "at"], name="rule_change_newest")]


class RuleChangeAct(Row, Authored):
    """What became of a change: signed with the moment it holds from, seconded, or put aside."""

    class Act(models.TextChoices):
        SIGNED = "signed"
        SECONDED = "seconded"
        PUT_ASIDE = "put_aside"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    change = models.ForeignKey(RuleChange, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=10, choices=Act)
    words = models.CharField(max_length=500)
    from_at = models.DateTimeField(null=True, help_text="from when it holds; of a signature only")
    at = models.DateTimeField()

    PATHS = Paths(Kind.RULES, patient=None, at="at")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "act"], name="rule_change_each_act_once"),
            models.CheckConstraint(
                condition=Q(from_at__isnull=True) | Q(act="signed", from_at__gte=models.F("at")),
                name="rule_change_never_backwards",
            ),
        ]
