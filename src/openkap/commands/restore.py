"""`openkap restore FILE`: read a backup back, into an empty site, or with --replace in place of what is here.

The site must not be running. What is here is backed up first. A restore that was cut off is ended, or taken
back where it had changed nothing, by `openkap restore --finish`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from django.db import DatabaseError
from django.utils import timezone

from openkap.commands.site import begin, fail


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="openkap restore", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="the backup")
    parser.add_argument("--replace", action="store_true", help="in place of the data that is here")
    parser.add_argument("--key", default="", help="the file of the key that opens a sealed backup")
    parser.add_argument("--finish", action="store_true", help="end a restore that was interrupted")
    options = parser.parse_args(argv)
    if bool(options.file) == options.finish:
        return fail("Name the backup to restore, or say --finish for one that was interrupted.")
    folder = begin()
    from openkap.upkeep.after import finish
    from openkap.upkeep.pending import is_pending
    from openkap.upkeep.places import CannotDo
    from openkap.upkeep.progress import Progress
    from openkap.upkeep.restore import restore

    try:
        if is_pending(folder):
            _say_finished(folder, finish(folder, timezone.now()))
        elif options.finish:
            print("No restore was interrupted.")
        if options.finish:
            return 0
        restore(
            folder,
            options.file.absolute(),
            at=timezone.now(),
            say=Progress(),
            replace=options.replace,
            key_file=options.key,
        )
        return _say_finished(folder, finish(folder, timezone.now()))
    except CannotDo as why:
        return fail(str(why))
    except OSError as error:
        return fail(
            f"The disk did not let it be done: {error.strerror or error}. When that is mended, run: openkap"
            " restore --finish. It ends what had begun, or says that nothing had."
        )
    except DatabaseError as error:
        return fail(f"The database cannot be used ({type(error).__name__}). Run this again: {error}")


def _say_finished(folder: Path, note: object) -> int:
    from openkap.upkeep.after import summary
    from openkap.upkeep.pending import Pending

    if not isinstance(note, Pending):
        print("The interrupted restore had changed nothing, and was taken back.")
        return 0
    for line in summary(folder, note):
        print(line)
    return 0
