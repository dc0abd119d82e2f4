"""A practice's own words for what is known: a claim with its sources, in one language, version by version.

Decided here: a card is added and never changed; another version follows it, and a version that withdraws it
says why. What is published is for everyone to read, as a public page is (docs/adr/0036-what-is-known.md).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Authored, Paths, Row
from openkap.records.people import Organisation


class EvidenceCard(Row, Authored):
    """One version of a claim. `claim` names a card of the library, or one of the practice's own."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evidence_cards")
    claim = models.SlugField(max_length=40)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    asks = models.CharField(max_length=200, blank=True)
    patient = models.CharField(max_length=1200, blank=True, help_text="the words patients read")
    staff = models.CharField(max_length=2000, blank=True, help_text="the words staff read")
    strength = models.CharField(max_length=300, blank=True, help_text="how strong it is, in words")
    not_said = models.CharField(max_length=600, blank=True, help_text="what it does not say")
    sources = models.JSONField(default=list, help_text="keys of the bibliography")
    routes = models.JSONField(default=list, help_text="which ways of giving it speaks to; empty: any")
    withdrawn = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    PATHS = Paths(Kind.RULES, patient=None, at="at")

    class Meta:
        ordering = ["claim", "language", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "claim", "language", "version"], name="evidence_card_version_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | ~Q(reason=""), name="evidence_card_withdrawn_has_reason"
            ),
        ]
