"""What `openkap setup` is told: by options, by what was typed in an earlier run, or at the terminal now.

Decided here: every good answer is kept at once (but passwords), so that a run that was broken off goes on
where it stopped. At a terminal a bad answer is asked again with the reason; elsewhere it ends the command.
"""

from __future__ import annotations

import getpass
import json
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from openkap.commands.setup_keys import write_secret
from openkap.steps.frame import Refused

SECRET = ("mail_url",)


class NotAnswered(Exception):
    """There is nobody to ask, or the answer cannot be used. Says what to give."""


class Answers:
    def __init__(self, options: Namespace, file: Path) -> None:
        self._options, self._file = options, file
        self._asks = sys.stdin.isatty() and not options.no_input
        self._kept: dict[str, str] = json.loads(file.read_text()) if file.is_file() else {}

    @property
    def asks(self) -> bool:
        """Whether somebody sits at a terminal."""
        return self._asks

    def option(self, name: str) -> str:
        """What was given on the command line, or nothing."""
        return getattr(self._options, name, None) or ""

    def has(self, *names: str) -> bool:
        """Whether any of these was given on the command line."""
        return any(self.option(name) for name in names)

    def get(self, name: str, words: str, fit: Callable[[str], str], otherwise: str = "") -> str:
        """The answer called `name` (and `--name`), as `fit` makes it. Raises NotAnswered."""
        given = getattr(self._options, name, None)
        before = self._kept.get(name, otherwise)
        if given is None and self._asks:
            return self._ask(name, words, fit, before)
        if given is None and not before and name not in self._kept:
            given = ""
        try:
            return self._keep(name, fit(before if given is None else given))
        except Refused as refusal:
            raise NotAnswered(f"--{name.replace('_', '-')}: {refusal.because}") from refusal

    def _ask(self, name: str, words: str, fit: Callable[[str], str], before: str) -> str:
        while True:
            typed = input(f"  {words}{f' [{before}]' if before else ''}: ").strip()
            try:
                return self._keep(name, fit(typed or before))
            except Refused as refusal:
                print(f"  {refusal.because}")

    def password(self, words: str, fit: Callable[[str], str]) -> str:
        """From a file, or typed twice and never shown. Kept nowhere."""
        if self._options.admin_password_file:
            try:
                lines = Path(self._options.admin_password_file).read_text().splitlines()
                return fit(lines[0] if lines else "")
            except OSError as error:
                raise NotAnswered(f"--admin-password-file cannot be read: {error.strerror}.") from error
            except UnicodeDecodeError as error:
                raise NotAnswered("--admin-password-file names a file that is no text.") from error
            except Refused as refusal:
                raise NotAnswered(f"--admin-password-file: {refusal.because}") from refusal
        if not self._asks:
            raise NotAnswered("--admin-password-file is missing: nobody can type a password here.")
        while True:
            first = getpass.getpass(f"  {words}: ")
            try:
                fit(first)
            except Refused as refusal:
                print(f"  {refusal.because}")
                continue
            if getpass.getpass("  Once more: ") == first:
                return first
            print("  These were not the same.")

    def forget(self) -> None:
        """All of it stands in the site now."""
        self._file.unlink(missing_ok=True)

    def _keep(self, name: str, value: str) -> str:
        if self._kept.get(name) != value and name not in SECRET:
            self._kept[name] = value
            write_secret(self._file, json.dumps(self._kept), anew=True)
        return value
