"""A thousand pages that look at the rooms, and how soon each hears of a set that was kept.

Decided here: the pages are real connections to the real server, held by a process of their own, each with a
session of its own. The time runs from before the tap is sent to the moment the last byte of "something
changed" has come to a page, on one clock for both processes. Every tap concerns every page, and the next is
sent some time after all have heard of it: taps come as they do in rooms, not on one another's heels.

    python -m bench.viewers PORT PATH COUNT < sessions
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GAP_S = 0.7
QUIET_S = 3.0
PATIENCE_S = 10.0  # for the last page to hear


def watch(port: int, path: str, sessions: list[str]) -> None:
    """Open all streams and say `ready`; after each `tap` say when all have heard; at the end all that was."""
    waiting = selectors.DefaultSelector()
    for number, session in enumerate(sessions):
        waiting.register(_opened(port, path, session), selectors.EVENT_READ, number)
    print("ready", flush=True)
    waiting.register(sys.stdin, selectors.EVENT_READ, -1)
    heard: list[tuple[float, int]] = []
    missing: set[int] = set()
    until: float | None = None
    while True:
        for key, _ in waiting.select(None if until is None else max(0.0, until - time.monotonic())):
            if key.data >= 0:
                if b"event: changed" in _said(key.fileobj):
                    heard.append((time.monotonic(), key.data))
                    missing.discard(key.data)
            elif sys.stdin.readline().strip() == "tap":
                missing, until = set(range(len(sessions))), time.monotonic() + PATIENCE_S
            else:
                print(json.dumps(heard), flush=True)
                return
        if until is not None and (not missing or time.monotonic() >= until):
            print("heard", flush=True)
            until = None


def _opened(port: int, path: str, session: str) -> socket.socket:
    page = socket.create_connection(("127.0.0.1", port))
    page.sendall(
        f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/event-stream\r\n"
        f"Cookie: sessionid={session}\r\n\r\n".encode()
    )
    first = page.recv(65536)
    if b" 200 " not in first[:20]:
        raise SystemExit(f"a stream was answered with {first[:60]!r}")
    page.setblocking(False)
    return page


def _said(page: Any) -> bytes:
    said: bytes = page.recv(65536)
    if not said:
        raise SystemExit("a stream ended")
    return said


@dataclass(frozen=True, slots=True)
class Heard:
    """Milliseconds from each tap to each page; and how many pages a tap did not reach in its time."""

    delays: list[float]
    missed: int


class Viewers:
    """The other process, from here."""

    def __init__(self, port: int, path: str, sessions: list[str]) -> None:
        self.count = len(sessions)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.viewers", str(port), path],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n".join(sessions) + "\n\n")
        self.process.stdin.flush()
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError("the streams could not be opened")

    def tapping(self) -> None:
        """A tap is about to be sent."""
        self._say("tap")

    def all_heard(self) -> None:
        """Wait until every page has heard of the last tap, or has not in its time."""
        assert self.process.stdout
        if self.process.stdout.readline().strip() != "heard":
            raise RuntimeError("the pages that look have ended")

    def _say(self, word: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def end(self, taps: list[float]) -> Heard:
        """All that was heard of taps sent at these times, each up to the next."""
        assert self.process.stdout
        self._say("end")
        heard = json.loads(self.process.stdout.readline())
        self.process.wait()
        delays, missed = [], 0
        for number, tap in enumerate(taps):
            until = taps[number + 1] if number + 1 < len(taps) else tap + 60
            first: dict[int, float] = {}
            for at, page in heard:
                if tap <= at < until:
                    first.setdefault(page, (at - tap) * 1000)
            delays += first.values()
            missed += self.count - len(first)
        return Heard(delays, missed)


if __name__ == "__main__":
    lines = []
    while line := sys.stdin.readline().strip():
        lines.append(line)
    watch(int(sys.argv[1]), sys.argv[2], lines)
