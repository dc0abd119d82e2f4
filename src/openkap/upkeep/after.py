"""What follows once a restored database is in its place: done again from where it stopped, never twice.

Decided here (docs/adr/0031-operations.md): in this order, each safe to repeat: the process notes take their
place, the database is brought to this version, the restore is told in it, the trail's heads say what was
lost.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from openkap.permits import Actor
from openkap.records.models import Upkeep
from openkap.steps.chain import is_signed_here, link_events, write_restored
from openkap.steps.restored import tell_restored
from openkap.upkeep import pending
from openkap.upkeep.backup import HEADS, PROCESS
from openkap.upkeep.pending import Pending
from openkap.upkeep.places import to_disk
from openkap.upkeep.restore import warnings

BY = Actor.system("openkap restore")


def finish(folder: Path, at: datetime) -> Pending | None:
    """End a restore that is under way. None where none was, or where it had changed nothing yet."""
    note = pending.read(folder)
    if note is None:
        return None
    if pending.mark() == note.id:
        _place_process_notes(folder, note)
        call_command("migrate", verbosity=0)
        _tell(note, at)
    elif not _is_told(note):
        pending.clear(folder)
        return None
    _place_heads(folder)
    write_restored(folder, note.id, note.made_at, note.lost, at)
    while link_events(at=at, folder=folder):
        pass
    pending.clear(folder)
    return note


def _tell(note: Pending, at: datetime) -> None:
    """The rows that tell of it and the end of its mark stand or fall together."""
    details = {"made_at": note.made_at, "fingerprint": note.fingerprint, "lost": note.lost}
    with transaction.atomic():
        tell_restored(
            by=BY,
            at=at,
            id=UUID(note.id),
            made_at=datetime.fromisoformat(note.made_at),
            file=note.file,
            size=note.size,
            details={**details, "ends": {chain: end["place"] for chain, end in note.ends.items()}},
        )
        pending.unmark()


def _is_told(note: Pending) -> bool:
    there = Upkeep._meta.db_table in connection.introspection.table_names()
    return there and Upkeep.objects.filter(pk=note.id).exists()


def _place_process_notes(folder: Path, note: Pending) -> None:
    """Sealed as they are. A log of the old file must not be read into the new one."""
    staged = pending.staging(folder) / PROCESS
    if not note.process or not staged.exists():
        return
    target = Path(settings.PROCESS_STORE)
    fresh = target.with_name(f".{target.name}.part")
    shutil.copyfile(staged, fresh)
    fresh.chmod(0o600)
    to_disk(fresh)
    for ending in ("-journal", "-wal", "-shm"):
        Path(f"{target}{ending}").unlink(missing_ok=True)
    fresh.replace(target)
    to_disk(target.parent)


def _place_heads(folder: Path) -> None:
    """In a new folder the backup's heads are all that is known. Those of another key are laid beside."""
    staged, here = pending.staging(folder) / HEADS, folder / HEADS
    if not staged.is_dir() or any(here.glob("*.jsonl")):
        return
    place = here if is_signed_here(folder, staged) else here / "signed-with-another-key"
    place.mkdir(parents=True, mode=0o700, exist_ok=True)
    for path in staged.glob("*.jsonl"):
        shutil.copyfile(path, place / path.name)


def summary(folder: Path, note: Pending) -> list[str]:
    """What was done, what is not here any more and what stays shut, a sentence each."""
    gone = {chain: to - note.ends.get(chain, {"place": 0})["place"] for chain, to in note.lost.items()}
    lost = sum(number for number in gone.values() if number > 0)
    said = [f"Restored from {note.file}, made {note.made_at[:16].replace('T', ' ')} UTC."]
    if lost:
        said.append(
            f"The trail knew of {lost} more events, which are not here. "
            "Each practice has a task to go through them."
        )
    said += warnings(folder, note.keys)
    said.append("Everyone signs in again. Check it now: openkap verify-trail --explain, then openkap check")
    return said
