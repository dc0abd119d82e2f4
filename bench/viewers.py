"""A thousand pages that look at the rooms, and how soon each hears of a set that was kept.

Decided here: the pages are real connections to the real server, held by a process of their own, each with a
session of its own. The time runs from before the tap is sent to the moment the last byte of "something
changed" has come to a page, on one clock for both processes. Every tap concerns every page.

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

ROOT = Path(__file__).resolve().parent.parent
GAP_S = 1.5
QUIET_S = 3.0


def watch(port: int, path: str, sessions: list[str]) -> None:
    """Open all streams, say `ready`, note every change that comes, and write all notes when asked to end."""
    waiting, heard = selectors.DefaultSelector(), []
    for number, session in enumerate(sessions):
        page = socket.create_connection(("127.0.0.1", port))
        page.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/event-stream\r\n"
            f"Cookie: sessionid={session}\r\n\r\n".encode()
        )
        first = page.recv(65536)
        if b" 200 " not in first[:20]:
            raise SystemExit(f"a stream was answered with {first[:60]!r}")
        page.setblocking(False)
        waiting.register(page, selectors.EVENT_READ, number)
    print("ready", flush=True)
    waiting.register(sys.stdin, selectors.EVENT_READ, -1)
    while True:
        for key, _ in waiting.select():
            if key.data < 0:
                print(json.dumps(heard), flush=True)
                return
            said = key.fileobj.recv(65536)  # type: ignore[union-attr]
            if b"event: changed" in said:
                heard.append((time.monotonic(), key.data))
            elif not said:
                raise SystemExit("a stream ended")


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

    def end(self, taps: list[float]) -> Heard:
        """All that was heard of taps sent at these times, each up to the next."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("end\n")
        self.process.stdin.flush()
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
