"""What a server loads stays: the search for garbage passes it by.

Decided here (docs/adr/0033-measured-speed.md): Python looks through everything that lives for garbage as
soon as enough has come to live, and a page that is being made just then waits a tenth of a second for it.
What a server has loaded by then, code, templates, queries in words, the library, is needed until it ends:
so what outlives one of the first searches is not looked at again. What a page leaves behind still is.
"""

from __future__ import annotations

import gc
from typing import Any

# Templates and queries are loaded by the first pages; after so many searches of everything, all are.
FIRST = 8


def settle() -> None:
    """Called once by a server's entry, when the application is made."""
    gc.collect()
    gc.freeze()
    gc.callbacks.append(_Searched())


class _Searched:
    """Hears of each search; forgets itself after the first few of everything."""

    def __init__(self) -> None:
        self.left = FIRST

    def __call__(self, phase: str, info: dict[str, Any]) -> None:
        if phase != "stop" or info["generation"] != 2:
            return
        gc.freeze()
        self.left -= 1
        if not self.left:
            gc.callbacks.remove(self)
