"""Find a person, or register one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openkap.desks.clinic.forms import RegisterForm
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, now, organisation, scope, zone
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.find import Person, find_people, recent_people, same_person
from openkap.records.models import PatientFile
from openkap.steps.people import register_patient


@staff
def find(request: HttpRequest) -> HttpResponse:
    """The list: whoever fits what was typed, or whom one looked at last."""
    asked = request.GET.get("q", "").strip()[:200]
    at, clinic = now(), organisation(request)
    found = find_people(scope(request), asked, at, zone(request), clinic.country) if asked else None
    recent = () if asked else recent_people(scope(request), actor(request), at, zone(request))
    may_add = bool(
        decide(scope(request), Need(Kind.IDENTITY, Act.ADD), Subject(Kind.IDENTITY, keeper=clinic.id))
    )
    shown = {"asked": asked, "found": found, "recent": recent, "may_add": may_add}
    return render(request, "clinic/find.html", shown)


@staff
def register(request: HttpRequest) -> HttpResponse:
    """A new patient by hand. Someone alike who is already here is shown first."""
    at, clinic = now(), organisation(request)
    if not scope(request).allowing(Need(Kind.IDENTITY, Act.ADD)):
        raise Http404
    form = RegisterForm(request.POST or None, today=at.astimezone(zone(request)).date())
    alike: tuple[Person, ...] = ()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        alike = same_person(
            scope(request), said["given_name"], said["family_name"], said["born_on"], at, zone(request)
        )
        if not alike or said["sure"]:
            done = attempt(
                form,
                lambda: register_patient(
                    by=actor(request),
                    at=at,
                    organisation=clinic,
                    details=form.details(),
                    submission=said["submission"],
                ),
            )
            if isinstance(done, PatientFile):
                messages.success(request, _("%(name)s is registered.") % {"name": done.patient.name})
                return redirect("care-patient", file=done.id)
            if done:
                return redirect("care-find")
        else:
            form.add_error(None, _("Someone like this is already here. Look at them first."))
    status = 422 if form.errors else 200
    return render(request, "clinic/register.html", {"form": form, "alike": alike}, status=status)
