"""`openkap watch`: the watcher's rounds, until stopped. `openkap serve` starts it."""

from __future__ import annotations

import signal
import threading

from openkap.commands.site import begin, fail, unready


def run(argv: list[str]) -> int:
    if argv:
        return fail("openkap watch takes no arguments.")
    folder = begin()
    if why := unready():
        return fail(why)
    from openkap.watch.rounds import keep_watch

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    keep_watch(folder, stop)
    return 0
