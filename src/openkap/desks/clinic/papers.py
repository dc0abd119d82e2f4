"""Papers of a patient: taken in, listed, and opened safely.

Decided here: a paper never runs in our pages. Pictures and text open in a page that may do nothing at
all (a sandbox without scripts, forms or names of its own); a PDF is handed over to be saved. What a
browser may think it is, is settled by us (docs/adr/0018-uploaded-documents.md).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from openkap.desks.clinic.patient_page import may_clinical, show, the_file
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import StepForm, actor, attempt, find, now, scope, zone
from openkap.door.times import EARLIEST_YEAR
from openkap.door.uploads import upload_too_big
from openkap.permits import Kind
from openkap.reads.papers import papers_of, what_words
from openkap.records.models import PatientFile, UploadedDocument
from openkap.steps.documents import Taken, take_document, too_big

SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
SHOWN_IN_PLACE = ("image/png", "image/jpeg", "text/plain")
WHAT = [(what, what_words(what)) for what in UploadedDocument.What.values]


class PaperForm(StepForm):
    """One paper: what it is, of which day, and the file."""

    what = forms.ChoiceField(label=gettext_lazy("What it is"), choices=WHAT)
    on = forms.DateField(
        label=gettext_lazy("Day it speaks of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write the date as 2026-11-21."),
            "required": gettext_lazy("Say of which day it is."),
        },
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False)
    upload = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, PNG, JPEG or plain text, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.txt"}),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("The file is empty. Choose it again."),
        },
    )

    def clean_on(self) -> date:
        """A day in a year that can be meant."""
        on: date = self.cleaned_data["on"]
        if on.year < EARLIEST_YEAR:
            guess = {"year": f"{on.year:04d}", "end": f"{on.year % 100:02d}"}
            raise forms.ValidationError(
                _("The year %(year)s cannot be right. Did you mean 20%(end)s?") % guess
            )
        return on


@staff
def papers(request: HttpRequest, file: UUID) -> HttpResponse:
    """The papers of this patient; take one in."""
    row = the_file(request, file)
    if request.method != "POST":
        return _page(request, row, PaperForm())
    form = PaperForm(request.POST, request.FILES)
    if upload_too_big(request):
        form.errors["upload"] = form.error_class([too_big().because])
        return _page(request, row, form, 422)
    done: Any = form.is_valid() and attempt(form, lambda: _take(request, row, form))
    if not done:
        return _page(request, row, form, 422)
    again = isinstance(done, Taken) and done.again
    messages.success(
        request, _("This paper is here already. It was not taken in twice.") if again else _("Taken in.")
    )
    return redirect("care-papers", file=row.id)


def _take(request: HttpRequest, row: PatientFile, form: PaperForm) -> Taken:
    at, where = now(), zone(request)
    on, today = form.cleaned_data["on"], at.astimezone(where).date()
    noon = datetime.combine(on, time(12), tzinfo=where)
    upload = form.cleaned_data["upload"]
    return take_document(
        by=actor(request),
        at=at,
        file=row,
        what=form.cleaned_data["what"],
        of=min(noon, at - timedelta(minutes=1)) if on <= today else noon,
        file_name=upload.name or "",
        content=upload.read(),
        title=form.cleaned_data["title"],
        submission=form.cleaned_data["submission"],
    )


def _page(request: HttpRequest, row: PatientFile, form: PaperForm, status: int = 200) -> HttpResponse:
    return show(
        request,
        "clinic/papers.html",
        row,
        page="papers",
        kind=Kind.CLINICAL,
        status=status,
        file=row,
        form=form,
        may=may_clinical(request, row),
        papers=papers_of(scope(request), row.patient_id, row.organisation_id, zone(request)),
    )


@require_GET
@staff
def paper(request: HttpRequest, document: UUID) -> HttpResponse:
    """The paper itself, so that nothing in it can run here."""
    row = find(request, UploadedDocument.objects.select_related("content"), document)
    tell_opening(request, row, "paper", Kind.CLINICAL)
    kind = row.content.content_type
    told = f"{kind}; charset=utf-8" if kind == "text/plain" else kind
    reply = HttpResponse(bytes(row.content.content), content_type=told)
    disposition = content_disposition_header(kind not in SHOWN_IN_PLACE, row.file_name)
    reply.headers["Content-Disposition"] = disposition or "attachment"
    reply.headers["Content-Security-Policy"] = SANDBOX
    reply.headers["X-Content-Type-Options"] = "nosniff"
    return reply
