"""Consent documents: what patients are told and sign, written, measured and published.

Decided here: whoever sees the staff reads them; the administrator and the medical director write and publish
them. A page to write on keeps what was typed whatever it lacks; publishing is a page of its own, which says
first what is missing, what changed, how it reads, and whom it touches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openkap.desks.director.consent_forms import (
    BeginForm,
    ReasonForm,
    TextForm,
    covers_choices,
    next_id,
    typed,
)
from openkap.desks.director.staff import may, must_keep
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, organisation, scope, zone
from openkap.medicine.consent.brought import Named, named
from openkap.medicine.consent.compose import ways_of
from openkap.medicine.consent.elements import LANGUAGES
from openkap.medicine.consent.states import state_law
from openkap.medicine.protocols.routes import Route
from openkap.permits import Act
from openkap.reads.consent import blocks
from openkap.reads.consent_documents import (
    LANGUAGE_NAMES,
    document_of,
    document_words,
    documents_of,
    element_names,
)
from openkap.reads.consent_editor import text_shown, touched_by
from openkap.reads.ways import NAMES
from openkap.records.facts.consent_text import Working, working_text
from openkap.records.models import DocumentVersion, Organisation
from openkap.steps.consent_texts import begin_text, keep_text, publish_text


@staff
@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    """Every document in both languages; a route and a way to begin one for."""
    if not may(request):
        raise Http404
    asked = named(f"consent.{request.GET.get('route', '')}.{request.GET.get('way', '')}".rstrip("."))
    if "route" in request.GET and asked is not None:
        return redirect("lead-consent-document", document=asked.name)
    ways = dict.fromkeys(way for route in Route for way in ways_of(route))
    found = documents_of(organisation(request), zone(request))
    context = {
        "documents": found,
        "begun": any(side.in_force or side.drafted for one in found for side in one.sides),
        "gives_no_doses": organisation(request).what == Organisation.What.THERAPY,
        "routes": [(str(route), _(route.words)) for route in Route],
        "ways": [(way, _(NAMES[way])) for way in ways],
        "unknown": "route" in request.GET,
        "may": may(request, Act.ADD),
    }
    return render(request, "director/documents.html", context)


@staff
@require_GET
def document(request: HttpRequest, document: str) -> HttpResponse:
    """One document: both languages side by side, and every version."""
    known = _known(request, document)
    shown = document_of(organisation(request), known, zone(request))
    context = {"document": shown, "may": may(request, Act.ADD), "begin": BeginForm()}
    return render(request, "director/document.html", context)


@staff
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, document: str, language: str) -> HttpResponse:
    """Write the text; keeping it keeps every word, whatever it lacks."""
    must_keep(request)
    known = _known(request, document, language)
    if request.method == "GET":
        return _editor(request, known, language, None, None)
    form = TextForm(request.POST)
    sent = typed(request.POST)
    kept = form.is_valid() and _done(
        form,
        lambda: keep_text(
            by=actor(request),
            at=now(),
            organisation=organisation(request),
            document=known.name,
            language=language,
            title=form.cleaned_data["title"],
            sections=sent.sections,
            questions=sent.questions,
            seen=form.cleaned_data["seen"],
            submission=form.cleaned_data["submission"],
        ),
    )
    if kept:
        messages.success(request, _("The draft is kept. Patients read it once it is published."))
        target = "lead-consent-publish" if "publish" in request.POST else "lead-consent-edit"
        return redirect(target, document=known.name, language=language)
    working = Working(request.POST.get("title", ""), sent.sections, sent.questions, "draft")
    return _editor(request, known, language, form, working)


def _editor(
    request: HttpRequest, known: Named, language: str, form: TextForm | None, working: Working | None
) -> HttpResponse:
    on = now().astimezone(zone(request)).date()
    shown = text_shown(organisation(request), known, language, on, working)
    text = shown.working
    form = form or TextForm(initial={"title": text.title, "seen": text.stamp})
    law = state_law(text.state_law)
    context = {
        **_about(known, language),
        "shown": shown,
        "form": form,
        "new_section": next_id("own", [part.section.id for part in shown.parts]),
        "new_question": next_id("asked", [question["id"] for question in text.questions]),
        "covers": covers_choices(),
        "law": law,
    }
    return render(request, "director/consent_edit.html", context, status=422 if form.errors else 200)


@staff
@require_POST
def begin(request: HttpRequest, document: str, language: str) -> HttpResponse:
    """Put the library's words for this practice in place of the draft."""
    must_keep(request)
    known = _known(request, document, language)
    form = BeginForm(request.POST)
    done = form.is_valid() and _done(
        form,
        lambda: begin_text(
            by=actor(request),
            at=now(),
            organisation=organisation(request),
            document=known.name,
            language=language,
            on=now().astimezone(zone(request)).date(),
            practice=form.practice(organisation(request).name),
            seen=request.POST.get(f"seen-{language}", ""),
            submission=form.cleaned_data["submission"],
        ),
    )
    if done:
        return redirect("lead-consent-edit", document=known.name, language=language)
    shown = document_of(organisation(request), known, zone(request))
    context = {"document": shown, "may": True, "begin": form}
    return render(request, "director/document.html", context, status=422)


