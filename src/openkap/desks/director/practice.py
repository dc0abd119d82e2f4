"""What stands before care, and the practice itself with its rooms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.director.staff import may, must_keep
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, organisation, scope
from openkap.reads.before_care import before_care_of
from openkap.reads.places import places_shown
from openkap.records.site import is_demonstration
from openkap.steps.places import add_room, ask_for_witness, change_practice


class PracticeForm(StepForm):
    name = forms.CharField(label=gettext_lazy("Name of the practice"), required=False, max_length=200)
    phone = forms.CharField(
        label=gettext_lazy("Number that patients call"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("It stands on every page for help."),
    )


class WitnessForm(StepForm):
    witness = forms.ChoiceField(choices=(("yes", ""), ("no", "")))


class RoomForm(StepForm):
    house = forms.CharField(label=gettext_lazy("House"), required=False, max_length=100)
    address = forms.CharField(label=gettext_lazy("Its address"), required=False, max_length=300)
    room = forms.CharField(
        label=gettext_lazy("Room, as it is written on its door"), required=False, max_length=100
    )


@staff
@require_GET
def before_care(request: HttpRequest) -> HttpResponse:
    """What stands between this practice and its first real patient."""
    if not may(request):
        raise Http404
    shown = before_care_of(scope(request), organisation(request), now())
    return render(
        request, "director/before_care.html", {"before": shown, "demonstration": is_demonstration()}
    )


@staff
@require_http_methods(["GET", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """The practice, its rooms, and whether consents have a witness: each sent by itself."""
    must_keep(request)
    here = organisation(request)
    data = request.POST if request.method == "POST" else None
    sent = "" if data is None else next((name for name in ("room", "witness") if name in data), "own")
    own = PracticeForm(data if sent == "own" else None, initial={"name": here.name, "phone": here.phone})
    room, witness = (
        RoomForm(data if sent == "room" else None),
        WitnessForm(data if sent == "witness" else None),
    )
    does = {"own": (_change, own), "room": (_add, room), "witness": (_witness, witness)}
    if sent and does[sent][0](request, does[sent][1]):
        return redirect("lead-practice")
    context = {
        "own": own,
        "form": room,
        "witness": witness,
        "houses": places_shown(scope(request), here),
        "here": here,
    }
    errors = own.errors or room.errors or witness.errors
    return render(request, "director/practice.html", context, status=422 if errors else 200)


def _change(request: HttpRequest, form: StepForm) -> bool:
    return form.is_valid() and _kept(request, form, change_practice, _said(form, "name", "phone"))


def _add(request: HttpRequest, form: StepForm) -> bool:
    if not form.is_valid():
        return False
    said = _said(form, "house", "address")
    return _kept(request, form, add_room, {**said, "name": form.cleaned_data["room"]})


def _witness(request: HttpRequest, form: StepForm) -> bool:
    if not form.is_valid():
        return False
    return _kept(request, form, ask_for_witness, {"wanted": form.cleaned_data["witness"] == "yes"})


def _said(form: StepForm, *names: str) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in names}


def _kept(request: HttpRequest, form: StepForm, work: Any, said: dict[str, Any]) -> bool:
    done = attempt(
        form,
        lambda: work(
            by=actor(request),
            at=now(),
            organisation=organisation(request),
            submission=form.cleaned_data["submission"],
            **said,
        ),
    )
    if done:
        messages.success(request, _("Kept."))
    return bool(done)
