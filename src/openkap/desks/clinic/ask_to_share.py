"""Proposing to the patient whom to let know. Nothing is opened here: the patient says yes, or no.

Decided here: staff propose the least that therapy around a dose needs; the patient can give less of it.
"""

from __future__ import annotations

from datetime import timedelta
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
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.header import header_of
from openkap.reads.sharing import SCOPE_WORDS, Receiver, receivers
from openkap.records.models import Course, Invitation, Organisation, Person
from openkap.steps.invitations import ask_patient_to_share

PROPOSED = ("schedule", "session_summaries", "measures")
HALF_A_YEAR = timedelta(days=182)


class AskForm(StepForm):
    """Someone of this site, or a name and an address."""

    to = forms.ChoiceField(
        label=gettext_lazy("Someone of this site"),
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )
    to_name = forms.CharField(
        label=gettext_lazy("Or: their name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    to_email = forms.EmailField(
        label=gettext_lazy("And their mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("This does not look like a mail address.")},
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What they would see"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(key, words[0]) for key, words in SCOPE_WORDS.items()],
        error_messages={"required": gettext_lazy("Choose at least one thing.")},
    )
    purpose = forms.CharField(
        label=gettext_lazy("What for, in words the patient reads"),
        max_length=200,
        initial=gettext_lazy("To plan therapy around your doses"),
        widget=forms.TextInput(attrs={"class": "input"}),
        error_messages={"required": gettext_lazy("Say what it is for.")},
    )

    def __init__(self, *args: Any, choices: tuple[Receiver, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("Nobody of this site")),
            *((one.key, f"{one.name} · {one.practice}") for one in choices),
        ]


@staff
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, course: UUID) -> HttpResponse:
    """Write the proposal; the patient finds it on their page."""
    row = the_course(request, course)
    about = Subject(Kind.CONSENT, row.organisation_id, row.patient_id, row.id)
    if not decide(scope(request), Need(Kind.CONSENT, Act.SEND), about):
        raise Http404
    form = AskForm(
        request.POST or None,
        choices=receivers(now(), but=[row.organisation_id], patient=row.patient_id),
        initial={"scopes": list(PROPOSED)},
    )
    sent = request.method == "POST" and form.is_valid()
    asked = attempt(form, lambda: _ask(request, row, form.cleaned_data)) if sent else None
    if asked:
        messages.success(
            request,
            _("Asked. %(name)s decides on their own page, and nothing is open until then.")
            % {"name": row.patient.name},
        )
        return redirect("care-patient", file=_file(request, row))
    return show(
        request,
        "clinic/ask_to_share.html",
        row,
        page="ask_to_share",
        kind=Kind.SCHEDULE,
        status=422 if form.errors else 200,
        form=form,
        called=row.patient.name,
        back=_file(request, row),
    )


def _file(request: HttpRequest, course: Course) -> UUID | None:
    """The file this course's pages lie in."""
    return header_of(scope(request), course, now(), zone(request)).file


def _ask(request: HttpRequest, course: Course, given: dict[str, Any]) -> Invitation:
    practice, _colon, person = given["to"].partition(":")
    to_person = Person.objects.get(id=person) if person else None
    to_organisation = Organisation.objects.get(id=practice) if practice else None
    name = given["to_name"] or str(to_person or to_organisation or "")
    return ask_patient_to_share(
        by=actor(request),
        at=now(),
        course=course,
        to_name=name,
        to_email="" if practice else given["to_email"],
        to_organisation=to_organisation,
        to_person=to_person,
        scopes=given["scopes"],
        purpose=given["purpose"],
        until=now() + HALF_A_YEAR,
        submission=given["submission"],
    )
