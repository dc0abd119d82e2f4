"""How a dose went, in a few words for whoever the patient lets know: the therapist above all.

Decided here: the page says who will see it before it is written. A second summary stands beside the
first; nothing is overwritten.
"""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from openkap.desks.clinic.patient_page import show
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.permits import Kind
from openkap.reads.harm import events_of
from openkap.reads.summary import given_of_dose, summaries_of, who_sees_summaries
from openkap.records.facts.clock import moment
from openkap.records.models import Session
from openkap.steps.notes import summarise_session


class SummaryForm(StepForm):
    text = forms.CharField(
        label=gettext_lazy("How it went"),
        help_text=gettext_lazy(
            "The dose, calm or hard moments, how they left. No more than the therapist needs."
        ),
        widget=forms.Textarea(attrs={"class": "input", "rows": "5"}),
        error_messages={"required": gettext_lazy("A summary needs a few words.")},
    )


@staff
@require_http_methods(["GET", "POST"])
def summary(request: HttpRequest, session: UUID) -> HttpResponse:
    """Write the summary of one session of this practice, and see those that stand."""
    rows = Session.objects.filter(organisation=organisation(request)).select_related(
        "course__organisation", "course__patient", "patient"
    )
    row = find(request, rows, session)
    form = SummaryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        written = attempt(
            form,
            lambda: summarise_session(
                by=actor(request), at=now(), session=row, text=given["text"], submission=given["submission"]
            ),
        )
        if written:
            messages.success(request, _("The summary is kept."))
            return HttpResponseRedirect(reverse("care-summary", args=[row.id]))
    return show(
        request,
        "clinic/summary.html",
        row.course,
        page="summary",
        kind=Kind.SUMMARY,
        session=row,
        when=moment(row.started_at or row.planned_from, zone(request)),
        given=given_of_dose(scope(request), row, zone(request)),
        events=events_of(scope(request), row, zone(request)),
        summaries=summaries_of(scope(request), row, zone(request)),
        seers=who_sees_summaries(scope(request), row, now()),
        form=form,
        status=422 if form.errors else 200,
    )
