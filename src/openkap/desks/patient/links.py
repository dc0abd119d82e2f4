"""What opens behind a link: a document to sign, a form to answer, and the word that it is done."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.patient.consent import sign_page
from openkap.desks.patient.forms import FormPage, form_page
from openkap.desks.patient.frame import show
from openkap.door.bound import finish, held, is_late, known_by
from openkap.door.enter import by_link
from openkap.door.page import now
from openkap.records.models import Course


@by_link("consent")
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """The link stays open for its time, so that what was signed can be read again."""
    return sign_page(
        request, _course(request), known_by=known_by(request), after=lambda: reverse("link-consent")
    )


@by_link("measure")
@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest) -> HttpResponse:
    """One question a screen; sent, the link has done its work."""
    link = held(request)
    page = FormPage(
        course=_course(request),
        instrument=link.about or "phq9",
        point=link.point or "before",
        address=reverse("link-measure"),
        leave=reverse("link-done") + "?kept=1",
        late=is_late(request, now()),
        sent=lambda: _sent(request),
    )
    return form_page(request, page)


@require_GET
@by_link("measure")
def done(request: HttpRequest) -> HttpResponse:
    """Thanks, or: kept for later. Needs no record, since the link may be over."""
    return show(request, "patient/sent.html", None, kept="kept" in request.GET, by_link=True)


def _sent(request: HttpRequest) -> str:
    finish(request, at=now())
    return reverse("link-done")


def _course(request: HttpRequest) -> Course:
    course = held(request).course
    if course is None:
        raise Http404
    return course
