"""A site of a test's own to back up and wreck: a database that commits, a data folder, keys, a few people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import override_settings

from openkap.records.process_store import Kept, Shelf, add
from openkap.steps.chain import link_events
from openkap.steps.frame import tell
from tests.people import NOW, SYSTEM, Cast, cast

PLANTED = "heron-over-still-water"


def quiet(_what: str, _done: float | None = None) -> None:
    """Says nothing of its progress."""


@dataclass
class OwnSite:
    folder: Path
    people: Cast

    def say(self, verb: str) -> None:
        """One event of the clinic, chained."""
        tell(SYSTEM, verb, None, at=NOW, organisation=self.people.clinic.id)
        self.chain()

    def chain(self) -> None:
        while link_events(at=NOW, folder=self.folder):
            pass


@contextmanager
def own_site(folder: Path, **settings: Any) -> Iterator[OwnSite]:
    """People, five chained events and one sealed process note, in a data folder with keys of its own."""
    folder.mkdir(exist_ok=True)
    with override_settings(**places(folder), **settings):
        site = OwnSite(folder, cast(demonstration=False))
        for number in range(5):
            site.say(f"said.{number}")
        shelf = Shelf(site.people["mira"].id, site.people.therapy.id, site.people["wren"].id)
        add(shelf, Kept(site.people["wren"].id, PLANTED, NOW))
        yield site


def places(folder: Path) -> dict[str, Any]:
    """The settings of a site that lies in `folder`."""
    return {
        "DATA_DIR": folder,
        "PROCESS_STORE": folder / "process.sqlite3",
        "PROCESS_KEY_FILE": folder / "process.key",
        "JOURNAL_KEY_FILE": folder / "journal.key",
        "BACKUP_FOLDER": folder / "backups",
        "BACKUP_RECIPIENT": "",
        "BACKUP_KEY_FILE": "",
    }


def take_triggers_off(*tables: str) -> None:
    """As someone with the database in hand would."""
    with connection.cursor() as cursor:
        for table in tables:
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            for kind in ("update", "delete"):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{kind}"{on}')


def raising(error: Exception) -> Callable[..., Any]:
    """In place of a function: what a power cut at this moment looks like from inside."""

    def cut(*_args: Any, **_kwargs: Any) -> Any:
        raise error

    return cut
