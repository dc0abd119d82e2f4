"""What the database knows of its own tables, so that it looks a patient up by the patient.

Decided here (docs/adr/0033-measured-speed.md): SQLite makes no statistics by itself, and without them cannot
tell that a practice has all the rows and a patient a few. PostgreSQL looks after its own.
"""

from __future__ import annotations

from django.db import connection, transaction

# Entries of each index that are looked at: enough to tell few from many, at any size.
LOOKED_AT = 1000


def refresh_statistics() -> None:
    """A moment's work on a table of any length. Waits its turn like every writer."""
    if connection.vendor != "sqlite":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
        cursor.execute("ANALYZE")
