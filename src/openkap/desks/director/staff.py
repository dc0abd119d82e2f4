"""Keeping the staff: who works here, who is asked to, with which roles.

Decided here: whoever may see the staff sees the list; whoever may keep it gets the forms. The code of an
invitation stands on its own page for whoever keeps the staff, to be told by mouth.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.director.staff_forms import InviteForm, RolesForm
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.permits import Act, Kind, Need, Role, Subject, decide
from openkap.reads.staff import Member, invitation_shown, member_shown, role_words, staff_shown
from openkap.records.models import Person, StaffInvitation
from openkap.steps.licensed import waiting_of
from openkap.steps.staff import (
    change_roles,
    end_staff_invitation,
    givable,
    invite_staff,
    invite_staff_again,
)


def may(request: HttpRequest, act: Act = Act.SEE) -> bool:
    """Whether this role may see, or keep, the staff here."""
    subject = Subject(Kind.STAFF, organisation(request).id)
    return bool(decide(scope(request), Need(Kind.STAFF, act), subject))


def must_keep(request: HttpRequest) -> None:
    if not may(request, Act.ADD):
        raise Http404


def the_member(request: HttpRequest, person: UUID) -> tuple[Person, Member]:
    """Someone who works or worked here, for whoever keeps the staff; 404 for anyone else."""
    must_keep(request)
    found = member_shown(scope(request), organisation(request), person, now(), zone(request))
    if found is None:
        raise Http404
    return Person.objects.get(pk=person), found


@staff
@require_GET
def staff_list(request: HttpRequest) -> HttpResponse:
    """Who holds which role here, and who is asked to."""
    if not may(request):
        raise Http404
    shown = staff_shown(scope(request), organisation(request), now(), zone(request))
    return render(request, "director/staff.html", {"staff": shown, "may": may(request, Act.ADD)})


@staff
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Ask someone to work here."""
    must_keep(request)
    roles = givable(actor(request), now())
    form = InviteForm(request.POST if request.method == "POST" else None, roles=roles)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done: Any = attempt(
            form,
            lambda: invite_staff(
                by=actor(request),
                at=now(),
                organisation=organisation(request),
                name=said["name"],
                email=said["email"],
                roles=said["roles"],
                submission=said["submission"],
            ),
        )
        if isinstance(done, tuple):
            return redirect("lead-staff-invitation", invitation=done[0].pk)
        if done:
            return redirect("lead-staff")
    return render(request, "director/invite.html", {"form": form}, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """One invitation: its code to be told, sending it again, taking it back."""
    must_keep(request)
    row = find(request, StaffInvitation.objects.all(), invitation, Act.ADD)
    form = StepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        work = invite_staff_again if "again" in request.POST else end_staff_invitation
        done: Any = attempt(
            form,
            lambda: work(
                by=actor(request), at=now(), invitation=row, submission=form.cleaned_data["submission"]
            ),
        )
        if isinstance(done, tuple):
            messages.success(request, _("Sent again. The old link and the old code open nothing now."))
            return redirect("lead-staff-invitation", invitation=done[0].pk)
        if done:
            messages.success(request, _("Taken back."))
            return redirect("lead-staff")
    shown = invitation_shown(scope(request), organisation(request), row.pk, now(), zone(request))
    context = {"invitation": shown, "row": row, "form": form}
    return render(request, "director/invitation.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """One of the staff, and their roles."""
    row, shown = the_member(request, person)
    mine = givable(actor(request), now())
    waiting = {Role(each.role) for each in waiting_of(organisation(request), row)}
    fixed = shown.held - mine
    form = RolesForm(
        request.POST if request.method == "POST" else None,
        roles=mine,
        initial={"roles": [role.value for role in (shown.held | waiting) & mine]},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wanted = {*said["roles"], *(role.value for role in fixed)}
        if attempt(
            form,
            lambda: change_roles(
                by=actor(request),
                at=now(),
                organisation=organisation(request),
                person=row,
                roles=sorted(wanted),
                submission=said["submission"],
            ),
        ):
            messages.success(request, _("Kept. It counts from this moment, or from the look at a license."))
            return redirect("lead-staff-person", person=row.pk)
    context = {
        "member": shown,
        "form": form,
        "fixed": role_words(fixed),
        "waiting": role_words(waiting),
        "self": actor(request).person == row.pk,
    }
    return render(request, "director/person.html", context, status=422 if form.errors else 200)
