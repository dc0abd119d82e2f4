"""What every page of this desk begins with: who it is, which course, and in whose clock times are said.

Decided here: opening one's own record is told to the trail like anyone's; the desk's clock is that of
the practice that keeps the course.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from openkap.door.opening import tell_opening
from openkap.door.page import actor, at_place, find, scope
from openkap.reads.patient_home import course_of, person_of, practice_of
from openkap.records.models import Course, Organisation, Person
from openkap.steps.frame import Refused


def me(request: HttpRequest) -> Person:
    """The patient who is signed in, or whom the link was sent to. Asked once a request."""
    if not hasattr(request, "_me"):
        request._me = person_of(actor(request))  # type: ignore[attr-defined]
    return request._me  # type: ignore[attr-defined,no-any-return]


def my_course(request: HttpRequest) -> Course | None:
    """The course that matters: the open one, else the last."""
    return course_of(scope(request), me(request).id)


def needed_course(request: HttpRequest, course: UUID | None = None) -> Course:
    """This course within Scope, or the one that matters. Refused in words before there is one."""
    if course is not None:
        return find(request, Course.objects.select_related("organisation", "patient"), course)
    found = my_course(request)
    if found is None:
        raise Refused(_("Nothing is here yet. Your practice opens a course with you; then this page fills."))
    return found


def zone_of(place: Course | Organisation | None) -> ZoneInfo:
    """The clock of the practice that keeps the course, or of the practice itself."""
    practice = place.organisation if isinstance(place, Course) else place
    return ZoneInfo(practice.zone) if practice is not None else ZoneInfo("UTC")


def tell_opened(request: HttpRequest, course: Course | None, page: str) -> None:
    """Told where there is a record to open."""
    if course is not None:
        tell_opening(request, course, page)


def show(
    request: HttpRequest, template: str, course: Course | None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render in the practice's clock and the patient's own language where they chose one."""
    practice = course.organisation if course is not None else practice_of(me(request))
    context.setdefault("practice", practice)
    if practice is not None:
        at_place(request, practice.id)
    with timezone.override(zone_of(practice)), translation.override(language_of(request)):
        return render(request, template, context, status=status)


def kept_reply(request: HttpRequest, address: str) -> HttpResponse:
    """Kept. A phone that sent it by script is told so plainly, and then lets its own copy go."""
    return HttpResponse(status=204) if "X-OpenKAP-Keep" in request.headers else HttpResponseRedirect(address)


def language_of(request: HttpRequest) -> str:
    """The language of the request; a patient's own wish comes before a borrowed phone's."""
    wished = me(request).language
    return wished if wished in dict(settings.LANGUAGES) else translation.get_language() or "en"
