"""Tablets on the walls: make this browser one, see them all, take one back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.floor.forms import TabletForm
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope
from openkap.door.who import DEVICE_COOKIE
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.records.models import Device, Room
from openkap.records.scoped import scoped
from openkap.steps.tablets import enrol_tablet, revoke_tablet

YEAR_S = 365 * 24 * 3600


@staff
@require_http_methods(["GET", "POST"])
def tablets(request: HttpRequest) -> HttpResponse:
    """The list, and the form. Enrolling signs this browser out: a wall is nobody's session."""
    clinic = organisation(request)
    if not decide(scope(request), Need(Kind.STAFF, Act.ENROL), Subject(Kind.STAFF, clinic.id)):
        raise Http404
    rooms = scoped(Room.objects.filter(organisation=clinic), scope(request), Act.ENROL)
    form = TabletForm(request.POST or None, rooms=rooms)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: enrol_tablet(
                by=actor(request),
                at=now(),
                room=said["room"],
                name=said["name"],
                submission=said["submission"],
            ),
        )
        if isinstance(done, tuple):
            return _becomes(request, *done)
        if done:
            return redirect("rooms-tablets")
    devices = scoped(Device.objects.filter(organisation=clinic), scope(request)).select_related(
        "room", "enrolled_by"
    )
    shown = {
        "form": form,
        "devices": list(devices.order_by("revoked_at", "room__name", "-enrolled_at")[:200]),
    }
    shown["revoke"] = StepForm()
    return render(request, "floor/tablets.html", shown, status=422 if form.errors else 200)


@staff
@require_POST
def revoke(request: HttpRequest, device: UUID) -> HttpResponse:
    """Take a tablet back."""
    row = find(request, Device.objects.all(), device)
    form = StepForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: revoke_tablet(by=actor(request), at=now(), device=row, submission=said["submission"]),
        )
        if done:
            messages.success(request, _("%(name)s shows nothing any more.") % {"name": row.name})
    return redirect("rooms-tablets")


def _becomes(request: HttpRequest, device: Device, secret: str) -> HttpResponse:
    """This browser is now the wall of its room, and nobody is signed in here."""
    request.session.flush()
    response = redirect("rooms-wall", room=device.room_id)
    response.set_cookie(
        DEVICE_COOKIE, secret, max_age=YEAR_S, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response
