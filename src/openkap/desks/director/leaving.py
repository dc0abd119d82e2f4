"""Someone leaves: what they hold, given on item by item or all to one, and from when they work here no more.

Also letting someone back in who lost their second factor, with a second person beside.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.director.staff import must_keep, the_member
from openkap.desks.director.staff_forms import LetInForm, WorkForm
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, zone
from openkap.door.second import NotShown, second_person
from openkap.permits import Act
from openkap.reads.staff import work_shown
from openkap.records.models import Departure, Person
from openkap.steps.leaving import hand_over_work, leave_practice, take_back_leaving
from openkap.steps.second_factor import let_back_in


@staff
@require_http_methods(["GET", "POST"])
def work(request: HttpRequest, person: UUID) -> HttpResponse:
    """What they hold, and giving it on; the same page lets them leave."""
    row, member = the_member(request, person)
    shown = work_shown(organisation(request), row, now(), zone(request))
    form = WorkForm(request.POST if request.method == "POST" else None, shown=shown, zone=zone(request))
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "leave" and _leave(request, form, row):
            return redirect("lead-staff")
        if request.POST.get("do") != "leave" and _give(request, form, row):
            return redirect("lead-staff-work", person=row.pk)
    context = {"member": member, "work": shown, "form": form, "zone": str(zone(request))}
    return render(request, "director/work.html", context, status=422 if form.errors else 200)


def _give(request: HttpRequest, form: WorkForm, row: Person) -> bool:
    done = attempt(
        form,
        lambda: hand_over_work(
            by=actor(request),
            at=now(),
            organisation=organisation(request),
            person=row,
            given=form.given(),
            submission=form.cleaned_data["submission"],
        ),
    )
    if done:
        messages.success(request, _("Given on."))
    return bool(done)


def _leave(request: HttpRequest, form: WorkForm, row: Person) -> bool:
    at = now()
    done = attempt(
        form,
        lambda: leave_practice(
            by=actor(request),
            at=at,
            organisation=organisation(request),
            person=row,
            from_at=form.cleaned_data["from_at"] or at,
            given=form.given(),
            submission=form.cleaned_data["submission"],
        ),
    )
    if isinstance(done, Departure):
        said = (
            _("%(name)s works here no more, and is signed out everywhere.")
            if done.done_at is not None
            else _("%(name)s leaves on the day you set. Until then nothing changes for them.")
        )
        messages.success(request, said % {"name": row.name})
    return bool(done)


@staff
@require_POST
def stays(request: HttpRequest, departure: UUID) -> HttpResponse:
    """They stay after all."""
    must_keep(request)
    row = find(request, Departure.objects.all(), departure, Act.ADD)
    form = StepForm(request.POST)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: take_back_leaving(
            by=actor(request), at=now(), departure=row, submission=form.cleaned_data["submission"]
        ),
    )
    if done:
        messages.success(request, _("They stay. What was given to others stays with them."))
    else:
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return redirect("lead-staff")


@staff
@require_http_methods(["GET", "POST"])
def let_in(request: HttpRequest, person: UUID) -> HttpResponse:
    """A lost second factor or password: two people, and both names stay."""
    row, member = the_member(request, person)
    form = LetInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            second = second_person(request, email=said["email"], password=said["password"], code=said["code"])
        except NotShown as not_shown:
            form.add_error("email", str(not_shown))
        else:
            done = attempt(
                form,
                lambda: let_back_in(
                    by=actor(request),
                    second=second,
                    at=now(),
                    organisation=organisation(request),
                    person=row,
                    words=said["words"],
                    submission=said["submission"],
                ),
            )
            if isinstance(done, tuple):
                return redirect("lead-staff-invitation", invitation=done[0].pk)
            if done:
                return redirect("lead-staff")
    context = {"member": member, "form": form}
    return render(request, "director/let_in.html", context, status=422 if form.errors else 200)
