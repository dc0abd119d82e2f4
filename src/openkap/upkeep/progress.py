"""What long work says of itself: one line now and then on standard error, and nothing for what is quick."""

from __future__ import annotations

import sys
import time

EVERY_S = 2.0


class Progress:
    """Says what is being done, and how far it is where that is known, every two seconds at most."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._said_at = time.monotonic()

    def __call__(self, what: str, done: float | None = None) -> None:
        """`done` is between 0 and 1."""
        if self._quiet or time.monotonic() - self._said_at < EVERY_S:
            return
        self._said_at = time.monotonic()
        part = "" if done is None else f" {done:.0%}"
        sys.stderr.write(f"{what}{part}\n")
        sys.stderr.flush()
