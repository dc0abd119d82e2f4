"""A process that has loaded the site and waits: each server of the tests is a fork of it.

Decided here: what a server of the tests is born with. It is the uvicorn, application and settings that a
site runs; only what Python imports has been imported once, which is nine tenths of a start. What the
environment says is read again by each: settings, the address of its database, its folder, its clock. The
application itself, with all that stands before its pages, is made after the fork.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 262_144
LISTENING = "{listening}"
SETTINGS = "openkap.config.settings"
LOADED = (
    "uvicorn.main",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.lifespan.off",
)


class Child:
    """A server that was born here: signals, and waiting for its end."""

    def __init__(self, end: int) -> None:
        self._end = end

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        try:
            signal.pidfd_send_signal(self._end, number)
        except ProcessLookupError:
            return

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float = 60) -> None:
        """Raises `TimeoutExpired` where it goes on for more than so many seconds."""
        if not select.select([self._end], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("a server of the tests", timeout)


def born(arguments: list[str], environment: dict[str, str], listening: int, log: int) -> Child:
    """A server of these arguments to uvicorn, `LISTENING` being the socket; it writes to the file `log`."""
    wanted = json.dumps({"arguments": arguments, "environment": environment}).encode()
    socket.send_fds(_nursery(), [wanted], [listening, log])
    said, ends, _flags, _address = socket.recv_fds(_nursery(), 16, 1)
    assert said == b"born", "the nursery ended"
    return Child(ends[0])


@cache
def _nursery() -> socket.socket:
    """The way to this worker's nursery, which begins when the first server is asked for."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    # Loaded in a folder of its own: what is read again by a server must not be found where it was loaded.
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.nursery", str(theirs.fileno())],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONUNBUFFERED": "1"},
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait(timeout=20)

    atexit.register(end)
    return ours


def main() -> None:
    """Load, then fork a server for each that is asked for, until nobody can ask any more."""
    asked = socket.socket(fileno=int(sys.argv[1]))
    load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    gc.freeze()
    while True:
        wanted, files, _flags, _address = socket.recv_fds(asked, LONGEST, 2)
        if not wanted:
            return
        if not (child := os.fork()):
            asked.close()
            serve(json.loads(wanted), *files)
        end = os.pidfd_open(child)
        socket.send_fds(asked, [b"born"], [end])
        for file in (end, *files):
            os.close(file)


def load() -> None:
    """Everything that a server imports by the time it has shown its first page."""
    import django
    from django.conf import settings
    from django.urls import get_resolver
    from django.utils.module_loading import import_string

    django.setup()
    for name in (*LOADED, settings.SESSION_ENGINE):
        importlib.import_module(name)
    for name in settings.MIDDLEWARE:
        import_string(name)
    get_resolver()._populate()


def serve(wanted: dict[str, Any], listening: int, log: int) -> None:
    """What the fork does, to its end."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for target in (1, 2):
            os.dup2(log, target)
        os.environ.clear()
        os.environ.update(wanted["environment"])
        read_settings_again()
        from uvicorn.main import main as uvicorn

        arguments = [str(listening) if word == LISTENING else word for word in wanted["arguments"]]
        uvicorn(arguments, standalone_mode=False)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def read_settings_again() -> None:
    """From this environment, in place; Django's own signal tells everyone who kept what they were."""
    import django.test.signals  # who listens
    from django.conf import settings
    from django.core.signals import setting_changed
    from django.db import connections

    from openkap.records.licensed import take_words

    fresh = importlib.reload(sys.modules[SETTINGS])
    for name in [name for name in dir(fresh) if name.isupper()]:
        now = getattr(fresh, name)
        if getattr(settings, name, None) != now:
            setattr(settings, name, now)
            if name != "DATABASES":  # of which the signal only warns
                setting_changed.send(sender=django.test.signals, setting=name, value=now, enter=True)
    kept: Any = connections
    kept.__dict__.pop("settings", None)
    kept._settings = None
    if hasattr(kept._connections, "default"):
        del connections["default"]
    take_words()


if __name__ == "__main__":
    main()
