"""What stands before care, the practice itself with its rooms, and the documents its patients consent to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.director.staff import may, must_keep
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, organisation, scope, zone
from openkap.medicine.protocols.routes import Route
from openkap.permits import Act
from openkap.reads.before_care import before_care_of
from openkap.reads.consent_documents import document_shown, documents_of
from openkap.reads.places import places_shown
from openkap.records.site import is_demonstration
from openkap.steps.consent import publish_document
from openkap.steps.places import add_room, change_practice


class PracticeForm(StepForm):
    name = forms.CharField(label=gettext_lazy("Name of the practice"), required=False, max_length=200)
    phone = forms.CharField(
        label=gettext_lazy("Number that patients call"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("It stands on every page for help."),
    )


class RoomForm(StepForm):
    house = forms.CharField(label=gettext_lazy("House"), required=False, max_length=100)
    address = forms.CharField(label=gettext_lazy("Its address"), required=False, max_length=300)
    room = forms.CharField(
        label=gettext_lazy("Room, as it is written on its door"), required=False, max_length=100
    )


class DocumentForm(StepForm):
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 28}),
        help_text=gettext_lazy(
            "Have a lawyer of your state read it. Patients sign exactly these words; those who signed an "
            "earlier version have signed that one."
        ),
    )

    def clean_text(self) -> str:
        """One kind of line end, whatever the browser sends: the same words are the same version."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip() + "\n"


@staff
@require_GET
def before_care(request: HttpRequest) -> HttpResponse:
    """What stands between this practice and its first real patient."""
    if not may(request):
        raise Http404
    shown = before_care_of(scope(request), organisation(request), now())
    return render(
        request, "director/before_care.html", {"before": shown, "demonstration": is_demonstration()}
    )


@staff
@require_http_methods(["GET", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """The practice and its rooms: two forms, each sent by itself."""
    must_keep(request)
    here = organisation(request)
    data = request.POST if request.method == "POST" else None
    adds = data is not None and "room" in data
    own = PracticeForm(None if adds else data, initial={"name": here.name, "phone": here.phone})
    room = RoomForm(data if adds else None)
    if data is not None and (_add if adds else _change)(request, room if adds else own):
        return redirect("lead-practice")
    context = {"own": own, "form": room, "houses": places_shown(scope(request), here), "here": here}
    errors = own.errors or room.errors
    return render(request, "director/practice.html", context, status=422 if errors else 200)


def _change(request: HttpRequest, form: StepForm) -> bool:
    return form.is_valid() and _kept(request, form, change_practice, _said(form, "name", "phone"))


def _add(request: HttpRequest, form: StepForm) -> bool:
    if not form.is_valid():
        return False
    said = _said(form, "house", "address")
    return _kept(request, form, add_room, {**said, "name": form.cleaned_data["room"]})


def _said(form: StepForm, *names: str) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in names}


def _kept(request: HttpRequest, form: StepForm, work: Any, said: dict[str, str]) -> bool:
    done = attempt(
        form,
        lambda: work(
            by=actor(request),
            at=now(),
            organisation=organisation(request),
            submission=form.cleaned_data["submission"],
            **said,
        ),
    )
    if done:
        messages.success(request, _("Kept."))
    return bool(done)


@staff
@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    """Each route's consent: which version is in force, and what the library brings along."""
    if not may(request):
        raise Http404
    shown = documents_of(organisation(request), zone(request))
    return render(request, "director/documents.html", {"documents": shown, "may": may(request, Act.ADD)})


@staff
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, route: str) -> HttpResponse:
    """Read one route's consent, and publish it as this practice's own."""
    if not may(request) or route not in list(Route):
        raise Http404
    language = "es" if request.GET.get("language") == "es" else "en"
    shown = document_shown(organisation(request), route, language, zone(request))
    initial = {"title": shown.title, "text": shown.text}
    form = DocumentForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        must_keep(request)
        if form.is_valid() and _kept(
            request,
            form,
            publish_document,
            {**_said(form, "title", "text"), "document": f"consent.{route}", "language": language},
        ):
            return redirect("lead-consent")
    context = {"document": shown, "form": form, "may": may(request, Act.ADD)}
    return render(request, "director/document.html", context, status=422 if form.errors else 200)
