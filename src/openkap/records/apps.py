"""What follows every start: a practice's own words of questionnaires are taken. And every migration:
append-only triggers, the index of names, what SQLite knows of its tables.

A table that a migration made again has lost its statistics, and until the next day's round each of its
patients would be looked for among all of a practice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "openkap.records"
    label = "records"
    verbose_name = "Records"

    def ready(self) -> None:
        from openkap.records.licensed import take_words

        post_migrate.connect(_guard, sender=self)
        take_words()


def _guard(using: str, plan: Sequence[Any] = (), **_: Any) -> None:
    from openkap.records.guards import install
    from openkap.records.names import PersonWord, index_the_missing
    from openkap.records.statistics import refresh_statistics

    install(using)
    if PersonWord._meta.db_table in connections[using].introspection.table_names():  # not halfway there
        index_the_missing(using)
    if plan and using == DEFAULT_DB_ALIAS:
        refresh_statistics()
