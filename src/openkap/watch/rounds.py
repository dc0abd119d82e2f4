"""The watcher's rounds: chain the trail, ask what the schedule wants, hand on what nobody took.

Decided here: every round is safe to do twice and safe to miss once. The watcher never does clinical
work; it makes tasks that a person must close.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from openkap.permits import Actor
from openkap.records.session_store import SessionStore
from openkap.records.statistics import refresh_statistics
from openkap.steps.alerts import pass_on_alerts
from openkap.steps.chain import Linked, link_events
from openkap.steps.consent_again import ask_where_due
from openkap.steps.follow_up import follow_courses
from openkap.steps.leaving import end_departures
from openkap.steps.mail import forget_old_mail, send_waiting
from openkap.steps.parting import end_run_out
from openkap.steps.standing_ends import tell_of_ends
from openkap.steps.upkeep import beat
from openkap.steps.windows import warn_of_closing_windows
from openkap.watch.backups import BackupDuty

log = logging.getLogger("openkap.watch")

BY = Actor.system("watch")


@dataclass(slots=True)
class Round:
    """One duty and how often it is done."""

    name: str
    every: timedelta
    work: Callable[[datetime], object]
    next_at: datetime | None = None


def rounds(folder: Path) -> list[Round]:
    linked = Linked()
    return [
        Round("chain", timedelta(seconds=1), lambda at: link_events(at=at, folder=folder, linked=linked)),
        Round("sessions", timedelta(days=1), lambda _at: SessionStore.clear_expired()),
        Round("statistics", timedelta(days=1), lambda _at: refresh_statistics()),
        Round("departures", timedelta(seconds=30), lambda at: end_departures(by=BY, at=at)),
        Round("alerts", timedelta(seconds=30), lambda at: pass_on_alerts(by=BY, at=at)),
        Round("asking", timedelta(minutes=5), lambda at: follow_courses(by=BY, at=at)),
        Round("consents", timedelta(minutes=5), lambda at: ask_where_due(by=BY, at=at)),
        Round("sharing", timedelta(minutes=1), lambda at: end_run_out(by=BY, at=at)),
        Round("licenses", timedelta(hours=1), lambda at: tell_of_ends(by=BY, at=at)),
        Round("windows", timedelta(minutes=1), lambda at: warn_of_closing_windows(by=BY, at=at)),
        Round("old mail", timedelta(days=1), lambda at: forget_old_mail(at=at)),
        Round("pulse", timedelta(seconds=10), lambda at: beat("watch", at)),
        Round("backup", timedelta(minutes=1), BackupDuty(folder)),
        # Last, so that what the duties before it wanted to say leaves in the same round.
        Round("mail", timedelta(seconds=1), lambda at: send_waiting(by=BY, at=at)),
    ]


def go_round(duties: list[Round], at: datetime) -> None:
    """Do what is due at `at`. A database that cannot answer now is asked again next time.

    Whatever else goes wrong in one duty is logged and stops no other: alerts must be handed on.
    """
    for duty in duties:
        if duty.next_at is not None and at < duty.next_at:
            continue
        duty.next_at = at + duty.every
        try:
            duty.work(at)
        except DatabaseError as error:
            log.warning("%s could not be done and will be tried again: %s", duty.name, error)
        except Exception as error:  # noqa: BLE001 said by kind and place: its words may name someone
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error("%s failed: %s at %s:%s", duty.name, type(error).__name__, place.name, place.lineno)


def keep_watch(folder: Path, stop: threading.Event) -> None:
    """Until told to stop."""
    duties = rounds(folder)
    while not stop.wait(0.5):
        close_old_connections()
        go_round(duties, timezone.now())
