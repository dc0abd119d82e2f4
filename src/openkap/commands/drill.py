"""`openkap drill [FILE]`: prove that a backup, the newest where none is named, can be restored and used.

It is restored into a place that is thrown away; the site itself goes on. The verdict is noted in the site.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from openkap.commands.site import begin, fail, told, unready


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="openkap drill", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="the backup; absent: the newest of the site's own")
    parser.add_argument("--key", default="", help="the file of the key that opens a sealed backup")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    folder = begin()
    from openkap.upkeep.places import CannotDo, newest

    try:
        if options.here:
            return _prove_here(folder, options.file, options.key)
        if why := unready():
            return fail(why)
        file = options.file.absolute() if options.file else newest(Path(settings.BACKUP_FOLDER))
        return _drill(folder, file, options.key or settings.BACKUP_KEY_FILE)
    except CannotDo as why_not:
        return fail(str(why_not))


def _drill(folder: Path, file: Path, key_file: str) -> int:
    from openkap.permits import Actor
    from openkap.upkeep.drill import drill

    at = timezone.now()
    verdict = drill(folder, file, key_file)
    for line in verdict.lines:
        print(line)
    failed = [line for line in verdict.lines if not line.startswith("proved")]
    says = failed[0] if failed else f"{len(verdict.lines)} things proved in {verdict.seconds:.0f} s."
    by = Actor.system("openkap drill")
    told(by, "drill", at, good=verdict.good, says=says, file=file.name, size=file.stat().st_size)
    print(f"{'Good' if verdict.good else 'Not good'}: {file.name}, in {verdict.seconds:.1f} s.")
    return 0 if verdict.good else 1


def _prove_here(folder: Path, file: Path, key_file: str) -> int:
    """Inside the throwaway place: restore, then ask."""
    from openkap.upkeep.after import finish
    from openkap.upkeep.progress import Progress
    from openkap.upkeep.proof import prove
    from openkap.upkeep.restore import restore

    restore(folder, file, at=timezone.now(), say=Progress(quiet=True), key_file=key_file)
    note = finish(folder, timezone.now())
    if note is None:
        return fail("The restore did not take place.")
    print(f"proved: {file.name} is what was written, and its database was put in place")
    good = True
    for line in prove(folder, note):
        print(line, flush=True)
        good &= line.startswith("proved")
    return 0 if good else 1
