"""A server forgets to look for garbage among what it has loaded, and stops doing so by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from openkap.config import memory


def test_the_first_searches_of_everything_put_away_what_outlives_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_away: list[str] = []
    heard_by: list[Any] = []
    # In Python's place: searches of its own come at any time, and another server may hear them here too.
    stand_in = SimpleNamespace(collect=lambda: 0, freeze=lambda: put_away.append("kept"), callbacks=heard_by)
    monkeypatch.setattr(memory, "gc", stand_in)
    memory.settle()
    assert put_away == ["kept"] and len(heard_by) == 1
    (heard,) = heard_by
    heard("start", {"generation": 2})
    heard("stop", {"generation": 1})
    assert put_away == ["kept"]
    for _each in range(memory.FIRST):
        heard("stop", {"generation": 2})
    assert len(put_away) == memory.FIRST + 1
    assert heard_by == []
