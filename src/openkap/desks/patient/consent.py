"""Reading and signing consent, and what was signed. The same page serves a link and a signed-in patient.

Decided here: a name that was typed under a text which is no longer the newest waits in this browser until the
questions about the newer one are answered; it signs nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openkap.desks.patient.frame import language_of, me, needed_course, show, tell_opened
from openkap.door.device_words import device_words
from openkap.door.enter import patient
from openkap.door.page import StepForm, actor, attempt, find, now, scope
from openkap.door.paper import make_consent_paper
from openkap.reads.consent import ToSign, signed_document, signed_documents, to_sign
from openkap.reads.evidence import cards_shown, route_of
from openkap.reads.instructions import last_taken_home
from openkap.records.models import Course, Signature
from openkap.steps.consent import sign_consent
from openkap.steps.frame import Refused
from openkap.steps.say_no import decline_consent, take_back_consent

# Where a browser keeps the name typed for a course, until it is signed.
TYPED = "name_to_sign"


class SignForm(StepForm):
    """The act of signing: a typed name, under the hash of what was shown."""

    document = forms.CharField(widget=forms.HiddenInput, max_length=60)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    signer = forms.ChoiceField(label=_("Who signs"), widget=forms.RadioSelect, required=False)
    typed_name = forms.CharField(
        label=_("Your first and last name"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
        error_messages={"required": _("Type your first and last name to sign.")},
    )

    def __init__(self, *args: Any, page: ToSign, person: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if page.talk is not None and page.talk.guardian:
            guardian = f"{page.talk.guardian}, {page.talk.guardian_relation}"
            self.fields["signer"].choices = [("guardian", guardian), ("patient", person)]  # type: ignore[attr-defined]
            self.initial.setdefault("signer", "guardian")
        else:
            del self.fields["signer"]


@patient
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """For a patient who is signed in."""
    course = needed_course(request)

    def after() -> str:
        messages.success(request, str(_("Signed. You can take it back at any time.")))
        return reverse("me-documents")

    return sign_page(request, course, known_by="sign-in", after=after)


@patient
@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    course = needed_course(request)
    tell_opened(request, course, "documents")
    found = signed_documents(scope(request), me(request).id)
    taken = last_taken_home(scope(request), me(request).id)
    return show(request, "patient/documents.html", course, documents=found, taken=taken)


@patient
@require_GET
def document(request: HttpRequest, signature: UUID) -> HttpResponse:
    rows = Signature.objects.select_related(
        "document", "organisation", "course__organisation", "course__patient"
    )
    row = find(request, rows, signature)
    tell_opened(request, row.course, "document")
    return show(request, "patient/document.html", row.course, signed=signed_document(row))


@patient
@require_POST
def no(request: HttpRequest) -> HttpResponse:
    """No, for now. Kept, told to the practice, and answered kindly."""
    return say_no(request, needed_course(request))


@patient
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest) -> HttpResponse:
    """Take a consent back: one page that says what it means, one button, at any hour."""
    course = needed_course(request)
    if request.method == "POST":
        take_back_consent(by=actor(request), at=now(), course=course)
        return HttpResponseRedirect(reverse("me-consent-take-back"))
    tell_opened(request, course, "consent")
    page = to_sign(course, language_of(request), now())
    return show(request, "patient/take_back.html", course, page=page)


def say_no(request: HttpRequest, course: Course) -> HttpResponse:
    """The kind page after a no, behind a link or signed in. It is the post's own reply."""
    try:
        decline_consent(by=actor(request), at=now(), course=course)
    except Refused as refusal:
        return show(request, "patient/said_no.html", course, refused=refusal.because, status=422)
    return show(request, "patient/said_no.html", course, refused="")


def sign_page(
    request: HttpRequest, course: Course, *, known_by: str, after: Callable[[], str]
) -> HttpResponse:
    """The text, and the signature under it, once its questions are answered. A refusal keeps the name and
    shows the text as it is now."""
    page = to_sign(course, language_of(request), now())
    typed = str(request.session.get(TYPED, {}).get(str(course.id), ""))
    form = SignForm(request.POST or None, page=page, person=me(request).name, initial={"typed_name": typed})
    status = 200
    if request.method == "POST":
        if form.is_valid() and _signed(request, course, form, known_by):
            request.session.pop(TYPED, None)
            return HttpResponseRedirect(after())
        page, status = to_sign(course, language_of(request), now()), 422
        typed = form.data.get("typed_name", "").strip()[:200]
        request.session[TYPED] = {str(course.id): typed}
    tell_opened(request, course, "consent")
    return show(
        request,
        "patient/consent.html",
        course,
        page=page,
        form=form,
        typed=typed,
        legal_name=me(request).legal_name,
        cards=cards_shown(course.organisation_id, language_of(request), route_of(page.document)),
        status=status,
    )


def _signed(request: HttpRequest, course: Course, form: SignForm, known_by: str) -> bool:
    """Sign. False where it was refused, and the form says why."""
    said = form.cleaned_data
    signed = attempt(
        form,
        lambda: sign_consent(
            by=actor(request),
            at=now(),
            course=course,
            document=said["document"],
            sha256=said["sha256"],
            typed_name=said["typed_name"],
            known_by=known_by,
            as_guardian=said.get("signer") == "guardian",
            browser=device_words(request.headers.get("User-Agent", "")),
            submission=said["submission"],
        ),
    )
    if isinstance(signed, Signature):
        make_consent_paper.enqueue(str(signed.id))
    return bool(signed)
