"""`openkap serve`: the server with its worker and watcher beside it, until stopped.

Decided here: a demonstration site, and any site without a certificate, is served on the loopback address
only; a site that is unsafe does not start (`openkap check` says what is wrong). What a proxy says of a
visitor is believed only where one was named. When one of the three ends by itself, all end, and the exit
status says so.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from django.conf import settings

from openkap.commands.site import begin, fail, unready

GRACE_S = 8.0


def run(argv: list[str]) -> int:
    if argv:
        return fail("openkap serve takes no arguments. OPENKAP_PORT and OPENKAP_DATA say where.")
    begin()
    if why := unready():
        return fail(why)
    from openkap.reads.check import unsafe

    if faults := unsafe():
        return fail("This site does not start until this is mended:\n" + "\n".join(f"- {f}" for f in faults))
    # Where collected files would lie; the server complains of a folder that is not there.
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    children = [_start(command) for command in _commands()]
    return _mind(children)


def _sealed() -> list[str]:
    """Where a certificate is given: TLS, 1.2 or newer, as the library's own defaults have it."""
    if not settings.TLS_CERT:
        return []
    return ["--ssl-certfile", settings.TLS_CERT, "--ssl-keyfile", settings.TLS_KEY]


def _believed() -> list[str]:
    """Whose word about who visits is taken. Nobody's, unless named: else anyone could be another address."""
    if not settings.PROXY:
        return ["--no-proxy-headers"]
    return ["--proxy-headers", "--forwarded-allow-ips", settings.PROXY]


def _commands() -> list[list[str]]:
    from openkap.reads.serving import address_to_bind

    port = str(settings.PORT)
    return [
        [
            *(sys.executable, "-m", "uvicorn", "openkap.config.asgi:application"),
            *("--host", address_to_bind(), "--port", port),
            *_sealed(),
            *_believed(),
            *("--log-level", "warning", "--timeout-graceful-shutdown", "3", "--no-server-header"),
        ],
        [sys.executable, "-m", "openkap.cli", "watch"],
        [sys.executable, "-m", "django", "db_worker", "--interval", "1", "--verbosity", "0"],
    ]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "openkap.config.settings"}
    return subprocess.Popen(command, env=environment)


def _mind(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait until told to stop or until one ends; then end all, kindly first."""
    told = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal told
        told = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    while not told and all(child.poll() is None for child in children):
        time.sleep(0.1)
    _end(children)
    if told:
        return 0
    return fail("The server, its worker or its watcher ended by itself. The lines above say why.")


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + GRACE_S
    for child in children:
        try:
            child.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
