"""Is this site safe to run? Every fault in a sentence that says what to do.

Decided here: a demonstration site may run with keys made on the spot and without TLS, because it is
on the loopback address and holds invented people only. A real site may not.
"""

from __future__ import annotations

import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from openkap.medicine.dated import nagging
from openkap.reads import serving
from openkap.reads.staff_standing import ended_here
from openkap.reads.upkeep import owed
from openkap.records.facts.crisis import without_a_line
from openkap.records.guards import missing
from openkap.records.licensed import take_words
from openkap.records.models import Event, Organisation
from openkap.records.process_store import fault as process_fault
from openkap.records.site import is_born, is_demonstration

CHAIN_LAG = timedelta(minutes=5)


def unsafe() -> list[str]:
    """What keeps this site from starting; empty is how it should be."""
    faults = [
        f"The table {table} can be changed: its triggers are missing. Run: openkap migrate"
        for table in missing()
    ]
    faults += _folder(Path(settings.DATA_DIR))
    if not is_born():
        faults.append(
            "This site has not been set up. Run: openkap setup, for a real one, or: openkap demo, for a"
            " demonstration"
        )
    elif not is_demonstration():
        faults += _real_site()
    if closed := process_fault(real=is_born() and not is_demonstration()):
        faults.append(closed)
    faults += serving.faults()
    if settings.DEBUG:
        faults.append("DEBUG is on. It shows the inside of the site to strangers; take it out")
    return faults


def notes(at: datetime) -> list[str]:
    """What is worth knowing and stops nothing."""
    found = []
    if is_demonstration():
        found.append(
            "This is a demonstration site. It holds invented people and refuses real mail, SMS and cards."
        )
    for place in Organisation.objects.order_by("name"):
        if ended := ended_here(place, at):
            found.append(
                f"{place.name}: {ended} of the staff's licenses and certificates ended or were not valid."
                " See /lead/standing/"
            )
    oldest = Event.objects.filter(link=None).order_by("seq").first()
    if oldest is not None and at - oldest.at > CHAIN_LAG:
        since = f"{oldest.at:%Y-%m-%d %H:%M} UTC"
        found.append(f"The trail has not been chained since {since}. Is the watcher running?")
    found += [
        f"{row.rule.title}: {'ends on' if row.ends else 'to be read again by'} {row.until}. Then: {row.then}"
        for row in nagging(at.date())
    ]
    return found + _no_crisis_line() + own_words() + owed(at)


def _no_crisis_line() -> list[str]:
    return [
        f"{name}: no crisis line is known for its country ({country or 'not known'}). Its patients are told"
        " to call emergency services. Name a line on its public page, or set OPENKAP_CRISIS_NUMBER"
        for name, country in without_a_line()
    ]


def own_words() -> list[str]:
    """The practice's own licensed texts: which were taken, and which not and why."""
    taken = take_words()
    named = ", ".join(f"{words.title} ({words.language})" for words in taken.texts)
    found = [f"Questionnaires in words of your own license: {named}"] if named else []
    return found + [
        f"Words were not taken: {why} The form asks for its numbers only" for why in taken.refused
    ]


def _folder(folder: Path) -> list[str]:
    mode = folder.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [f"Others can look into the data folder {folder}. Run: chmod 700 {folder}"]
    return []


def _real_site() -> list[str]:
    faults = []
    if not (os.environ.get("OPENKAP_SECRET_KEY") or os.environ.get("OPENKAP_SECRET_KEY_FILE")):
        faults.append(
            "OPENKAP_SECRET_KEY is not set. Give a long random secret, or a file in OPENKAP_SECRET_KEY_FILE"
        )
    if settings.MAIL_SERVER is None:
        faults.append("No mail server is set. Links cannot reach patients; set OPENKAP_MAIL_URL")
    return faults
