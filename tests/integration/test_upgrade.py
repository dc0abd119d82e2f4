"""A site of any landed version, with rows in its tables, comes to this version and loses nothing.

Decided here: the rows are made by the models as they were in each version, one in every table whose
constraints let it, so that this needs no stored copy and holds for every migration that comes. One site goes
through all of them: what was written in each version has every later one ahead of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps as django_apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from openkap.commands.site import newer, unready
from openkap.records.guards import missing
from openkap.records.ids import new_id
from tests.databases import own_empty
from tests.people import NOW

pytestmark = pytest.mark.django_db(databases=[])

LANDED = ("0001_first", "0002_ways_of_care", "0003_events_and_alerts", "0004_directors_desk")
# Without rows in these the test would prove little.
CORE = [
    "organisation",
    "person",
    "patientfile",
    "course",
    "session",
    "event",
    "reading",
    "order",
    "signature",
]


@pytest.fixture
def of_models(own_database: str, django_db_blocker: Any) -> dict[str, Any]:
    """The tables of the database that the tests use, which is made from the models."""
    with django_db_blocker.unblock():
        return shape()


@pytest.fixture
def empty(of_models: dict[str, Any], django_db_blocker: Any, tmp_path: Path) -> Iterator[None]:
    with django_db_blocker.unblock(), own_empty(tmp_path):
        yield


def shape() -> dict[str, Any]:
    """Each table of ours: its columns, and what its constraints and indexes say, whatever their names."""
    tables = {}
    with connection.cursor() as cursor:
        for model in django_apps.get_app_config("records").get_models():
            table = model._meta.db_table
            columns = connection.introspection.get_table_description(cursor, table)
            rules = connection.introspection.get_constraints(cursor, table)
            tables[table] = (
                sorted((c.name, c.type_code, c.display_size, c.null_ok) for c in columns),
                sorted(_rule(name, said) for name, said in rules.items()),
            )
    return tables


def _rule(name: str, said: dict[str, Any]) -> str:
    # SQLite numbers foreign keys and names unique columns by the order in which they came.
    named = "" if said["foreign_key"] or name.startswith("__") else name
    parts = [said["columns"], said["foreign_key"], said["primary_key"], said["unique"], said["check"]]
    return f"{named} {parts}"


def value_of(field: Any, made: dict[str, Any], version: int) -> Any:
    """Something that this field takes, another in each version; None where it may be empty."""
    if field.null:
        return None
    if field.is_relation:
        return made[field.related_model._meta.model_name]
    if field.choices:
        return field.choices[0][0]
    match field:
        case models.UUIDField():
            return new_id()
        case models.DateTimeField():
            # Each later than the one before it, as a beginning and its end are.
            return NOW + dt.timedelta(days=version, minutes=field.model._meta.fields.index(field))
        case models.DateField():
            return dt.date(1980, 1, 1 + version)
        case models.TimeField():
            return dt.time(9 + version)
        case models.BooleanField():
            return True
        case models.DecimalField():
            return Decimal(1 + version)
        case models.IntegerField():
            return 1 + version
        case models.JSONField():
            return {"kept": ["as", "it", "was"]}
        case models.BinaryField():
            return b"kept"
        case models.EmailField():
            return f"kept{version}@example.org"
    return f"{version}kept"[: getattr(field, "max_length", None)]


def plant(apps: Any, version: int) -> dict[str, Any]:
    """One row in every table that takes one, those that others point at first."""
    made: dict[str, Any] = {}
    waiting = list(apps.get_app_config("records").get_models())
    while waiting:
        left = [model for model in waiting if not planted(model, made, version)]
        if len(left) == len(waiting):
            break
        waiting = left
    return made


def planted(model: Any, made: dict[str, Any], version: int) -> bool:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    needs = {f.related_model._meta.model_name for f in fields if f.is_relation and not f.null}
    if needs - set(made):
        return False
    values = {f.name: value_of(f, made, version) for f in fields if not f.has_default() or f.is_relation}
    try:
        with transaction.atomic():
            made[model._meta.model_name] = model.objects.create(**values)
    except IntegrityError:
        return False
    return True


def kept(table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    quoted = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {quoted} FROM "{table}"')
        return cursor.fetchall()


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
        return [column[0] for column in cursor.description]


def brought_to(name: str, version: int) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """The site comes to this version, keeps what it had, and is written into; its rows by table."""
    before = rows_by_table()
    call_command("migrate", "records", name, verbosity=0)
    nothing_lost(before)
    made = plant(MigrationExecutor(connection).loader.project_state([("records", name)]).apps, version)
    assert set(CORE) <= set(made), (name, sorted(set(CORE) - set(made)))
    return rows_by_table()


def rows_by_table() -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """What stands in each table of ours now, with its columns."""
    tables = [name for name in connection.introspection.table_names() if name.startswith("records_")]
    return {table: (columns_of(table), kept(table, columns_of(table))) for table in tables}


def nothing_lost(before: dict[str, tuple[list[str], list[tuple[Any, ...]]]]) -> None:
    for table, (columns, rows) in before.items():
        now = columns_of(table)
        still = [column for column in columns if column in now]
        assert len(kept(table, still)) == len(rows), table
        if still == columns:
            assert sorted(kept(table, columns), key=repr) == sorted(rows, key=repr), table


@pytest.mark.parametrize(
    "landed",
    [pytest.param(LANDED[:1], id="first"), pytest.param(LANDED, id="every", marks=pytest.mark.long)],
)
def test_from_a_landed_version_to_this_one_nothing_is_lost(
    empty: None, of_models: dict[str, Any], landed: tuple[str, ...]
) -> None:
    call_command("migrate", "records", LANDED[0], verbosity=0)
    for version, name in enumerate(landed):
        before = brought_to(name, version)
        written = sum(len(rows) for _columns, rows in before.values())
        assert written > 40 * (version + 1), f"{name}: rows of this version were written"
    call_command("migrate", "records", verbosity=0)
    nothing_lost(before)
    assert missing() == [], "what was only added is guarded again"
    call_command("makemigrations", "records", check_changes=True, dry_run=True, verbosity=0)
    assert shape() == of_models, "the migrations lead to the tables that the tests use"


def test_a_database_of_a_newer_version_is_refused(own_database: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        assert newer() == ""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('records', '9999_later', %s)",
                [NOW],
            )
        assert newer() == unready()
        assert "newer OpenKAP: it holds records 9999_later" in newer()
