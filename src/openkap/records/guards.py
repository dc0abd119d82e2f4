"""What the database itself refuses: changing or deleting what was only ever meant to be added.

Decided here: one list of append-only tables, and triggers for both databases, put back after every
migration because a table rebuild on SQLite drops them without a word (docs/adr/0006-append-only.md).
"""

from __future__ import annotations

from django.apps import apps
from django.db import connections

from openkap.records.base import Clinical

# Beside every clinical table (they inherit it), these are added to and never changed.
ALSO = (
    "AlertNote",
    "Answer",
    "ChainLink",
    "Credential",
    "CredentialCheck",
    "Disclosure",
    "DocumentContent",
    "DocumentVersion",
    "EntryReading",
    "EvidenceCard",
    "Event",
    "Import",
    "OversightLook",
    "PageVersion",
    "RequestNote",
    "RuleChange",
    "RuleChangeAct",
    "SessionChange",
    "Site",
    "SiteCertification",
    "Upkeep",
)


def guarded_tables() -> list[str]:
    """Names of all append-only tables."""
    models = apps.get_app_config("records").get_models()
    return sorted(
        model._meta.db_table for model in models if issubclass(model, Clinical) or model.__name__ in ALSO
    )


def install(using: str = "default") -> None:
    """Put every trigger in place; safe to repeat."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in guarded_tables():
            if table not in present:
                continue
            for statement in _statements(connection.vendor, table):
                cursor.execute(statement)


def missing(using: str = "default") -> list[str]:
    """Append-only tables that lack a trigger; empty is how it should be."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        names = {row[0] for row in cursor.fetchall()}
    kinds = ("update", "delete") if connection.vendor == "sqlite" else ("update", "delete", "truncate")
    return [table for table in guarded_tables() if any(f"{table}_no_{kind}" not in names for kind in kinds)]


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"""CREATE TRIGGER IF NOT EXISTS "{table}_no_{kind.lower()}" BEFORE {kind} ON "{table}"
                BEGIN SELECT RAISE(ABORT, '{table} is append-only: {kind.lower()} refused'); END"""
            for kind in ("UPDATE", "DELETE")
        ]
    made = [
        """CREATE OR REPLACE FUNCTION openkap_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, lower(TG_OP); END $$"""
    ]
    for kind in ("UPDATE", "DELETE", "TRUNCATE"):
        each = "STATEMENT" if kind == "TRUNCATE" else "ROW"
        name = f"{table}_no_{kind.lower()}"
        made.append(
            f'CREATE OR REPLACE TRIGGER "{name}" BEFORE {kind} ON "{table}" '
            f"FOR EACH {each} EXECUTE FUNCTION openkap_append_only()"
        )
    return made
