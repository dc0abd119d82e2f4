"""A server forgets to look for garbage among what it has loaded, and stops doing so by itself."""

from __future__ import annotations

import gc

import pytest

from openkap.config import memory


def test_the_first_searches_of_everything_put_away_what_outlives_them(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    put_away: list[str] = []
    monkeypatch.setattr(memory.gc, "freeze", lambda: put_away.append("kept"))
    before = list(gc.callbacks)
    gc.disable()  # no search of Python's own comes between
    request.addfinalizer(gc.enable)
    memory.settle()
    assert put_away == ["kept"] and len(gc.callbacks) == len(before) + 1
    heard = gc.callbacks[-1]
    heard("start", {"generation": 2})
    heard("stop", {"generation": 1})
    assert put_away == ["kept"]
    for _each in range(memory.FIRST):
        heard("stop", {"generation": 2})
    assert len(put_away) == memory.FIRST + 1
    assert gc.callbacks == before
