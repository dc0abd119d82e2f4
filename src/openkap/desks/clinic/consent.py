"""A course's consent on the practice's side: how it stands, and writing down who went through it, and how."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.clinic.patient_page import show, the_course
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, scope, zone
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.agreements import apart_of
from openkap.reads.consent_desk import consent_desk
from openkap.records.facts.understood import is_minor
from openkap.records.models import Course
from openkap.records.standing import standing_of
from openkap.steps.agreements import heard_no_to
from openkap.steps.understanding import EXPLAINS, Beside, go_through_consent

HOWS = (
    ("room", gettext_lazy("In the room")),
    ("video", gettext_lazy("By video")),
    ("phone", gettext_lazy("By telephone")),
)
BESIDE = (
    *("interpreter", "interpreter_language", "interpreter_how", "guardian", "guardian_relation"),
    *("guardian_why", "witness"),
)


def _line(label: Any, size: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=size,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TalkForm(StepForm):
    """How it was gone through, and who else was there."""

    how = forms.ChoiceField(
        label=gettext_lazy("How you went through it"), choices=HOWS, widget=forms.RadioSelect, initial="room"
    )
    interpreter = _line(gettext_lazy("Interpreter"), 200, gettext_lazy("Their name, or the service."))
    interpreter_language = _line(gettext_lazy("Into which language"), 60)
    interpreter_how = forms.ChoiceField(
        label=gettext_lazy("The interpreter was there"), required=False, choices=(("", "…"), *HOWS)
    )
    guardian = _line(
        gettext_lazy("Guardian who signs"),
        200,
        gettext_lazy("Only where the patient is a minor, or cannot decide for themselves."),
    )
    guardian_relation = _line(gettext_lazy("Who that is to the patient"), 80)
    guardian_why = _line(
        gettext_lazy("Why a guardian signs"),
        300,
        gettext_lazy("A court order, a power of attorney, and its day."),
    )
    witness = _line(gettext_lazy("Witness"), 200)


@staff
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, course: UUID) -> HttpResponse:
    """How it stands, the questions with every try, and the form for whoever went through it."""
    row = the_course(request, course)
    if not decide(scope(request), Need(Kind.CONSENT), _about(row)):
        raise Http404  # who is shown dates alone is shown no consent
    form = TalkForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _keep(request, row, form)):
        messages.success(request, _("Kept. They can sign now, on their own page or by their link."))
        return redirect("care-consent", course=row.id)
    return show(
        request,
        "clinic/consent.html",
        row,
        page="consent_desk",
        kind=Kind.CONSENT,
        status=422 if form.errors else 200,
        form=form,
        course=row,
        desk=consent_desk(scope(request), row, now(), zone(request)),
        apart=apart_of(row, now(), "en"),
        minor=is_minor(row, now()),
        explains=bool(standing_of(actor(request), now()).roles & EXPLAINS),
        may=bool(decide(scope(request), Need(Kind.CONSENT, Act.ADD), _about(row))) and row.ended_at is None,
    )


@staff
@require_POST
def said_no(request: HttpRequest, course: UUID, what: str) -> HttpResponse:
    """They said no to it aloud: one tap, and it counts."""
    row = the_course(request, course)
    form = StepForm(request.POST)
    sent = form.cleaned_data.get("submission") if form.is_valid() else None
    by, at = actor(request), now()
    if attempt(form, lambda: heard_no_to(by=by, at=at, course=row, what=what, submission=sent)):
        messages.success(request, _("Kept. It counts from now on."))
    else:
        messages.error(request, " ".join(map(str, form.non_field_errors())))
    return redirect("care-consent", course=row.id)


def _keep(request: HttpRequest, row: Course, form: TalkForm) -> Any:
    said = form.cleaned_data
    return go_through_consent(
        by=actor(request),
        at=now(),
        course=row,
        how=said["how"],
        beside=Beside(**{name: said[name] for name in BESIDE}),
        submission=said["submission"],
    )


def _about(row: Course) -> Subject:
    return Subject(Kind.CONSENT, row.organisation_id, row.patient_id, row.id)
