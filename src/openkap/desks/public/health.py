"""Is the site up, can it read and write, and did a page break its content policy?

Decided here: `ready` is 503 with one word of why where the database cannot be read, a migration is
missing or a guard of an append-only table is gone; strangers learn no more (contracts: the site).
"""

from __future__ import annotations

import json
import logging
import threading

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from openkap.door.enter import anyone
from openkap.records.guards import missing

log = logging.getLogger("openkap.csp")

MOST_BYTES = 20_000


@anyone
@require_GET
def live(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "live"})


@anyone
@require_GET
def ready(request: HttpRequest) -> JsonResponse:
    """200 where pages can be served; 503 with the reason where not."""
    reason = _not_ready_because()
    if reason:
        return JsonResponse({"status": "not ready", "reason": reason}, status=503)
    return JsonResponse({"status": "ready"})


def _not_ready_because() -> str:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "migrations"
        return "guards" if missing() else ""
    except DatabaseError:
        return "database"


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
    """What was blocked, where. Never the whole report: its addresses may hold a person's link."""
    try:
        told = json.loads(body)
        report = told.get("csp-report", told)
        where = str(report.get("document-uri", "")).split("?")[0]
        return f"{report.get('violated-directive', '')} {report.get('blocked-uri', '')} on {where}"[:500]
    except (ValueError, AttributeError, UnicodeDecodeError):
        return "unreadable report"
