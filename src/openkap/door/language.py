"""In which language a page speaks: the person's own, the one chosen here, or the browser's.

Decided here: a patient's pages speak the language the patient chose, on whatever phone; before anyone is
known, the choice made in this browser counts, then what the browser asks for. The desks of staff speak one
language, so that a page is never in two (docs/adr/0032-spanish-and-the-phone.md).
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from openkap.door.enter import anyone, is_nobody, is_patient, is_staff
from openkap.door.from_here import is_from_here
from openkap.door.page import actor, now
from openkap.door.session import way_back
from openkap.door.trouble import bad_csrf
from openkap.door.who import HAT, LOCKED, PERSON
from openkap.permits import ActorKind
from openkap.records.models import Person
from openkap.steps.people import choose_language

YEAR_S = 365 * 24 * 3600
# In a session that a link opened: what its holder chose. A link may not change who the person is.
SPOKEN = "spoken"
DESKS = "en"
# Rooms whose pages are for staff, also before anyone has signed in there: an invitation, a second factor.
STAFF_ROOMS = ("openkap.desks.", "openkap.door.joining", "openkap.door.event_form", "allauth.")
PATIENT_ROOMS = ("openkap.desks.patient.", "openkap.desks.public.")


class Speaks:
    """After `Who`: the language of whoever that is, before a view finds its words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        speak(request, language_for(request))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., object], *_rest: object) -> None:
        if is_staff_room(view.__module__) and is_nobody(actor(request)):
            speak(request, DESKS)


@receiver(request_finished)
def fall_silent(**_sent: object) -> None:
    """The next to work in this thread speaks their own language, and a round of the watch the site's."""
    translation.deactivate()


def is_staff_room(module: str) -> bool:
    """Whether the pages of this module are for staff alone."""
    return module.startswith(STAFF_ROOMS) and not module.startswith(PATIENT_ROOMS)


def language_for(request: HttpRequest) -> str:
    """The language of the one who asks; blank where only the browser says."""
    by = actor(request)
    if is_staff(by) or by.kind is ActorKind.DEVICE:
        return DESKS
    if is_nobody(by):
        return _of_locked(request)
    own: str = getattr(request, "_language", "")
    return own if is_patient(by) else request.session.get(SPOKEN) or own


def speak(request: HttpRequest, language: str) -> None:
    """Say the rest of this answer in `language`; one that this site does not speak changes nothing."""
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def chosen_here(request: HttpRequest) -> str:
    """What was chosen in this browser, or blank."""
    wished = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return wished if wished in dict(settings.LANGUAGES) else ""


def remember(response: HttpResponse, language: str) -> None:
    """Keep the choice in this browser. It says a language, and nothing of who reads it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def wished(request: HttpRequest) -> str:
    """The language a page of questions was asked to go on in; 404 for one that nobody speaks here."""
    language = request.POST.get("language", "")
    if language and language not in dict(settings.LANGUAGES):
        raise Http404
    return language


@csrf_exempt  # held to be ours by `is_from_here`: a link's page sends no referrer and so no origin
@anyone
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Go on in another language: kept for a patient, and in this browser for everyone."""
    if not is_from_here(request):
        return bad_csrf(request)
    chosen = wished(request)
    if not chosen:
        raise Http404
    by = actor(request)
    if is_patient(by):
        choose_language(by=by, at=now(), language=chosen)
    elif not is_nobody(by):
        request.session[SPOKEN] = chosen
    response = HttpResponseRedirect(way_back(request, "/"))
    remember(response, chosen)
    return response


def _of_locked(request: HttpRequest) -> str:
    """A patient's locked phone goes on in their language."""
    session = request.session
    if not session.get(LOCKED) or session.get(HAT) != "patient" or chosen_here(request):
        return ""
    found = Person.objects.filter(id=session[PERSON]).values_list("language", flat=True).first()
    return found or ""
