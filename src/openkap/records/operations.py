"""What keeps the site itself running: mail on its way out, the watcher's pulse, backups made and proved.

Decided here (docs/adr/0031-operations.md): a message is a row of the step that wants it sent, so that it
leaves if and only if the step came through; its words lie sealed, since they hold links in clear, and are
gone once it has left. What was done to the site (a backup, a restore, a drill) is added, never changed.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Authored, Paths, Row
from openkap.records.ids import new_id


class OutgoingMail(Row):
    """One message: whose, about what, how far it came. `sealed` is empty once nothing is to be sent."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        UNSENT = "unsent"
        HELD = "held"

    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey("records.Course", null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=40, help_text="what its task is called if it cannot be sent")
    sealed = models.BinaryField(help_text="address, subject and words, under the site's key")
    made_at = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="of no use after this: its link has ended")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, blank=True, help_text="the kind of fault only, never its words")

    PATHS = Paths(Kind.STAFF, patient=None)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="mail_waiting", condition=Q(state="waiting")),
            models.Index(
                fields=["organisation", "-made_at"], name="mail_unsent", condition=Q(state="unsent")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="mail_ended_or_waiting",
            ),
        ]


class Pulse(models.Model):
    """When a process of this site last said that it is at work."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()


class Upkeep(Authored):
    """Something done to the site as a whole, and whether it went well. Added, never changed."""

    class What(models.TextChoices):
        BACKUP = "backup"
        RESTORE = "restore"
        DRILL = "drill"
        KEYS = "keys"
        MIGRATION = "migration"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField(help_text="when it began")
    ended_at = models.DateTimeField()
    good = models.BooleanField()
    says = models.CharField(max_length=400, blank=True)
    file = models.CharField(max_length=200, blank=True, help_text="the file's name, without its folder")
    size = models.BigIntegerField(default=0, help_text="bytes")
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["what", "-at"], name="upkeep_what_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gte=models.F("at")), name="upkeep_ends_after_it_began"
            ),
        ]
