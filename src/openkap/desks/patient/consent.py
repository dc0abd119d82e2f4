"""Reading and signing consent, and what was signed. The same page serves a link and a signed-in patient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.contrib import messages
from django.forms import BoundField
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
from openkap.records.facts.understood import Asked
from openkap.records.models import Course, Signature
from openkap.steps.consent import sign_consent
from openkap.steps.frame import Refused
from openkap.steps.say_no import decline_consent, take_back_consent
from openkap.steps.understanding import answer_questions


class SignForm(StepForm):
    """The act of signing: the questions that are still open, and a typed name, under the hash of what was
    shown. `tried` counts the tries before it, so that one sending is one try."""

    document = forms.CharField(widget=forms.HiddenInput, max_length=60)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    tried = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)
    signer = forms.ChoiceField(label=_("Who signs"), widget=forms.RadioSelect, required=False)
    typed_name = forms.CharField(
        label=_("Your first and last name"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
        error_messages={"required": _("Type your first and last name to sign.")},
    )

    def __init__(self, *args: Any, page: ToSign, person: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in page.open_questions:
            self.fields[f"q_{question.id}"] = forms.ChoiceField(
                label=question.ask,
                choices=[(str(n), choice) for n, choice in enumerate(question.choices)],
                widget=forms.RadioSelect,
                required=False,
            )
        if page.talk is not None and page.talk.guardian:
            guardian = f"{page.talk.guardian}, {page.talk.guardian_relation}"
            self.fields["signer"].choices = [("guardian", guardian), ("patient", person)]  # type: ignore[attr-defined]
            self.initial.setdefault("signer", "guardian")
        else:
            del self.fields["signer"]

    def answers(self) -> dict[str, int]:
        """What was chosen, question by question; what was left open is absent."""
        return {
            name.removeprefix("q_"): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("q_") and value
        }

    def asked(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith("q_")]


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
    """The text, its questions and the signature under it. A refusal keeps every word and shows the text as it
    is now; an answer is kept whether or not the signing goes on."""
    page = to_sign(course, language_of(request), now())
    form = SignForm(request.POST or None, page=page, person=me(request).name)
    status = 200
    if request.method == "POST":
        if _signed(request, course, form, known_by):
            return HttpResponseRedirect(after())
        page, status = to_sign(course, language_of(request), now()), 422
    tell_opened(request, course, "consent")
    return show(
        request,
        "patient/consent.html",
        course,
        page=page,
        form=form,
        asked=_asked(page, form),
        tried=sum(len(question.tries) for question in page.questions),
        legal_name=me(request).legal_name,
        cards=cards_shown(course.organisation_id, language_of(request), route_of(page.document)),
        status=status,
    )


def _asked(page: ToSign, form: SignForm) -> list[tuple[Asked, Any]]:
    """Each question, with its field where it can still be answered here."""
    fields = {field.name: field for field in form.asked()}
    return [(q, fields.get(f"q_{q.id}") if q.is_open else None) for q in page.questions]


def _signed(request: HttpRequest, course: Course, form: SignForm, known_by: str) -> bool:
    """Keep the answers, then sign. False where either was refused, and the form says why."""
    whole, said = form.is_valid(), form.cleaned_data
    shown: dict[str, Any] = {"by": actor(request), "at": now(), "course": course}
    text: dict[str, Any] = {"document": said.get("document", ""), "sha256": said.get("sha256", "")}
    sent = said.get("submission")
    if sent is not None and (answers := form.answers()):
        once = uuid5(sent, f"answers {said.get('tried', '')}")
        if not attempt(form, lambda: answer_questions(**shown, **text, answers=answers, submission=once)):
            return False
    if not whole:
        return False
    signed = attempt(
        form,
        lambda: sign_consent(
            **shown,
            **text,
            typed_name=said["typed_name"],
            known_by=known_by,
            as_guardian=said.get("signer") == "guardian",
            browser=device_words(request.headers.get("User-Agent", "")),
            submission=sent,
        ),
    )
    if isinstance(signed, Signature):
        make_consent_paper.enqueue(str(signed.id))
    return bool(signed)
