"""`openkap migrate`: bring the database to this version, after a backup of what is in it.

It says what it does. A database that a newer OpenKAP made is refused. `--plan` only says what would be done;
`--no-backup` leaves the backup out.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from openkap.commands.site import begin, fail, newer, told


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="openkap migrate", description=__doc__)
    parser.add_argument("--plan", action="store_true", help="only say what would be done")
    parser.add_argument("--no-backup", action="store_true", help="make no backup first")
    options = parser.parse_args(argv)
    folder = begin()
    from openkap.upkeep.pending import INTERRUPTED, is_pending
    from openkap.upkeep.places import CannotDo
    from openkap.upkeep.restore import is_filled

    if is_pending(folder):
        return fail(INTERRUPTED)
    try:
        if why := newer():
            return fail(why)
        waiting = _waiting()
        filled = bool(waiting) and is_filled()
        if filled or options.plan:
            _say(waiting)
        if options.plan:
            return 0
        at = timezone.now()
        if filled and not options.no_backup:
            _backup(folder, at)
        if waiting and not filled:
            print("  making the tables; this takes up to a minute", flush=True)
        call_command("migrate", verbosity=0)
        if filled:
            _tell(at, waiting)
    except CannotDo as why_not:
        return fail(f"No backup could be made, so nothing was changed. {why_not}")
    except DatabaseError as error:
        return fail(f"The database could not be brought up to date: {error}. Nothing of it was removed.")
    return 0


def _waiting() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label} {migration.name}" for migration, _backwards in plan]


def _say(waiting: list[str]) -> None:
    if not waiting:
        print("The database is of this version. There is nothing to do.")
        return
    print(f"The database lacks {len(waiting)} migrations: {', '.join(waiting)}.")


def _backup(folder: Path, at: datetime) -> None:
    from openkap.upkeep.backup import make_backup
    from openkap.upkeep.progress import Progress

    made = make_backup(folder, at=at, say=Progress(), why="migration")
    print(f"Backed up first: {made.path}")


def _tell(at: datetime, waiting: list[str]) -> None:
    from openkap.permits import Actor

    details = {"applied": waiting}
    told(Actor.system("openkap migrate"), "migration", at, good=True, details=details)
    print("The database is of this version now.")
