"""Puts the append-only triggers back after every migration, on either database; completes the name index."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "openkap.records"
    label = "records"
    verbose_name = "Records"

    def ready(self) -> None:
        post_migrate.connect(_guard, sender=self)


def _guard(using: str, **_: Any) -> None:
    from openkap.records.guards import install
    from openkap.records.names import PersonWord, index_the_missing

    install(using)
    if PersonWord._meta.db_table in connections[using].introspection.table_names():  # not halfway there
        index_the_missing(using)
