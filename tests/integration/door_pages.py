"""Addresses that go wrong on purpose, beside all of the site's own. For `@pytest.mark.urls`."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from openkap.config.urls import handler400, handler403, handler404, handler500
from openkap.config.urls import urlpatterns as own
from openkap.door.enter import anyone
from openkap.door.page import actor, now
from openkap.permits import Act, Kind
from openkap.records.models import Course
from openkap.steps.frame import Refused, Stale, must

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

ERRORS: dict[str, Exception] = {
    "refused": Refused("Not today. No adult escort.", hint="Name one, and it can start."),
    "stale": Stale("Someone changed this course since you opened it."),
    "busy": OperationalError("the write lock could not be had in time; nothing was written"),
    "full": OperationalError("database or disk is full"),
    "cut": DatabaseError("database disk image is malformed"),
    "gone": InterfaceError("connection already closed"),
    "data": DataError("value too long"),
    "bug": ZeroDivisionError("a fault of ours"),
    "odd": SuspiciousOperation("odd"),
}


@anyone
def wrong(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


@anyone
def sign(request: HttpRequest, course: str) -> HttpResponse:
    must(actor(request), Kind.CLINICAL, Act.SIGN, Course.objects.get(id=course), at=now())
    return HttpResponse("signed")


urlpatterns = [*own, path("wrong/<str:name>/", wrong), path("signed/<uuid:course>/", sign)]
