"""The real server for journeys: uvicorn in a process of its own, over the test's own database.

Decided here: it is a fork of a process that has loaded the site (tests/nursery.py); the bench, which measures
a site, starts a whole one. The test opens the socket and hands it over, so that a browser may call at once
and waits in the queue until the server is up; nothing is polled and no port is guessed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import nursery

OPTIONS = (
    *("--fd", nursery.LISTENING),
    *("--timeout-graceful-shutdown", "1"),
    *("--log-level", "warning"),
    *("--lifespan", "off"),
    "--no-access-log",
)


@dataclass
class Site:
    """A running server: its address, its data folder, and its process for a test that ends it roughly."""

    address: str
    data: Path
    log: Path
    process: nursery.Child | subprocess.Popen[bytes]

    def url(self, path: str) -> str:
        return self.address + path

    def kill(self) -> None:
        """As a power cut would: nothing is finished or closed."""
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def serve(
    data: Path,
    database: str,
    application: str = "openkap.config.asgi:application",
    options: tuple[str, ...] = (),
    **environment: str,
) -> Iterator[Site]:
    """Serve `database` from the folder `data` on a free loopback port until the block ends."""
    log = data / "server.log"
    with socket.socket() as listening, log.open("wb") as output:
        # As asyncio does for a socket it opens itself: else each answer waits 40 ms for the browser's word.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        port = listening.getsockname()[1]
        begin = nursery.born if "PYTEST_VERSION" in os.environ else started
        process = begin(
            [application, *OPTIONS, *options],
            _environment(data, database, port) | environment,
            listening.fileno(),
            output.fileno(),
        )
        listening.close()
        try:
            scheme = "https" if "--ssl-certfile" in options else "http"
            yield Site(f"{scheme}://localhost:{port}", data, log, process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def started(
    arguments: list[str], environment: dict[str, str], listening: int, log: int
) -> subprocess.Popen[bytes]:
    """A server that begins with nothing, as on a site."""
    words = [str(listening) if word == nursery.LISTENING else word for word in arguments]
    paths = {"PYTHONPATH": f"{nursery.ROOT / 'src'}:{nursery.ROOT}", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "uvicorn", *words],
        cwd=nursery.ROOT,
        env=environment | paths,
        pass_fds=[listening],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def _environment(data: Path, database: str, port: int) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ours = {"OPENKAP_DATA": str(data), "DATABASE_URL": database, "OPENKAP_PORT": str(port)}
    return inherited | ours
