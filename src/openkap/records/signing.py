"""Who put their name to what: a route's rules, a drawn syringe, a line of the gate, the day's answers.

Decided here: a route's signing keeps the numbers as they stood, so that what changed since can be told;
it is withdrawn by another row. A drawn dose belongs to one order; drawn again, it is another row that
corrects the first. Going ahead is for one line as it read then: once the facts change, it counts no
more (docs/adr/0021-gate.md).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Authored, Clinical, Paths, Row
from openkap.records.courses import Session
from openkap.records.dose import Order
from openkap.records.people import Organisation

_OF_A_SESSION = Paths(
    Kind.CLINICAL, course="session.course_id", session="session_id", room="session.room_id", at="at"
)


class RouteSigning(Row, Authored):
    """A medical director signed a route's set of rules, or withdrew that. Added, never changed."""

    class Act(models.TextChoices):
        SIGNED = "signed"
        WITHDRAWN = "withdrawn"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="route_signings")
    route = models.CharField(max_length=20)
    act = models.CharField(max_length=10, choices=Act)
    ruleset = models.CharField(max_length=60, help_text="the name of the set, as the command prints it")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of every number, word and source")
    numbers = models.JSONField(default=dict, help_text="path of each number to how it read then")
    words = models.CharField(max_length=500)
    at = models.DateTimeField()

    PATHS = Paths(Kind.RULES, patient=None, at="at")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["organisation", "route", "at"], name="route_signing_newest")]


class Draw(Clinical):
    """What was drawn up for an order, by whom, from which concentration."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="draws")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="draws")
    concentration_mg_per_ml = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    ml = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    mg = models.DecimalField(max_digits=8, decimal_places=2)
    arithmetic = models.JSONField(default=list, help_text="line by line, as shown to the second person")
    unit_mg = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    units = models.PositiveSmallIntegerField(null=True, help_text="tablets, sprays or devices laid out")
    label = models.CharField(max_length=80, blank=True, default="", help_text="the name read on the package")

    PATHS = _OF_A_SESSION

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(condition=Q(mg__gt=0), name="draw_some"),
        ]


class Escort(Clinical):
    """The adult who takes the patient home from this session."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="escorts")
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    relation = models.CharField(max_length=80, blank=True)

    # Of a kind of its own: the front desk calls them, and reads nothing clinical for it.
    PATHS = Paths(
        Kind.ESCORT, course="session.course_id", session="session_id", room="session.room_id", at="at"
    )


class DayAnswer(Clinical):
    """One thing asked on the day of a dose: identity, food, drink, health since, kit, who stays."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="day_answers")
    question = models.CharField(max_length=20)
    value = models.JSONField(default=dict)

    PATHS = _OF_A_SESSION


class GoAhead(Clinical):
    """Someone who may goes ahead over one line of the gate, with a reason, as the line read then."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="go_aheads")
    rule = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    because = models.CharField(max_length=500)
    words = models.CharField(max_length=500)

    PATHS = _OF_A_SESSION