@staff
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, document: str, language: str) -> HttpResponse:
    """What publishing means, before it is done; then it is done, in one's own name."""
    must_keep(request)
    known = _known(request, document, language)
    on = now().astimezone(zone(request)).date()
    shown = text_shown(organisation(request), known, language, on)
    form = ReasonForm(request.POST or None, initial={"seen": shown.working.stamp})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = _done(
            form,
            lambda: publish_text(
                by=actor(request),
                at=now(),
                organisation=organisation(request),
                document=known.name,
                language=language,
                reason=said["reason"],
                seen=said["seen"],
                submission=said["submission"],
            ),
        )
        if done:
            messages.success(request, _("Published. From now on patients read and sign this version."))
            return redirect("lead-consent-document", document=known.name)
    other = "en" if language == "es" else "es"
    sides = document_of(organisation(request), known, zone(request)).sides
    context = {
        **_about(known, language),
        "shown": shown,
        "form": form,
        "touched": touched_by(scope(request), organisation(request), known, language),
        "other": next((side for side in sides if side.language == other and side.in_force), None),
    }
    return render(request, "director/consent_publish.html", context, status=422 if form.errors else 200)


@staff
@require_GET
def version(request: HttpRequest, document: str, language: str, version: int) -> HttpResponse:
    """A version as the patient reads it; 0 is the draft."""
    known = _known(request, document, language)
    context = {**_about(known, language), **_read(request, known, language, version)}
    return render(request, "director/consent_version.html", context)


@staff
@require_GET
def paper(request: HttpRequest, document: str, language: str, version: int) -> HttpResponse:
    """The same on paper, with its questions and its fingerprint."""
    known = _known(request, document, language)
    read = _read(request, known, language, version)
    sheet = {
        "organisation": organisation(request).name,
        "title": read["title"],
        "version": _("version %(n)s") % {"n": version} if version else _("a draft"),
        "printed_at": now().astimezone(zone(request)),
    }
    context = {**_about(known, language), **read, "sheet": sheet, "zone": str(zone(request))}
    return render(request, "director/consent_paper.html", context)


def _done(form: StepForm, work: Callable[[], object]) -> bool:
    return bool(attempt(form, work))


def _read(request: HttpRequest, known: Named, language: str, number: int) -> dict[str, Any]:
    """The words of one version, or of the draft; 404 where it was never published."""
    if number:
        row = DocumentVersion.objects.filter(
            organisation=organisation(request), document=known.name, language=language, version=number
        ).first()
        if row is None:
            raise Http404
        title, text, questions = row.title, row.text, row.questions
        lacks = element_names(known.missing(tuple(row.elements))) if row.elements else ()
    else:
        row, on = None, now().astimezone(zone(request)).date()
        working = working_text(organisation(request).id, known, language, on)
        title, text, questions = working.title, working.text, list(working.questions)
        lacks = element_names(known.missing(working.covers))
    asked = [
        {**question, "answers": [(n == question["right"], c) for n, c in enumerate(question["choices"])]}
        for question in questions
    ]
    return {
        "row": row,
        "number": number,
        "title": title,
        "blocks": list(blocks(text)),
        "questions": asked,
        "lacks": lacks,
        "may": may(request, Act.ADD),
    }


def _known(request: HttpRequest, document: str, language: str = "en") -> Named:
    if not may(request):
        raise Http404
    found = named(document)
    if found is None or language not in LANGUAGES:
        raise Http404
    return found


def _about(known: Named, language: str) -> dict[str, Any]:
    other = "en" if language == "es" else "es"
    return {
        "known": known,
        "words": document_words(known),
        "language": language,
        "language_name": _(LANGUAGE_NAMES[language]),
        "other_language": other,
        "other_name": _(LANGUAGE_NAMES[other]),
    }
