"""How old the last good backup is, whether it was proved, what could not be sent, and who is at work.

Decided here (docs/adr/0031-operations.md): a backup is late when it is older than
`OPENKAP_BACKUP_LATE_HOURS`; the watcher is silent after a minute without a pulse. A demonstration site owes
nobody a backup.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from openkap.permits import Scope
from openkap.reads.said import ago
from openkap.records.facts.clock import moment
from openkap.records.models import Event, Organisation, OutgoingMail, Pulse, Site, Upkeep
from openkap.records.scoped import scoped
from openkap.records.site import is_demonstration

SILENT = timedelta(minutes=1)
DRILLED = timedelta(days=100)
LEAST_FREE = 500_000_000
SHOWN = 14


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When the last good one was made, None for never; `late` where it should be newer."""

    at: datetime | None
    late: bool
    words: str


@dataclass(frozen=True, slots=True)
class Done:
    when: str
    what: str
    good: bool
    says: str
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that did not leave. `again`: it can still be tried."""

    id: object
    when: str
    what: str
    why: str
    again: bool


@dataclass(frozen=True, slots=True)
class Running:
    """How this site runs, for its director and administrators."""

    backup: LastBackup
    drill: str
    drill_late: bool
    keys: str
    keys_owed: bool
    watcher: str
    watcher_silent: bool
    waiting: int
    lag: int
    free: int
    done: tuple[Done, ...]
    unsent: tuple[Unsent, ...]


def last_backup(at: datetime) -> LastBackup:
    """The age of the last good backup. One query, two where there is none."""
    last = _last(Upkeep.What.BACKUP)
    if last is None:
        real = Site.objects.filter(demonstration=False).exists()
        return LastBackup(None, real, _("No backup yet"))
    age = max(at - last.at, timedelta(0))
    late = age > timedelta(hours=settings.BACKUP_LATE_HOURS) and not is_demonstration()
    return LastBackup(last.at, late, _("Last backup %(ago)s") % {"ago": ago(last.at, at)})


def is_silent(at: datetime) -> bool:
    """Whether nobody does the rounds. One query."""
    pulse = Pulse.objects.filter(name="watch").first()
    return pulse is None or at - pulse.at > SILENT


def free_bytes() -> int:
    return shutil.disk_usage(Path(settings.DATA_DIR)).free


def running(scope: Scope, place: Organisation, at: datetime, zone: ZoneInfo) -> Running:
    """Everything of the page about the running of this site. Nine queries at most."""
    mail = scoped(OutgoingMail.objects.filter(organisation=place), scope)
    unsent = mail.filter(state=OutgoingMail.State.UNSENT).order_by("-made_at")[:SHOWN]
    drill, keys = _last(Upkeep.What.DRILL), _last(Upkeep.What.KEYS)
    pulse = Pulse.objects.filter(name="watch").first()
    return Running(
        backup=last_backup(at),
        drill=moment(drill.at, zone) if drill else _("Never"),
        drill_late=drill is None or at - drill.at > DRILLED,
        keys=moment(keys.at, zone) if keys else _("Never"),
        keys_owed=keys is None,
        watcher=moment(pulse.at, zone) if pulse else _("Never"),
        watcher_silent=pulse is None or at - pulse.at > SILENT,
        waiting=mail.filter(state=OutgoingMail.State.WAITING).count(),
        lag=Event.objects.filter(link=None).count(),
        free=free_bytes(),
        done=tuple(_done(row, zone) for row in Upkeep.objects.order_by("-at")[:SHOWN]),
        unsent=tuple(_unsent(row, at, zone) for row in unsent),
    )


def owed(at: datetime) -> list[str]:
    """What an operator should look at and what stops nothing, a sentence each. For `openkap check`."""
    found = []
    backup = last_backup(at)
    if backup.late:
        found.append(f"{backup.words}. Run: openkap backup, and see that the watcher runs")
    if is_demonstration() or not Site.objects.exists():
        return found
    if Path(settings.BACKUP_FOLDER).resolve().is_relative_to(Path(settings.DATA_DIR).resolve()):
        found.append(
            "Backups lie in the data folder and go with its disk. Set OPENKAP_BACKUP_FOLDER elsewhere"
        )
    if not settings.BACKUP_RECIPIENT:
        found.append("Backups lie in clear. To seal them: openkap keys for-backups, OPENKAP_BACKUP_RECIPIENT")
    if _last(Upkeep.What.KEYS) is None:
        found.append(
            "The keys were never exported. Without them a backup is of no full use: openkap keys export"
        )
    drill = _last(Upkeep.What.DRILL)
    if drill is None or at - drill.at > DRILLED:
        found.append("No backup was proved lately. Run: openkap drill")
    return found


def _last(what: str) -> Upkeep | None:
    return Upkeep.objects.filter(what=what, good=True).order_by("-at").first()


def _done(row: Upkeep, zone: ZoneInfo) -> Done:
    words = {
        Upkeep.What.BACKUP: _("Backup"),
        Upkeep.What.RESTORE: _("Restored"),
        Upkeep.What.DRILL: _("Restore drill"),
        Upkeep.What.KEYS: _("Keys exported"),
        Upkeep.What.MIGRATION: _("Brought to a new version"),
    }
    what = words[Upkeep.What(row.what)]
    return Done(moment(row.at, zone), what, row.good, row.says, row.file, row.size)


def _unsent(row: OutgoingMail, at: datetime, zone: ZoneInfo) -> Unsent:
    whys = {
        "late": _("Its time was over before it could be sent"),
        "SMTPRecipientsRefused": _("The address was refused"),
        "ValueError": _("The address is none"),
    }
    what = _("An alert to a colleague") if row.patient_id is None else _("A message to a patient")
    if row.what.startswith("unsent_invitation"):
        what = _("An invitation")
    still = row.until is None or at < row.until
    why = whys.get(row.why) or _("The mail server did not take it (%(kind)s)") % {"kind": row.why}
    return Unsent(row.pk, moment(row.made_at, zone), what, why, bool(row.sealed) and still)
