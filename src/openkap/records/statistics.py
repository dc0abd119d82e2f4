"""What the database knows of its own tables, so that it looks a patient up by the patient.

Decided here (docs/adr/0033-measured-speed.md): SQLite makes no statistics by itself, and without them cannot
tell that a practice has all the rows and a patient a few. With them it takes a unique column that is mostly
empty, as `corrects`, for one that finds everything, and reads the whole table for each row: so what is
unique is written down as such. PostgreSQL looks after its own.
"""

from __future__ import annotations

from django.db import connection, transaction

# Entries of each index that are looked at: enough to tell few from many, at any size.
LOOKED_AT = 1000
STATEMENTS = (
    f"PRAGMA analysis_limit = {LOOKED_AT}",
    "ANALYZE",
    """UPDATE sqlite_stat1 SET stat = substr(stat, 1, instr(stat, ' ')) || '1' WHERE idx IN (
         SELECT i.name FROM sqlite_master AS t, pragma_index_list(t.name) AS i
         WHERE t.type = 'table' AND i."unique" AND NOT i.partial
           AND (SELECT count(*) FROM pragma_index_info(i.name)) = 1)""",
    "ANALYZE sqlite_schema",  # reads again what was written
)


def refresh_statistics() -> None:
    """A moment's work on a table of any length. Waits its turn like every writer."""
    if connection.vendor != "sqlite":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement)
