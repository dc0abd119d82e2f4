"""The note of a session: writing it, reading it, and putting it right.

Decided here: a refusal leaves every word in the form, and in a draft that only its author opens; so does each
pause. A kept note is signed by whoever kept it; until then it is a draft. What was saved stays the
practice's own, also after a revocation.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.therapist.person import show
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.door.times import ClinicTimeField
from openkap.medicine.course import SESSION
from openkap.medicine.course.integration import (
    homework_kinds,
    honest_words,
    journal_prompts,
    modalities,
    session_parts,
)
from openkap.permits import Kind
from openkap.reads.drafts import draft_of
from openkap.reads.header import header_of
from openkap.reads.shared_person import shared_course
from openkap.records.facts.clock import hour
from openkap.records.models import NoteDraft, PatientFile, Session, SessionNote
from openkap.records.scoped import scoped
from openkap.steps.correct import correct
from openkap.steps.drafts import discard_draft, keep_draft
from openkap.steps.notes import write_note

TEXT = {"class": "input", "rows": "4"}


class NoteForm(StepForm):
    """What the session was about, what was agreed, one line for the clinic."""

    focus = forms.CharField(
        label=gettext_lazy("What the session was about"),
        widget=forms.Textarea(attrs=TEXT),
        error_messages={"required": gettext_lazy("Say in a few words what the session was about.")},
    )
    agreed = forms.CharField(
        label=gettext_lazy("What was agreed until next time"),
        required=False,
        widget=forms.Textarea(attrs=TEXT),
    )
    for_clinic = forms.CharField(
        label=gettext_lazy("Before the next dose: one line to remember"),
        required=False,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    held_at = ClinicTimeField(label=gettext_lazy("When it began"), required=False)


class CorrectForm(NoteForm):
    """The same words put right, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is corrected"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "input"}),
        error_messages={
            "required": gettext_lazy("Say why this is corrected. The reason stays with the record.")
        },
    )


@staff
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, session: UUID) -> HttpResponse:
    """The note of one of this practice's own sessions."""
    rows = Session.objects.filter(organisation=organisation(request)).select_related(
        "patient", "course__organisation", "course__patient"
    )
    row = find(request, rows, session)
    file = PatientFile.objects.select_related("patient", "organisation").get(
        organisation_id=row.organisation_id, patient_id=row.patient_id
    )
    kept = scoped(SessionNote.objects.current().filter(session=row), scope(request)).first()
    draft = draft_of(scope(request), actor(request).person, "note", session=row)
    form = _form(request, row, kept, draft)
    if request.method == "POST" and "discard" in request.POST:
        if draft is not None:
            discard_draft(by=actor(request), at=now(), draft=draft)
        messages.success(request, _("The draft is thrown away."))
        return HttpResponseRedirect(request.path)
    if request.method == "POST" and "draft" in request.POST:
        _keep_draft(request, row)
        messages.success(request, _("Kept as a draft, for you alone."))
        return HttpResponseRedirect(request.path)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _save(request, row, kept, form.cleaned_data))
        if done:
            messages.success(request, _("The note is signed and kept."))
            return HttpResponseRedirect(reverse("practice-person", args=[file.id]))
        if not isinstance(form, CorrectForm):
            _keep_draft(request, row, unshared=shared_course(scope(request), file) is None)
    tell_opening(request, kept or row, "note", Kind.NOTES)
    return show(
        request,
        "practice/note.html",
        header=header_of(scope(request), file, now(), zone(request)),
        file=file,
        session=row,
        state_words=capfirst(_(SESSION.words[row.state])),
        note=kept,
        form=form,
        correcting=isinstance(form, CorrectForm),
        parts=session_parts(),
        prompts=journal_prompts(),
        homework=homework_kinds(),
        ways=modalities(),
        honest=honest_words()[0],
        draft=draft if request.method == "GET" and not isinstance(form, CorrectForm) else None,
        status=422 if form.errors else 200,
    )


@staff
@require_POST
def note_draft(request: HttpRequest, session: UUID) -> HttpResponse:
    """What stands in the form, kept for its author at each pause."""
    rows = Session.objects.filter(organisation=organisation(request)).select_related("course")
    _keep_draft(request, find(request, rows, session))
    said = _("Draft kept at %(time)s, for you alone") % {"time": hour(now(), zone(request))}
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


def _keep_draft(request: HttpRequest, session: Session, *, unshared: bool = False) -> None:
    keep_draft(
        by=actor(request),
        at=now(),
        course=session.course,
        session=session,
        page="note",
        words={name: request.POST.get(name, "") for name in ("focus", "agreed", "for_clinic")},
        unshared=unshared,
    )


def _form(
    request: HttpRequest, session: Session, kept: SessionNote | None, draft: NoteDraft | None
) -> NoteForm:
    """A new note as far as it was drafted, or the correction of the one that stands.

    A note sent twice stays a note.
    """
    initial: dict[str, Any] = {
        "version": session.version,
        "held_at": session.started_at or session.planned_from,
        **(draft.words if draft is not None else {}),
    }
    kind: type[NoteForm] = NoteForm
    if kept is not None and (request.method == "GET" or "reason" in request.POST):
        kind = CorrectForm
        initial |= {"focus": kept.focus, "agreed": kept.agreed, "for_clinic": kept.for_clinic}
    form = kind(request.POST or None, initial=initial)
    form.fields["held_at"].zone = zone(request)  # type: ignore[attr-defined]
    return form


def _save(
    request: HttpRequest, session: Session, kept: SessionNote | None, given: dict[str, Any]
) -> SessionNote:
    at: datetime = now()
    if kept is not None and "reason" in given:
        changes = {"focus": given["focus"], "agreed": given["agreed"], "for_clinic": given["for_clinic"]}
        return correct(
            by=actor(request),
            at=at,
            row=kept,
            reason=given["reason"],
            changes=changes,
            submission=given["submission"],
        )
    return write_note(
        by=actor(request),
        at=at,
        session=session,
        focus=given["focus"],
        agreed=given["agreed"],
        for_clinic=given["for_clinic"],
        held_at=given["held_at"],
        version=given["version"],
        submission=given["submission"],
    )
