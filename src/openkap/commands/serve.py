"""`openkap serve`: the server with its worker and watcher beside it, until stopped.

Decided here: a demonstration site, and any site without a certificate, is served on the loopback address
only; a site that is unsafe does not start (`openkap check` says what is wrong). What a proxy says of a
visitor is believed only where one was named. When one of the three ends by itself, all end, and the exit
status says so. `--only` runs one part of a site whose parts are processes of their own: `pages` in threads,
`streams`, or `watch` with the worker (docs/adr/0031-operations.md).
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import connection

from openkap.commands.site import RESTORING, begin, fail, unready

GRACE_S = 8.0
THREADS = 4
PARTS = {"watch": "The watcher", "db_worker": "The worker", "granian": "The pages", "uvicorn": "The server"}


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="openkap serve", description=__doc__)
    parser.add_argument("--only", choices=("pages", "streams", "watch"), help="run this part alone")
    parser.add_argument("--workers", type=int, default=1, help="processes for pages, on PostgreSQL")
    options = parser.parse_args(argv)
    folder = begin()
    if why := _unfit(options) or unready():
        return fail(why)
    from openkap.reads.check import unsafe

    if faults := unsafe():
        return fail("This site does not start until this is mended:\n" + "\n".join(f"- {f}" for f in faults))
    # Where collected files would lie; the server complains of a folder that is not there.
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    from openkap.upkeep.places import CannotDo, alone

    try:
        with alone(folder, "serving", RESTORING, shared=True):
            children = [_start(command) for command in _commands(options)]
            return _mind(children)
    except CannotDo as why_not:
        return fail(str(why_not))


def _unfit(options: argparse.Namespace) -> str:
    if options.workers < 1:
        return "openkap serve takes one worker or more."
    if options.workers > 1 and options.only != "pages":
        return "Only pages have workers: openkap serve --only pages --workers 2"
    if options.workers > 1 and connection.vendor == "sqlite":
        return "On SQLite one process serves pages. Several need PostgreSQL: set DATABASE_URL."
    return ""


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


def _commands(options: argparse.Namespace) -> list[list[str]]:
    watching = [
        [sys.executable, "-m", "openkap.cli", "watch"],
        [sys.executable, "-m", "django", "db_worker", "--interval", "1", "--verbosity", "0"],
    ]
    match options.only:
        case "pages":
            return [_pages(options.workers)]
        case "streams":
            return [_server("openkap.config.streams:application")]
        case "watch":
            return watching
        case _:
            return [_server("openkap.config.asgi:application"), *watching]


def _server(application: str) -> list[str]:
    """One asynchronous process, for everything or for streams."""
    from openkap.reads.serving import address_to_bind

    return [
        *(sys.executable, "-m", "uvicorn", application),
        *("--host", address_to_bind(), "--port", str(settings.PORT)),
        *_sealed(),
        *_believed(),
        *("--log-level", "warning", "--timeout-graceful-shutdown", "3", "--no-server-header"),
    ]


def _pages(workers: int) -> list[str]:
    """Processes of threads. They believe a proxy by the application itself (config/wsgi.py)."""
    from openkap.reads.serving import address_to_bind

    sealed = []
    if settings.TLS_CERT:
        sealed = ["--ssl-certificate", settings.TLS_CERT, "--ssl-keyfile", settings.TLS_KEY]
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "openkap.config.wsgi:application"),
        *("--host", address_to_bind(), "--port", str(settings.PORT)),
        *("--workers", str(workers), "--blocking-threads", str(THREADS)),
        *sealed,
        *("--no-ws", "--log-level", "warning", "--workers-kill-timeout", "5"),
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
    ended = [child for child in children if child.poll() is not None]
    _end(children)
    if told:
        return 0
    return fail(" ".join(_ended(child) for child in ended))


def _ended(child: subprocess.Popen[bytes]) -> str:
    """Which part ended by itself, and how: what somebody looks for in the lines above, or outside."""
    said = [str(word) for word in child.args] if isinstance(child.args, list) else []
    part = next((name for word, name in PARTS.items() if word in said), "The server")
    if child.returncode < 0:
        why = f"was ended from outside, by {signal.Signals(-child.returncode).name}"
    else:
        why = f"ended by itself, with status {child.returncode}: the lines above say why"
    return f"{part} {why}. All parts of this site end with it."


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
