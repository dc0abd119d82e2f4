"""The dosing day: the order, the second person, what was given, what was seen, going home.

Decided here: every row is added, none is changed; doses are Decimal milligrams; a reading keeps all
signals of one moment. One live session a room is the database's to hold (courses.Session).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Clinical, Paths
from openkap.records.courses import Session
from openkap.records.people import Person

_PATHS = Paths(
    Kind.CLINICAL, course="session.course_id", session="session_id", room="session.room_id", at="at"
)


class Order(Clinical):
    """What is to be given: by weight, or in tablets, sprays or devices of `unit_mg`.

    `booster_of` is the order that a further dose in the same session follows; blank for the dose itself.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="orders")
    route = models.CharField(max_length=20)
    mg = models.DecimalField(max_digits=8, decimal_places=2)
    mg_per_kg = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    duration_min = models.PositiveSmallIntegerField(null=True)
    concentration_mg_per_ml = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    ml = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    arithmetic = models.JSONField(default=list, help_text="line by line, as shown to those who check it")
    level = models.CharField(max_length=10)
    verdict = models.JSONField()
    booster_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="boosters"
    )
    unit_mg = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    units = models.PositiveSmallIntegerField(null=True, help_text="tablets, sprays or devices")
    hold_min = models.PositiveSmallIntegerField(null=True, help_text="under the tongue: how long to hold")
    after_hold = models.CharField(max_length=10, blank=True, default="", help_text="spat or swallowed")
    indication = models.CharField(max_length=10, blank=True, default="", help_text="esketamine: trd, mdsi")

    PATHS = _PATHS

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(condition=Q(mg__gt=0), name="order_some"),
        ]


class Confirmation(Clinical):
    """A second person has checked the order and what was drawn for it, under their own name.

    `proof` says how they showed who they are: their own sign-in, or their own password and code on
    somebody else's screen.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="confirmations")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="confirmations")
    draw = models.OneToOneField(
        "records.Draw", null=True, on_delete=models.PROTECT, related_name="confirmation"
    )
    proof = models.CharField(max_length=20, default="sign_in")
    label = models.CharField(max_length=80, blank=True, default="", help_text="the name read on the package")

    PATHS = _PATHS


class Administration(Clinical):
    """What was given. `ended_at` of an infusion comes as a correction that adds it."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="administrations")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="administrations")
    mg = models.DecimalField(max_digits=8, decimal_places=2)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    PATHS = _PATHS

    class Meta(Clinical.Meta):
        constraints = [
            *Clinical.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("at")), name="administration_in_order"
            ),
        ]


class Reading(Clinical):
    """All signals of one moment. Blank is not measured. `source` tells hand from recording."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="readings")
    sbp = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    dbp = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    hr = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    spo2 = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    rr = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    temp_c = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    etco2 = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    moaas = models.PositiveSmallIntegerField(null=True)
    cadss6 = models.PositiveSmallIntegerField(null=True)
    played = models.BooleanField(default=False, help_text="from a recording, on a demonstration site")

    PATHS = _PATHS

    class Meta(Clinical.Meta):
        indexes = [models.Index(fields=["session", "at"], name="reading_session_at")]


class Prompt(Clinical):
    """One line of an episode: it opened, it rose, it closed, or a check fell due."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="prompts")
    level = models.CharField(max_length=10)
    signal = models.CharField(max_length=12)
    value = models.CharField(max_length=40, blank=True)
    rule = models.CharField(max_length=40)
    because = models.CharField(max_length=300)
    action = models.CharField(max_length=300, blank=True)
    line = models.JSONField(default=dict)

    PATHS = _PATHS


class RoomEvent(Clinical):
    """Something that happened in the room: speaking, tears, paused, a medicine given, a timer set.

    `dose` is a medicine's amount as it was said; `due_at` is when a timer rings.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="room_events")
    what = models.CharField(max_length=20)
    words = models.CharField(max_length=1000, blank=True)
    dose = models.CharField(max_length=100, blank=True)
    due_at = models.DateTimeField(null=True)

    PATHS = _PATHS


class Discharge(Clinical):
    """Going home: each item met or not, who said so, with whom, and what was given to take along.

    `instructions` names the text and its version; `identified` is how the escort showed who they are.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="discharges")
    items = models.JSONField()
    level = models.CharField(max_length=10)
    escort_name = models.CharField(max_length=200)
    identified = models.CharField(max_length=40, blank=True)
    instructions = models.CharField(max_length=80, blank=True)

    PATHS = _PATHS


class NextDayCall(Clinical):
    """One try to reach someone the day after: reached or not, how they are, and who looks at what was found.

    `answers` holds each question's answer by its key, `findings` the rules that ask for a person.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="next_day_calls")
    reached = models.BooleanField()
    answers = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    words = models.CharField(max_length=2000, blank=True)

    PATHS = _PATHS
