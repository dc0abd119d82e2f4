"""`openkap backup [FILE] [--to FOLDER]`: a copy of the whole site, without its keys.

Without either it goes into the site's own backup folder, under a name of its own, and the oldest go.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils import timezone

from openkap.commands.site import begin, fail, newer, told


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="openkap backup", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="the file to write")
    parser.add_argument("--to", type=Path, help="the folder to write it into, under a name of its own")
    parser.add_argument("--scheduled", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.file and options.to:
        return fail("Name a file, or a folder with --to, not both.")
    folder = begin()
    if why := newer():
        return fail(why)
    from openkap.permits import Actor
    from openkap.upkeep.backup import details_of, make_backup
    from openkap.upkeep.places import CannotDo, in_words
    from openkap.upkeep.progress import Progress

    at, by = timezone.now(), Actor.system("watch" if options.scheduled else "openkap backup")
    try:
        made = make_backup(
            folder, at=at, say=Progress(quiet=options.scheduled), to=options.to, file=options.file
        )
    except CannotDo as why_not:
        told(by, "backup", at, good=False, says=str(why_not))
        return fail(str(why_not))
    told(
        by,
        "backup",
        at,
        good=True,
        file=made.path.name,
        size=made.size,
        details=details_of(made),
    )
    if not options.scheduled:
        print(f"{made.path}: {in_words(made.size)}, {sum(made.counts.values())} rows.")
        print("No key is in it. Without the keys it cannot be used in full: openkap keys export")
    return 0
