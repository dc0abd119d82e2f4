"""Process notes: an author's own page, and taking them home after showing a second factor again.

Decided here: nothing of them leaves this page: not into the session (`door.private`), not a message, not a
title. A draft is kept sealed at each pause. A correction is added beside what it corrects.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.therapist.person import show, the_file
from openkap.door.enter import staff
from openkap.door.opening import is_first_look
from openkap.door.page import StepForm, actor, attempt, now, scope, zone
from openkap.door.private import factor_at, private, show_factor
from openkap.reads.header import header_of
from openkap.reads.process import ProcessPage, process_page, session_words
from openkap.records.facts.clock import hour
from openkap.records.models import PatientFile
from openkap.records.site import is_demonstration
from openkap.steps.process import (
    FRESH,
    keep_process_draft,
    keep_process_note,
    open_process_notes,
    take_process_notes,
)


class ProcessForm(StepForm):
    """The words, and the session they are about, if any."""

    words = forms.CharField(
        label=gettext_lazy("For yourself"),
        widget=forms.Textarea(attrs={"class": "input", "rows": "9", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write a few words first.")},
    )
    session = forms.ChoiceField(
        label=gettext_lazy("About"), required=False, widget=forms.Select(attrs={"class": "input"})
    )
    corrects = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why it is corrected"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )


@private
@staff
@require_http_methods(["GET", "POST"])
def process(request: HttpRequest, file: UUID) -> HttpResponse:
    """One's own notes about one person, and writing another."""
    row = the_file(request, file)
    open_process_notes(by=actor(request), at=now(), file=row, again=not is_first_look(request))
    if request.method == "POST" and "discard" in request.POST:
        keep_process_draft(by=actor(request), at=now(), file=row, words="")
        messages.success(request, _("The draft is thrown away."))
        return HttpResponseRedirect(reverse("practice-process", args=[row.id]))
    page = process_page(scope(request), row, actor(request).person)
    form = _form(request, page)
    if request.method == "POST" and form.is_valid() and _keep(request, row, page, form):
        messages.success(request, _("Kept, for you alone."))
        return HttpResponseRedirect(reverse("practice-process", args=[row.id]))
    correcting = str(form["corrects"].value() or "")
    return show(
        request,
        "practice/process.html",
        header=header_of(scope(request), row, now(), zone(request)),
        file=row,
        page=page,
        form=form,
        corrected=next((note for note in page.notes if str(note.id) == correcting), None),
        minutes=int(FRESH.total_seconds() // 60),
        status=422 if form.errors else 200,
    )


@private
@staff
@require_POST
def process_draft(request: HttpRequest, file: UUID) -> HttpResponse:
    """What stands in the form, sealed. Sent by the page itself at each pause."""
    row = the_file(request, file)
    keep_process_draft(by=actor(request), at=now(), file=row, words=request.POST.get("words", ""))
    said = _("Draft kept at %(time)s, for you alone") % {"time": hour(now(), zone(request))}
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@private
@staff
@require_http_methods(["GET", "POST"])
def process_take(request: HttpRequest, file: UUID) -> HttpResponse:
    """Download one's own notes about one person, with a second factor shown just now."""
    row = the_file(request, file)
    at = now()
    open_process_notes(by=actor(request), at=at, file=row, again=True)
    if request.method == "POST" and request.POST.get("as") == "persona":
        show_factor(request)
        return HttpResponseRedirect(reverse("practice-process-take", args=[row.id]))
    shown = factor_at(request)
    if request.method == "POST":
        return _file(
            take_process_notes(by=actor(request), at=at, file=row, factor_at=shown, zone=zone(request)), at
        )
    return show(
        request,
        "practice/process_take.html",
        header=header_of(scope(request), row, at, zone(request)),
        file=row,
        fresh=shown is not None and at - shown < FRESH,
        demonstration=is_demonstration(),
    )


def _form(request: HttpRequest, page: ProcessPage) -> ProcessForm:
    """Empty, or as the draft stands; or one's own note to correct."""
    wanted = request.GET.get("correct", "")
    chosen = next((note for note in page.notes if str(note.id) == wanted), None)
    initial: dict[str, Any] = {"session": _asked_session(request, page)}
    if chosen is not None:
        initial |= {"corrects": chosen.id, "words": chosen.words}
    elif page.draft is not None:
        initial["words"] = page.draft.words
    form = ProcessForm(request.POST or None, initial=initial)
    choices = [("", _("No session in particular"))]
    choices += [
        (str(s.id), f"{session_words(s)}, {date_format(s.planned_from, 'M j')}") for s in page.sessions
    ]
    form.fields["session"].choices = choices  # type: ignore[attr-defined]
    return form


def _asked_session(request: HttpRequest, page: ProcessPage) -> str:
    asked = request.GET.get("session", "")
    return asked if asked in {str(session.id) for session in page.sessions} else ""


def _keep(request: HttpRequest, file: PatientFile, page: ProcessPage, form: ProcessForm) -> bool:
    given = form.cleaned_data
    done = attempt(
        form,
        lambda: keep_process_note(
            by=actor(request),
            at=now(),
            file=file,
            words=given["words"],
            session=next((s for s in page.sessions if str(s.id) == given["session"]), None),
            corrects=given["corrects"],
            reason=given["reason"],
            submission=given["submission"],
        ),
    )
    return bool(done)


def _file(text: str, at: datetime) -> HttpResponse:
    """A file whose name says nothing about anyone."""
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="process-notes-{at:%Y-%m-%d}.txt"'
    return answer
