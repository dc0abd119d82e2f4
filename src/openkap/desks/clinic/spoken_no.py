"""Somebody said no aloud: written down by whoever heard it, with the same effect as the patient's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from openkap.desks.clinic.patient_page import show, the_course
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, scope, zone
from openkap.door.times import ClinicTimeField
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.spoken import could_hear, spoken_of
from openkap.records.facts.consent import consent_of
from openkap.records.models import Course, Person
from openkap.steps.spoken_no import record_spoken_no


class SpokenForm(StepForm):
    """Who said it, to whom, when, and in which words."""

    said_by = forms.CharField(label=gettext_lazy("Who said it"), max_length=200, required=False)
    heard_by = forms.ModelChoiceField(
        label=gettext_lazy("To whom"),
        queryset=Person.objects.none(),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose who heard it."),
            "invalid_choice": gettext_lazy("Choose someone of this practice."),
        },
    )
    said_at = ClinicTimeField(
        label=gettext_lazy("When"), error_messages={"required": gettext_lazy("Say when they said it.")}
    )
    words = forms.CharField(
        label=gettext_lazy("In their words"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": "3"}),
    )

    def __init__(self, *args: Any, people: Any, zone: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heard_by"].queryset = people  # type: ignore[attr-defined]
        self.fields["said_at"].zone = zone  # type: ignore[attr-defined]


@staff
@require_http_methods(["GET", "POST"])
def spoken_no(request: HttpRequest, course: UUID) -> HttpResponse:
    """The form, what it would do now, and what was said before."""
    row, at = the_course(request, course), now()
    if not decide(scope(request), Need(Kind.CONSENT), _consent(row)):
        raise Http404  # who is shown dates alone is shown no consent
    form = SpokenForm(
        request.POST or None,
        people=could_hear(row, at),
        zone=zone(request),
        initial={"said_by": row.patient.name, "heard_by": actor(request).person, "said_at": at},
    )
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _record(request, row, form)):
        messages.success(request, _("Kept. It counts from now on."))
        return redirect("care-spoken-no", course=row.id)
    return show(
        request,
        "clinic/spoken_no.html",
        row,
        page="spoken_no",
        kind=Kind.CONSENT,
        status=422 if form.errors else 200,
        form=form,
        course=row,
        may=bool(decide(scope(request), Need(Kind.CONSENT, Act.ADD), _consent(row))),
        signed=consent_of(row, at).signature is not None,
        said=spoken_of(scope(request), row, zone(request)),
    )


def _consent(row: Course) -> Subject:
    return Subject(Kind.CONSENT, row.organisation_id, row.patient_id, row.id)


def _record(request: HttpRequest, row: Course, form: SpokenForm) -> Any:
    said = form.cleaned_data
    return record_spoken_no(
        by=actor(request),
        at=now(),
        course=row,
        **{key: said[key] for key in ("said_by", "heard_by", "said_at", "words", "submission")},
    )
