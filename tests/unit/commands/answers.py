"""Runs a command of `openkap` inside the test and gives back what it printed."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from openkap.cli import main


@dataclass(frozen=True, slots=True)
class Answered:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """One object a line, as every script may expect."""
        return [json.loads(line) for line in self.out.splitlines()]


def openkap(*arguments: str, given: str | bytes = "") -> Answered:
    """`openkap ARGUMENTS`, with `given` on standard input."""
    out, err = io.StringIO(), io.StringIO()
    stdin = io.TextIOWrapper(io.BytesIO(given.encode() if isinstance(given, str) else given))
    with patch.object(sys, "stdin", stdin), redirect_stdout(out), redirect_stderr(err):
        status = main(arguments)
    return Answered(status, out.getvalue(), err.getvalue())
