"""What was given in a dose, part by part: an injection, tablets, a swallowed dose, sprays, a device.

Decided here: a dose by any route but the vein is one row a part, added as it was given; what was given in
all is the sum of the parts that stand. How long tablets were held, and whether what was left was spat out
or swallowed, comes as a correction that adds it: exposure changes with both (dossier 3.1).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openkap.permits import Kind
from openkap.records.base import Clinical, Paths
from openkap.records.courses import Session
from openkap.records.dose import Order


class GivenPart(Clinical):
    """One part of a dose, given at `at`. `mg` is this part's; which columns are filled is the route's.

    `number` counts the parts of its order from 1. `units` are tablets, sprays or devices, of which `left`
    and `right` go by nostril; `site` is where an injection went; `ended_at` is when a hold was over.
    """

    class After(models.TextChoices):
        SPAT = "spat"
        SWALLOWED = "swallowed"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="given_parts")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="given_parts")
    number = models.PositiveSmallIntegerField()
    mg = models.DecimalField(max_digits=8, decimal_places=2)
    units = models.PositiveSmallIntegerField(null=True)
    left = models.PositiveSmallIntegerField(null=True)
    right = models.PositiveSmallIntegerField(null=True)
    site = models.CharField(max_length=30, blank=True, default="")
    held_min = models.PositiveSmallIntegerField(null=True)
    after_hold = models.CharField(max_length=10, choices=After, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True, default="")

    PATHS = Paths(
        Kind.CLINICAL, course="session.course_id", session="session_id", room="session.room_id", at="at"
    )

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(condition=Q(mg__gt=0), name="givenpart_some"),
            models.CheckConstraint(condition=Q(number__gt=0), name="givenpart_numbered"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("at")), name="givenpart_in_order"
            ),
            models.CheckConstraint(
                condition=Q(after_hold="") | Q(held_min__isnull=False), name="givenpart_hold_whole"
            ),
        ]
