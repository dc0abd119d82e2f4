"""What every test may ask for: a database of its own, a running site, a browser, an accessibility check."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import connections
from django.db.backends.postgresql.creation import DatabaseCreation
from django.template.base import Template
from django.template.context import Context
from django.test.utils import instrumented_test_render
from django.utils.safestring import SafeString
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from tests import engines
from tests.browser import Browser, Browsing, Complaints, Page, axe_violations, chromium
from tests.serving import Site, serve

if TYPE_CHECKING:
    from tests.people import Cast

settings.register_profile("short", derandomize=True, deadline=None, max_examples=25)
settings.register_profile(
    "long", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run what takes minutes as well, with a random seed")


def pytest_configure(config: pytest.Config) -> None:
    # The process that only hands out tests needs no database, and must not pass its own on to the workers.
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        engines.begin_to_read()
        engines.configure()
        gc.disable()  # until everything is read: nothing of it is garbage
    else:
        engines.name_what_one_holds()
    settings.load_profile("long" if config.getoption("--long") else "short")


def pytest_collection_finish() -> None:
    engines.end_to_read()
    # Nine thousand tests and all that is imported for them are not looked through again and again.
    gc.freeze()
    gc.set_threshold(200_000, 10, 20)
    gc.enable()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """A thread that a test left behind may still look at the test database when the run ends."""

    def end(self: DatabaseCreation, name: str, _verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(name)} WITH (FORCE)")

    DatabaseCreation._destroy_test_db = end


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    engines.parametrize(metafunc)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        mark = item.get_closest_marker("django_db")
        if (mark and mark.kwargs.get("transaction")) or "transactional_db" in getattr(
            item, "fixturenames", ()
        ):
            # It would empty the tables afterwards, which the append-only triggers refuse.
            raise pytest.UsageError(f"{item.nodeid} commits: let it ask for own_database instead.")
    if config.getoption("--long"):
        return
    later = [item for item in items if item.get_closest_marker("long")]
    if later:
        config.hook.pytest_deselected(items=later)
        items[:] = [item for item in items if item not in later]


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> engines.EngineScheduling:
    return engines.make_scheduler(config, log)


def pytest_report_header() -> str:
    server = (
        "two workers on SQLite, one on PostgreSQL" if os.environ.get("OPENKAP_TEST_POSTGRES") else "SQLite"
    )
    return f"databases: {server}"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """The database of this worker. The plugin's own makes none where every test has its own copy.

    It is made from the models as they are, which takes two seconds and not thirty; that the migrations lead
    to the same is a law of its own (tests/integration/test_upgrade.py).
    """
    from django.test.utils import setup_databases, teardown_databases

    from tests.databases import note_migrations

    Template._render = _render
    connections.settings["default"].setdefault("TEST", {})["MIGRATE"] = False
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        note_migrations()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


def _render(self: Template, context: Context) -> SafeString:
    """As on a site. Django's tests also copy what each of a page's hundred templates was given."""
    return self.nodelist.render(context)


@pytest.fixture
def given_to_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets an answer tell its `context`, what its page was made of."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture
def people() -> Cast:
    """Both practices of the demonstration and everyone in them, founded long ago."""
    from tests.people import cast

    return cast()


@pytest.fixture
def at_now() -> Iterator[time_machine.Traveller]:
    """The clock stands at the cast's own Tuesday, and goes where the test moves it."""
    from tests.people import NOW

    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own, in which commits are real. Gives its address."""
    from tests.databases import own_copy

    with django_db_blocker.unblock(), own_copy(tmp_path) as address:
        yield address


@pytest.fixture
def site(own_database: str, tmp_path: Path) -> Iterator[Site]:
    """The real server over this test's own database, which the test itself may also read and write."""
    with serve(tmp_path, own_database) as running:
        yield running


@pytest.fixture(scope="module")
def running_chromium() -> Iterator[Browser]:
    """One browser for a module; it ends with the module, so that async tests elsewhere find no loop."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def complaints(site: Site) -> Complaints:
    """What the pages of this test did wrong. Checked when the test ends; `expect` what is brought about."""
    return Complaints(site.address)


@pytest.fixture
def browse(running_chromium: Browser, site: Site, complaints: Complaints) -> Iterator[Browsing]:
    """Opens a window: `page = browse("phone")`. Fails the test on any complaint of any window."""
    browsing = Browsing(running_chromium, site.address, complaints)
    yield browsing
    browsing.close()
    assert complaints.unexpected() == []


@pytest.fixture
def browser_page(browse: Browsing) -> Page:
    """One window at desk size, for a test that needs no other."""
    return browse()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails with the list of accessibility violations of a page."""

    def check(page: Page) -> None:
        found = axe_violations(page)
        assert found == [], f"{page.url}: {len(found)} violations"

    return check
