"""What commands that need the site share: Django, set up once, and one sentence on trouble."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def begin() -> Path:
    """Set Django up; returns the data folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")
    django.setup()
    return Path(settings.DATA_DIR)


def fail(sentence: str) -> int:
    """Say why it cannot be done, on standard error; exit status 2."""
    print(sentence, file=sys.stderr)
    return 2


def unready() -> str:
    """Why the database cannot be used now, or nothing."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        why = f"The database cannot be read ({error})."
        return f"{why} It was left as it is; restore a backup if it is damaged."
    if waiting:
        return f"The database lacks {len(waiting)} migrations. Run: openkap migrate"
    return ""
