"""A PostgreSQL server of one test run: made in a temporary folder, on loopback, gone when the run ends.

Decided here: what the tests connect as. The role owns its database and may make others, but is no superuser,
so that row-level rules bind it as they bind a real site. Durability is off: nothing in it outlives the run.
The bench keeps its servers' folders, and measures them durable.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROLE = "openkap"
START_SECONDS = 30
NOT_DURABLE = (
    "fsync=off",
    "autovacuum=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
)


def programs() -> Path | None:
    """The folder of the newest PostgreSQL server installed here, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextlib.contextmanager
def server(kept: Path | None = None, settings: Sequence[str] = NOT_DURABLE) -> Iterator[str]:
    """Start a server; give the address of its database; stop it and remove its folder at the end.

    In a folder that is `kept` the database is made the first time, and found there the next.
    """
    bins = programs()
    if bins is None:
        raise FileNotFoundError("PostgreSQL is not installed")
    folder = kept or Path(tempfile.mkdtemp(prefix="openkap-postgres-"))
    folder.mkdir(parents=True, exist_ok=True)
    process = None
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        data, port = folder / "data", _free_port()
        new = not data.exists()
        make = [bins / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"]
        if new:
            _as_postgres([*make, "--locale=C.UTF-8"])
        process = _start(bins, folder, data, port, settings)
        _wait_for(bins, folder, port, process)
        if new:
            _create_role(bins, folder, port)
        yield f"postgresql://{ROLE}@127.0.0.1:{port}/{ROLE}"
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def _start(
    bins: Path, folder: Path, data: Path, port: int, settings: Sequence[str]
) -> subprocess.Popen[bytes]:
    every = ["listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *settings]
    command = [bins / "postgres", "-D", data, "-p", str(port)]
    command += [part for setting in every for part in ("-c", setting)]
    # A session of its own: Ctrl-C reaches the tests first, and they stop it.
    return subprocess.Popen(
        [*_drop_root(), *map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def _wait_for(bins: Path, folder: Path, port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    ready = [bins / "pg_isready", "-q", "-h", folder, "-p", str(port)]
    while subprocess.run(ready, check=False).returncode:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("PostgreSQL did not start")
        time.sleep(0.05)


def _create_role(bins: Path, folder: Path, port: int) -> None:
    psql = [bins / "psql", "-q", "-h", folder, "-p", str(port), "-U", "postgres", "-v", "ON_ERROR_STOP=1"]
    _as_postgres([*psql, "-c", f"CREATE ROLE {ROLE} LOGIN CREATEDB"])
    _as_postgres([*psql, "-c", f"CREATE DATABASE {ROLE} OWNER {ROLE}"])


def _as_postgres(command: list[object]) -> None:
    subprocess.run([*_drop_root(), *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _drop_root() -> list[str]:
    # The server refuses to run as root; the account comes with Debian's package.
    if os.geteuid():
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
