"""Two databases in one run: which worker runs which test, and on what.

Decided here: what a page says is asked on one database (tests/pages); what is kept, and who may, on both.
Under `bin/test` one pytest has four workers, the second and fourth on PostgreSQL, the others on SQLite.
Tests of `ON_BOTH` run once on each and carry the engine in their name, but those marked `said`: they look at
no more than what a page or a step says, and run on the first. Tests of `ON_EITHER` need no database
and go to whichever worker is free; all others run on SQLite, the database of one laptop.
No test ever sees the data folder or database that the environment of the person running it names.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from xdist.scheduler.loadscope import LoadScopeScheduling
from xdist.workermanage import WorkerController

SQLITE, POSTGRES, ANY = "sqlite", "postgres", "any"
ON_BOTH = ("tests/integration/", "tests/matrix/")
KEPT = ("OPENKAP_TEST_POSTGRES", "OPENKAP_CHROMIUM", "OPENKAP_REAL_DATA")
ON_EITHER = ("tests/unit/", "tests/spec/", "tests/real/", "tests/house/")
# Begun first, so that no worker is left alone with one of them when the others have ended.
LONGEST = ("tests/matrix/", "tests/journeys/test_every_address.py", "tests/unit/ui/test_kit_in_browser.py")

_address = os.environ.get("OPENKAP_TEST_POSTGRES", "")
_workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))


def engine_of_worker(worker: str) -> str:
    """`gw0` is SQLite, `gw1` PostgreSQL, and so on in turn; without a server everything is SQLite."""
    number = int(worker.removeprefix("gw") or 0)
    return POSTGRES if _address and number % 2 else SQLITE


# Named by the process that hands out tests: what the first worker to read them holds meanwhile.
READ_BY_ONE = "TESTS_READ_BY_ONE"
_reading: list[int] = []


def name_what_one_holds() -> None:
    """Make the file, for the workers that are about to begin; it goes when this process ends."""
    file, name = tempfile.mkstemp(prefix="openkap-tests-read-")
    os.close(file)
    os.environ[READ_BY_ONE] = name
    atexit.register(Path(name).unlink, missing_ok=True)


def begin_to_read() -> None:
    """Wait until one worker has read all tests: the others then load what it compiled.

    In a fresh copy each would compile the same thousand files, which is twice the work of reading them.
    Who ends early lets go of the file by ending.
    """
    if not (name := os.environ.get(READ_BY_ONE)):
        return
    file = os.open(name, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(file, fcntl.LOCK_SH)
    if os.fstat(file).st_size:
        os.close(file)
    else:
        _reading.append(file)


def end_to_read() -> None:
    while _reading:
        os.write(file := _reading.pop(), b"read")
        os.close(file)


MINE = engine_of_worker(os.environ.get("PYTEST_XDIST_WORKER", "gw0"))
OFFERED = (SQLITE, POSTGRES) if _address and _workers > 1 else (MINE,)


def configure() -> None:
    """Point the settings at this worker's own database and a data folder that goes when it ends."""
    if os.environ.get("DJANGO_SETTINGS_MODULE"):
        # Django then reads its settings before this, and with them a real database.
        raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE; the tests set it.")
    folder = tempfile.mkdtemp(prefix="openkap-tests-")
    (Path(folder) / "static").mkdir()  # as `openkap serve` makes it
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith(("OPENKAP_", "DATABASE_URL"))]:
        if name not in KEPT:
            del os.environ[name]
    os.environ["DJANGO_SETTINGS_MODULE"] = "openkap.config.settings"
    os.environ["OPENKAP_DATA"] = folder
    # One key for the tests and the server they start: links and sessions made by one open in the other.
    os.environ["OPENKAP_SECRET_KEY"] = "tests only, the same in every process of a run, never of a site"
    if MINE == POSTGRES:
        os.environ["DATABASE_URL"] = _address
    # Loading the settings is what makes the Django plugin set Django up, right after this.
    assert "default" in settings.DATABASES
    # The site's own hash, with as little work as it can have: it is slow by intent, a quarter of a second.
    hasher = Argon2PasswordHasher
    hasher.time_cost, hasher.memory_cost, hasher.parallelism = 1, 8, 1


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Give a test of `ON_BOTH` one item for each engine on offer."""
    if metafunc.definition.nodeid.startswith(ON_BOTH):
        if "engine" not in metafunc.fixturenames:
            metafunc.fixturenames.append("engine")
        said = metafunc.definition.get_closest_marker("said")
        metafunc.parametrize("engine", OFFERED[:1] if said else OFFERED, scope="session")


def engine_of(nodeid: str) -> str:
    """The engine a test item must run on, from its name."""
    path, _, parameters = nodeid.partition("[")
    if path.startswith(ON_BOTH):
        return POSTGRES if POSTGRES in parameters.rstrip("]").split("-") else SQLITE
    return ANY if path.startswith(ON_EITHER) else SQLITE


class EngineScheduling(LoadScopeScheduling):
    """Hands out modules one at a time: to a worker first what only it can run, then what any can."""

    def _split_scope(self, nodeid: str) -> str:
        return f"{engine_of(nodeid)} {nodeid.partition('::')[0]}"

    def _next_for(self, node: WorkerController) -> str | None:
        mine = engine_of_worker(node.gateway.id)
        for wanted in (mine, ANY):
            for scope in self.workqueue:
                if scope.startswith(f"{wanted} "):
                    return scope
        return None

    def _reschedule(self, node: WorkerController) -> None:
        # A worker keeps its last test back until it knows the next, so it is given more before it runs dry.
        while not node.shutting_down and self._pending_of(self.assigned_work[node]) <= 2:
            scope = self._next_for(node)
            if scope is None:
                node.shutdown()
                return
            self._hand_out(node, scope)

    def _hand_out(self, node: WorkerController, scope: str) -> None:
        unit = self.assigned_work[node][scope] = self.workqueue.pop(scope)
        collection = self.registered_collections[node]
        node.send_runtest_some([collection.index(nodeid) for nodeid, done in unit.items() if not done])

    def schedule(self) -> None:
        if self.collection is None:
            if not self._check_nodes_have_same_collection():
                return
            self.collection = list(next(iter(self.registered_collections.values())))
            for scope, nodeid in self._in_scopes(self.collection):
                self.workqueue.setdefault(scope, {})[nodeid] = False
        for node in self.nodes:
            self._reschedule(node)

    def _in_scopes(self, nodeids: Iterable[str]) -> list[tuple[str, str]]:
        longest_first = sorted(nodeids, key=lambda nodeid: not nodeid.startswith(LONGEST))
        return [(self._split_scope(nodeid), nodeid) for nodeid in longest_first]


def make_scheduler(config: pytest.Config, log: Any) -> EngineScheduling:
    """What xdist asks for; the modules of one run are small enough that one order serves all."""
    return EngineScheduling(config, log)
