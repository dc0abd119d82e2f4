"""One follower a process: it reads the event table while anyone looks, and tells those it concerns.

Decided here (docs/adr/0008-event-stream.md): the table itself is the channel, so that what the worker, the
watcher or another process did is heard like a page's own work. Polled every 250 ms while anyone
looks and not at all otherwise. One thread and one connection serve every stream of a process; no
stream holds a connection. Before every push, and at least every few seconds, the permit is asked
again: a stream ends on no, on a lock, on an idle session.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import TypeVar

from django.db import DatabaseError, connection
from django.utils import timezone

from openkap.reads.live import OVERLAP, Change, Topic, changes_after, last_event, newest

log = logging.getLogger("openkap.stream")

POLL_S = 0.25
ASK_AGAIN_S = 3.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Changed:
    """Something this page shows has changed; `seq` is the newest event of it."""

    seq: int


@dataclass(frozen=True, slots=True)
class Beat:
    """Nothing new, and the line is alive."""


@dataclass(frozen=True, slots=True)
class Ended:
    """No more will come, and why: `shut` (the server stops) or `no` (not permitted any longer)."""

    why: str


Said = Changed | Beat | Ended


@dataclass(eq=False, slots=True)
class Viewer:
    """One page that looks. `ask` gives the topic as it may be seen now, or None for no.

    `after` is the last event the page knew when it came; None once it was told what it missed.
    """

    topic: Topic
    ask: Callable[[], Topic | None]
    after: int | None
    said: asyncio.Queue[Said] = field(default_factory=asyncio.Queue)
    asked_at: float = field(default_factory=monotonic)


class Seen:
    """Which events were already told. Looks back `OVERLAP`, for numbers that commit late."""

    def __init__(self, seq: int, at: float) -> None:
        self.settled = seq
        self._recent: set[int] = set()
        self._marks: deque[tuple[float, int]] = deque([(at, seq)])

    def new(self, changes: list[Change], at: float) -> list[Change]:
        """Those of `changes` not told before, now taken as told."""
        fresh = [change for change in changes if change.seq not in self._recent]
        self._recent.update(change.seq for change in fresh)
        if changes:
            self._marks.append((at, changes[-1].seq))
        while len(self._marks) > 1 and self._marks[1][0] <= at - OVERLAP.total_seconds():
            self._marks.popleft()
        # A mark settles only when it is itself older than the longest a commit may lag.
        if self._marks[0][0] <= at - OVERLAP.total_seconds():
            self.settled = max(self.settled, self._marks[0][1])
            self._recent = {seq for seq in self._recent if seq > self.settled}
        return fresh


class Follower:
    """Follows the event table for all viewers of this process."""

    def __init__(self) -> None:
        self._viewers: set[Viewer] = set()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="openkap-follow")

    async def follow(self, topic: Topic, ask: Callable[[], Topic | None], after: int) -> AsyncIterator[Said]:
        """What to say to one page that knows all up to event `after`, until it must end or goes away."""
        viewer = Viewer(topic, ask, after)
        self._viewers.add(viewer)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        try:
            while True:
                said = await viewer.said.get()
                yield said
                if isinstance(said, Ended):
                    return
        finally:
            self._viewers.discard(viewer)

    def shut(self) -> None:
        """Tell every viewer that the server stops. Call in the event loop."""
        for viewer in list(self._viewers):
            self._end(viewer, "shut")

    async def work(self, job: Callable[[], T]) -> T:
        """Do database work in the follower's own thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, job)

    async def _run(self) -> None:
        """Follow while anyone looks. Ended by a fault of its own, no page may go on believing it is heard."""
        try:
            seen = Seen(0, monotonic())
            while self._viewers:
                try:
                    seen = await self._poll(seen)
                except DatabaseError:
                    # Some may not have been told: all are told anew what came since what is settled.
                    for viewer in self._viewers:
                        viewer.after = min(seen.settled, viewer.after or seen.settled)
                await asyncio.sleep(POLL_S)
        finally:
            # Whoever comes from here on starts another, which opens a connection of its own.
            self._task = None
            self.shut()
            await asyncio.shield(self.work(_let_go))

    async def _poll(self, seen: Seen) -> Seen:
        if not seen.settled:
            seen = Seen(await self.work(last_event), monotonic())
        await self._tell(seen.new(await self.work(partial(_read, seen.settled)), monotonic()))
        return seen

    async def _tell(self, changes: list[Change]) -> None:
        """Push to those concerned, and ask the permit again of those not asked for a while."""
        for viewer in list(self._viewers):
            seq = max((c.seq for c in changes if viewer.topic.concerns(c)), default=None)
            after = viewer.after
            if seq is None and after is None and monotonic() - viewer.asked_at < ASK_AGAIN_S:
                continue
            topic = await self.work(viewer.ask)
            if topic is None:
                self._end(viewer, "no")
                continue
            if after is not None:
                # Asked after this poll was read: what commits from here on is in the next one.
                seq = await self.work(partial(newest, topic, after, timezone.now()))
            viewer.topic, viewer.after, viewer.asked_at = topic, None, monotonic()
            viewer.said.put_nowait(Beat() if seq is None else Changed(seq))

    def _end(self, viewer: Viewer, why: str) -> None:
        self._viewers.discard(viewer)
        viewer.said.put_nowait(Ended(why))


def _let_go() -> None:
    connection.close()


def _read(seq: int) -> list[Change]:
    """A connection that broke is thrown away, so that the next poll opens another."""
    try:
        return changes_after(seq)
    except DatabaseError as error:
        log.warning("the event table could not be read and will be tried again: %s", error)
        connection.close()
        raise
