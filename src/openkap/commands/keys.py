"""`openkap keys export|import|list|for-backups`: the keys of a site, which no backup holds.

`export FILE` writes them all, sealed with a passphrase; `import FILE` puts them back; `list` tells which keys
this site uses, by fingerprint; `for-backups FILE` makes a key that opens backups, and prints what seals them.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from django.utils import timezone

from openkap.commands.site import begin, fail, told


def run(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    folder = begin()
    from openkap.upkeep.places import CannotDo

    try:
        if options.what == "list":
            return _list(folder)
        if options.what == "for-backups":
            return _for_backups(options.file)
        words = _passphrase(options.passphrase_file, twice=options.what == "export")
        if options.what == "export":
            return _export(folder, options.file, words)
        return _import(folder, options.file, words, replace=options.replace)
    except CannotDo as why:
        return fail(str(why))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="openkap keys", description=__doc__)
    ways = parser.add_subparsers(dest="what", required=True)
    ways.add_parser("list", help="which keys this site uses")
    ways.add_parser("for-backups", help="make a key that opens backups").add_argument("file", type=Path)
    for name, help_words in (("export", "write all keys into a file"), ("import", "put keys back")):
        way = ways.add_parser(name, help=help_words)
        way.add_argument("file", type=Path)
        way.add_argument("--passphrase-file", type=Path, help="read the passphrase from this file")
        if name == "import":
            way.add_argument("--replace", action="store_true", help="lay other keys aside")
    return parser


def _passphrase(file: Path | None, *, twice: bool) -> str:
    from openkap.upkeep.places import CannotDo

    if file is not None:
        try:
            return file.read_text().strip()
        except OSError as error:
            raise CannotDo(f"{file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CannotDo(f"{file} is no text, and so no passphrase.") from error
    if not sys.stdin.isatty():
        raise CannotDo("There is nobody to ask for the passphrase. Name a file with --passphrase-file.")
    words = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("Once more: ") != words:
        raise CannotDo("The two were not the same. Nothing was written.")
    return words


def _export(folder: Path, file: Path, words: str) -> int:
    from openkap.permits import Actor
    from openkap.upkeep.backup import key_fingerprints
    from openkap.upkeep.keys import export

    at = timezone.now()
    names = export(folder, file, words, at)
    details = {"fingerprints": key_fingerprints(folder)}
    told(Actor.system("openkap keys"), "keys", at, good=True, file=file.name, details=details)
    print(f"{file}: {', '.join(names)}.")
    print("Keep it away from the backups, and the passphrase away from both. Nobody can open it without.")
    return 0


def _import(folder: Path, file: Path, words: str, *, replace: bool) -> int:
    from openkap.upkeep.keys import bring_in
    from openkap.upkeep.restore import is_filled

    # The keys of a site that holds nothing were made a moment ago and open nothing.
    for line in bring_in(folder, file, words, timezone.now(), replace=replace or not is_filled()):
        print(line)
    return 0


def _for_backups(file: Path) -> int:
    from openkap.upkeep.keys import make_backup_key

    recipient = make_backup_key(file)
    print(f"{file} opens backups sealed for it. Keep it elsewhere, in two places.")
    print(f"OPENKAP_BACKUP_RECIPIENT={recipient}")
    return 0


def _list(folder: Path) -> int:
    from openkap.upkeep.backup import key_fingerprints
    from openkap.upkeep.keys import keys_of

    prints = key_fingerprints(folder)
    for key in keys_of(folder):
        where = "the environment" if key.given else str(key.path)
        print(f"{key.name:<8} {prints.get(key.name, 'not there'):<17} {where}")
    return 0
