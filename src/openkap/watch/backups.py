"""The nightly backup: begun by the watcher, made by a process of its own, so that no other duty waits.

Decided here (docs/adr/0031-operations.md): once a day from the hour that `OPENKAP_BACKUP_HOUR` names, in UTC;
one that failed is tried again an hour later. A site that was off at its hour makes up for it when it is back.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from openkap.records.models import Site, Upkeep

log = logging.getLogger("openkap.watch")

AGAIN_AFTER = timedelta(hours=1)


class BackupDuty:
    """Begins a backup when one is due; says so when it failed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: subprocess.Popen[bytes] | None = None
        self._began: datetime | None = None

    def __call__(self, at: datetime) -> None:
        if self._running is not None:
            if (status := self._running.poll()) is None:
                return
            self._running = None
            if status:
                log.error("the backup did not succeed; it will be tried again in an hour")
        if is_due(at) and (self._began is None or at - self._began >= AGAIN_AFTER):
            self._began = at
            environment = {**os.environ, "OPENKAP_DATA": str(self.folder)}
            self._running = subprocess.Popen(
                [sys.executable, "-m", "openkap.cli", "backup", "--scheduled"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )


def is_due(at: datetime) -> bool:
    """Whether the last good backup is older than the last hour at which one should have been made."""
    site = Site.objects.first()
    if settings.BACKUP_HOUR is None or site is None:
        return False
    slot = at.replace(hour=settings.BACKUP_HOUR, minute=0, second=0, microsecond=0)
    slot = slot if slot <= at else slot - timedelta(days=1)
    made = Upkeep.objects.filter(what=Upkeep.What.BACKUP, good=True, at__gte=slot)
    return site.born_at < slot and not made.exists()
