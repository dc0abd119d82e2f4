"""One follower a process: it reads the event table while anyone looks, and tells those it concerns.

Decided here (docs/adr/0008-event-stream.md): the table itself is the channel, so that what the worker, the
watcher or another process did is heard like a page's own work. Polled every 50 ms while anyone
looks and not at all otherwise. One thread and one connection serve every stream of a process; no
stream holds a connection. Before every push, and at least every few seconds, the permit is asked
again: a stream ends on no, on a lock, on an idle session. It is asked for all viewers of a push at once, by
whoever knows how (`AskAll`), so that a thousand viewers cost little more than one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from random import uniform
from time import monotonic
from typing import TypeVar

from django.db import DatabaseError, connection
from django.utils import timezone

from openkap.permits import Actor
from openkap.reads.live import OVERLAP, Change, Topic, changes_after, last_event, newest

log = logging.getLogger("openkap.stream")

POLL_S = 0.05
# At the latest, and some sooner: those told together are not all asked about again in one moment.
ASK_AGAIN_S, SOONEST = 3.0, 0.6
# Asked about in one go: the first of many are told while the rest are asked about.
AT_ONCE = 250
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


@dataclass(frozen=True, slots=True)
class Look:
    """What a page wants to look at, who opened it, and the session it was opened from."""

    name: str
    by: Actor
    session_key: str | None = None


# The topic of each look as it may be seen now, in their order; None for no.
AskAll = Callable[[Sequence[Look]], Sequence[Topic | None]]


def _next_time() -> float:
    return monotonic() + ASK_AGAIN_S * uniform(SOONEST, 1)  # noqa: S311 nothing is kept secret by it


@dataclass(eq=False, slots=True)
class Viewer:
    """One page that looks.

    `after` is the last event the page knew when it came; None once it was told what it missed.
    """

    look: Look
    topic: Topic
    after: int | None
    said: asyncio.Queue[Said] = field(default_factory=asyncio.Queue)
    ask_by: float = field(default_factory=_next_time)


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

    def __init__(self, ask_all: AskAll) -> None:
        self._ask_all = ask_all
        self._viewers: set[Viewer] = set()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="openkap-follow")

    async def follow(self, look: Look, topic: Topic, after: int) -> AsyncIterator[Said]:
        """What to say to one page that knows all up to event `after`, until it must end or goes away."""
        viewer = Viewer(look, topic, after)
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
        due = self._due(changes)
        for begin in range(0, len(due), AT_ONCE):
            part = due[begin : begin + AT_ONCE]
            topics = await self.work(partial(self._ask_all, [viewer.look for viewer, _seq in part]))
            for (viewer, seq), topic in zip(part, topics, strict=True):
                await self._say(viewer, topic, seq)

    def _due(self, changes: list[Change]) -> list[tuple[Viewer, int | None]]:
        """Who is to be told or asked now, whom something concerns first; with the newest event of theirs."""
        at = monotonic()
        newest_of: dict[str, int | None] = {}  # by the topic's name: what concerns it stays the same
        found: list[tuple[Viewer, int | None]] = []
        for viewer in self._viewers:
            name = viewer.look.name
            if name not in newest_of:
                concerning = (c.seq for c in changes if viewer.topic.concerns(c))
                newest_of[name] = max(concerning, default=None)
            seq = newest_of[name]
            if seq is not None or viewer.after is not None or viewer.ask_by <= at:
                found.append((viewer, seq))
        return sorted(found, key=lambda one: one[1] is None)

    async def _say(self, viewer: Viewer, topic: Topic | None, seq: int | None) -> None:
        if topic is None:
            self._end(viewer, "no")
            return
        if viewer.after is not None:
            # Asked after this poll was read: what commits from here on is in the next one.
            seq = await self.work(partial(newest, topic, viewer.after, timezone.now()))
        viewer.topic, viewer.after, viewer.ask_by = topic, None, _next_time()
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
