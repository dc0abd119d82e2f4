"""`openkap watch`: the watcher's rounds, until stopped. `openkap serve` starts it."""

from __future__ import annotations

import signal
import threading

from openkap.commands.site import RESTORING, begin, fail, unready


def run(argv: list[str]) -> int:
    if argv:
        return fail("openkap watch takes no arguments.")
    folder = begin()
    if why := unready():
        return fail(why)
    from openkap.upkeep.places import CannotDo, alone
    from openkap.watch.rounds import keep_watch

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with alone(folder, "serving", RESTORING, shared=True):
            keep_watch(folder, stop)
    except CannotDo as why_not:
        return fail(str(why_not))
    return 0
