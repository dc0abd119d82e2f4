"""The `openkap` command: one word chooses what it does.

Decided here: the names of the commands. Each is a module of `openkap.commands` with a function
`run(argv) -> int`, imported only when it is asked for, so that the medicine starts quickly and needs
neither Django nor a database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from io import TextIOWrapper

MEDICINE = {
    "score": "score questionnaires",
    "change": "say whether a change between two scores is real",
    "outcomes": "describe a group: rates, effect sizes, how long a response lasted",
    "screen": "say what speaks for or against dosing a person",
    "dose": "work out a dose and check its limits",
    "monitor": "play a recording of a dosing session and print its prompts",
    "discharge": "say whether a person may go home",
    "rules": "print the rules, or export them for signing",
    "sources": "print the bibliography",
}
SITE = {
    "setup": "make a real site, or go on with making it",
    "serve": "run the server with its worker and watcher",
    "migrate": "bring the database to this version",
    "check": "name every missing or unsafe setting",
    "demo": "fill an empty site with the demonstration practices",
    "watch": "do the rounds of what must not be forgotten",
    "month": "print one month of a practice, as its medical director reads it",
    "verify-trail": "prove the audit trail",
    "import-patient": "read a FHIR R4 bundle",
    "play": "play a recording into a room of a demonstration site",
    "backup": "write a backup",
    "restore": "read a backup back",
    "drill": "prove that the newest backup can be restored",
    "keys": "take the keys out, or put them back",
}
COMMANDS = {**MEDICINE, **SITE}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0 done, 1 done but some cases could not be used, 2 could not be done."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, TextIOWrapper):
        # The same bytes under every locale; what no text can hold is escaped as JSON escapes it.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        sys.stdout.write(_usage())
        return 0
    if arguments[0] in ("-V", "--version"):
        from openkap import __version__

        sys.stdout.write(f"openkap {__version__}\n")
        return 0
    name, *rest = arguments
    module = _module(name)
    if name not in COMMANDS:
        return _refuse(f"openkap has no command {name!r}. It has {', '.join(COMMANDS)}.")
    try:
        command = import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise
        return _refuse(f"openkap {name} is not part of this version.")
    return _run(command.run, rest)


def _run(run: object, rest: list[str]) -> int:
    """Whoever reads our output may stop reading (`| head`), and anyone may press Ctrl-C."""
    try:
        status = run(rest)  # type: ignore[operator]
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return int(status)


def _module(name: str) -> str:
    return f"openkap.commands.{name.replace('-', '_')}"


def _refuse(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2


def _usage() -> str:
    def table(commands: dict[str, str]) -> str:
        here = {name: what for name, what in commands.items() if find_spec(_module(name))}
        return "".join(f"  {name:<15} {what}\n" for name, what in here.items())

    return (
        "usage: openkap COMMAND [FILE] [options]\n\n"
        f"The medicine, on its own, with no site and no database:\n{table(MEDICINE)}\n"
        f"A site:\n{table(SITE)}\n"
        "openkap COMMAND --help says more about each.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
