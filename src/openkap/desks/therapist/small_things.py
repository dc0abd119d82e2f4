"""Small things agreed with a patient: the list as the patient has it, and a new one."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.therapist.person import show
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.medicine.course.integration import homework_kinds, journal_prompts
from openkap.permits import Act
from openkap.reads.header import header_of
from openkap.reads.small_things import things_of
from openkap.records.models import PatientFile, Session, SmallThing
from openkap.steps.small_things import LONGEST, agree_small_thing, end_small_thing


class AgreeForm(StepForm):
    text = forms.CharField(
        label=gettext_lazy("What you agreed, in the patient's words"),
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "maxlength": LONGEST, "autocomplete": "off"}),
    )


@staff
@require_http_methods(["GET", "POST"])
def things(request: HttpRequest, file: UUID) -> HttpResponse:
    """What is on this patient's list, and room to agree one more, under one's own last session."""
    row = find(request, PatientFile.objects.select_related("patient", "organisation"), file)
    session = _session(request, row)
    form = AgreeForm(request.POST or None)
    if request.method == "POST" and session is not None and form.is_valid():
        agreed = attempt(
            form,
            lambda: agree_small_thing(
                by=actor(request),
                at=now(),
                session=session,
                text=form.cleaned_data["text"],
                submission=form.cleaned_data["submission"],
            ),
        )
        if agreed:
            messages.success(request, _("On the list."))
            return redirect("practice-things", file=row.id)
    tell_opening(request, row, "small_things")
    status = 422 if form.errors else 200
    shown = things_of(scope(request), session.course) if session is not None else ()
    return show(
        request,
        "practice/things.html",
        header=header_of(scope(request), row, now(), zone(request)),
        file=row,
        name=row.patient.name,
        form=form,
        things=shown,
        session=session,
        kinds=[("homework", homework_kinds()), ("journal", journal_prompts())],
        status=status,
    )


@staff
@require_POST
def end(request: HttpRequest, thing: UUID) -> HttpResponse:
    """Off the list."""
    row = find(request, SmallThing.objects.all(), thing, Act.ADD)
    end_small_thing(by=actor(request), at=now(), thing=row)
    messages.success(request, _("Off the list."))
    file = PatientFile.objects.get(organisation=organisation(request), patient_id=row.patient_id)
    return redirect("practice-things", file=file.id)


def _session(request: HttpRequest, row: PatientFile) -> Session | None:
    """The last session this practice held or holds with the patient in a course that goes on."""
    return (
        Session.objects.filter(
            organisation_id=row.organisation_id, patient_id=row.patient_id, course__ended_at=None
        )
        .exclude(phase=Session.Phase.DOSING)
        .exclude(state__in=("cancelled", "no_show"))
        .select_related("course__organisation")
        .order_by("-planned_from")
        .first()
    )
