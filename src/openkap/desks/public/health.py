"""Is the site up, can it read and write, and did a page break its content policy?

Decided here: `ready` is 503 with one word of why where pages cannot be served: the database cannot be read, a
migration or a guard of an append-only table is missing, a restore is under way, the disk is full. What needs
a person and stops no page (a silent watcher, a late backup) is named under `attention` with 200, so that no
proxy takes a site away over it. Strangers learn no more (contracts: the site; docs/adr/0031-operations.md).
"""

from __future__ import annotations

import json
import logging
import threading
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from openkap.door.enter import anyone
from openkap.door.page import now
from openkap.reads.upkeep import LEAST_FREE, free_bytes, is_silent, last_backup
from openkap.records.guards import missing

log = logging.getLogger("openkap.csp")

MOST_BYTES = 20_000
FULL = 20_000_000
RULES = frozenset(
    [
        "default-src",
        "img-src",
        "object-src",
        "base-uri",
        "form-action",
        "frame-ancestors",
        "script-src",
        "style-src",
        "connect-src",
        "font-src",
        "script-src-elem",
        "script-src-attr",
        "style-src-elem",
        "style-src-attr",
    ]
)
SOURCES = frozenset(
    {"inline", "eval", "data", "blob", "https", "http", "self", "chrome-extension", "moz-extension"}
)


@anyone
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "live"})


@anyone
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 where pages can be served; 503 with the reason where not."""
    reason = _not_ready_because()
    if reason:
        return JsonResponse({"status": "not ready", "reason": reason}, status=503)
    attention = _attention(now())
    return JsonResponse({"status": "ready", **({"attention": attention} if attention else {})})


def _not_ready_because() -> str:
    if (Path(settings.DATA_DIR) / "restoring.json").exists():
        return "restore"
    if free_bytes() < FULL:
        return "disk"
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "migrations"
        return "guards" if missing() else ""
    except DatabaseError:
        return "database"


def _attention(at: datetime) -> list[str]:
    """What somebody should look at, a word each."""
    found = {
        "watcher": is_silent(at),
        "backup": last_backup(at).late,
        "disk": free_bytes() < LEAST_FREE,
    }
    return [word for word, wrong in found.items() if wrong]


_counting = threading.Lock()
_reports = 0


@csrf_exempt
@anyone
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """A browser tells that a page broke its content policy: one line in the log, and a count."""
    global _reports
    with _counting:
        _reports += 1
    log.warning("content policy broken (%d): %s", _reports, _words_of(request.body[:MOST_BYTES]))
    return HttpResponse(status=204)


def report_count() -> int:
    """How many reports this process has had since it began."""
    return _reports


def _words_of(body: bytes) -> str:
    """Which rule, what kind of source, on which page by name. Anyone may send one: no word of it stays."""
    try:
        told = json.loads(body)
        report = told.get("csp-report", told)
        rule = str(report.get("violated-directive", "")).split(" ")[0]
        source = urlsplit(str(report.get("blocked-uri", ""))).scheme or str(report.get("blocked-uri", ""))
        page = resolve(urlsplit(str(report.get("document-uri", ""))).path or "/").view_name
    except (ValueError, AttributeError, RecursionError):
        return "unreadable report"
    except Resolver404:
        page = "no page of ours"
    return f"{rule if rule in RULES else 'a rule'}, {source if source in SOURCES else 'a source'}, on {page}"
