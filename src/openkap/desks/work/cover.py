"""Standing in for someone on call: the form of it, and ending it from the on-call list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, zone
from openkap.door.times import ClinicTimeField
from openkap.records.facts.on_call import able_on_call
from openkap.records.models import OnCallCover, Person
from openkap.steps.cover import end_cover


class CoverForm(StepForm):
    """Whose hours, who answers instead, from when and until when."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("In place of"), queryset=Person.objects.none(), empty_label=gettext_lazy("Choose")
    )
    covered_by = forms.ModelChoiceField(
        label=gettext_lazy("Who answers"),
        queryset=Person.objects.none(),
        empty_label=gettext_lazy("Choose"),
        error_messages={"required": gettext_lazy("Choose who answers.")},
    )
    since = ClinicTimeField(
        label=gettext_lazy("From"),
        required=False,
        help_text=gettext_lazy("Empty: now, and what is open goes along."),
    )
    until = ClinicTimeField(
        label=gettext_lazy("Up to"), error_messages={"required": gettext_lazy("Say until when.")}
    )

    def __init__(self, *args: Any, request: HttpRequest, whole: bool, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "cover_%s")
        super().__init__(*args, **kwargs)
        own = actor(request).person
        here = Person.objects.filter(id__in=able_on_call(organisation(request).id, now()))
        self.fields["person"].queryset = here if whole else here.filter(id__in=[own] if own else [])  # type: ignore[attr-defined]
        self.fields["covered_by"].queryset = here  # type: ignore[attr-defined]
        self.fields["person"].initial = own
        for name in ("since", "until"):
            self.fields[name].zone = zone(request)  # type: ignore[attr-defined]


@staff
@require_POST
def end(request: HttpRequest, row: UUID) -> HttpResponse:
    """The list counts again as it stands."""
    cover = find(request, OnCallCover.objects.all(), row)
    form = StepForm(request.POST)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: end_cover(by=actor(request), at=now(), row=cover, submission=form.cleaned_data["submission"]),
    )
    if done:
        messages.success(request, _("Ended. The list counts again as it stands."))
    else:
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return redirect("care-on-call")
