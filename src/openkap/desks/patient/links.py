"""What opens behind a link: a document to sign, a form to answer, and the word that it is done."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openkap.desks.patient.consent import say_no, sign_page
from openkap.desks.patient.forms import FormPage, form_page
from openkap.desks.patient.frame import show
from openkap.door.bound import finish, held, is_late, known_by
from openkap.door.enter import by_link
from openkap.door.page import actor, now
from openkap.reads.form import answered_by_longer, enough_today, form_now
from openkap.records.models import Course
from openkap.steps.follow_up import skip_asks, stop_asking


@by_link("consent")
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """The link stays open for its time, so that what was signed can be read again."""
    return sign_page(
        request, _course(request), known_by=known_by(request), after=lambda: reverse("link-consent")
    )


@by_link("consent")
@require_POST
def no(request: HttpRequest) -> HttpResponse:
    """No, for now, behind the link. The link stays open for its time."""
    return say_no(request, _course(request))


@by_link("measure")
@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest) -> HttpResponse:
    """One question a screen; when all is sent that belongs together, the link has done its work."""
    link = held(request)
    wanted = request.POST.get("instrument") or form_now(link, now())
    if wanted is None and answered_by_longer(link):
        return HttpResponseRedirect(reverse("link-done") + "?longer=1")
    wanted = wanted or link.about or "phq9"
    page = FormPage(
        course=_course(request),
        instrument=wanted,
        point=link.point or "before",
        address=reverse("link-measure"),
        leave=reverse("link-done") + "?kept=1",
        late=is_late(request, now()),
        sent=lambda: _sent(request),
        skip=reverse("link-skip"),
    )
    return form_page(request, page)


@by_link("measure")
@require_POST
def skip(request: HttpRequest) -> HttpResponse:
    """Nothing is answered today, or no more questions at all: said with one tap, and kept."""
    link = held(request)
    if "stop" in request.POST:
        stop_asking(by=actor(request), at=now(), course=_course(request))
        return HttpResponseRedirect(reverse("link-done") + "?stopped=1")
    skip_asks(by=actor(request), at=now(), course=_course(request), point=link.point)
    return HttpResponseRedirect(reverse("link-done") + "?skipped=1")


@require_GET
@by_link("measure")
def done(request: HttpRequest) -> HttpResponse:
    """Thanks, or: kept for later. Needs no record, since the link may be over."""
    said = {name: name in request.GET for name in ("kept", "skipped", "stopped", "enough", "longer")}
    return show(request, "patient/sent.html", None, by_link=True, go_on=reverse("link-measure"), **said)


def _sent(request: HttpRequest) -> str:
    link, at = held(request), now()
    if form_now(link, at) is not None:
        done = reverse("link-done") + "?kept=1&enough=1"
        return done if enough_today(link, at) else reverse("link-measure")
    finish(request, at=now())
    return reverse("link-done")


def _course(request: HttpRequest) -> Course:
    course = held(request).course
    if course is None:
        raise Http404
    return course
