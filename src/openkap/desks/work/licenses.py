"""My licenses and certificates: what I hold here, what is asked of my roles, and writing one down.

Decided here: everyone who works here sees and writes down their own, whatever their role; a colleague looks.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openkap.door.enter import staff
from openkap.door.page import actor, attempt, now, organisation
from openkap.door.paper_forms import CredentialForm
from openkap.reads.staff_standing import PersonStanding, own_standing
from openkap.records.models import Credential, Person
from openkap.steps.standing import correct_credential, write_credential


@staff
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What I hold, and one more."""
    shown = _mine(request)
    form = CredentialForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: write_credential(
                by=actor(request),
                at=now(),
                organisation=organisation(request),
                person=Person.objects.get(pk=shown.person),
                submission=form.cleaned_data["submission"],
                **form.paper,
            ),
        )
        if done:
            messages.success(request, _("Kept. It counts once a colleague has looked at it."))
            return redirect("account-licenses")
    return render(
        request, "work/licenses.html", {"shown": shown, "form": form}, status=422 if form.errors else 200
    )


@staff
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, credential: UUID) -> HttpResponse:
    """Another row in the place of one of mine that nobody has looked at."""
    shown = _mine(request)
    row = Credential.objects.filter(
        pk=credential, person=shown.person, organisation=organisation(request)
    ).first()
    if row is None:
        raise Http404
    form = CredentialForm(request.POST if request.method == "POST" else None, corrects=row)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: correct_credential(
                by=actor(request),
                at=now(),
                credential=row,
                reason=said["reason"],
                submission=said["submission"],
                **form.paper,
            ),
        )
        if done:
            messages.success(request, _("Kept. What stood before stays on record."))
            return redirect("account-licenses")
    paper = next((one for one in shown.papers if one.id == row.pk), None)
    context = {"shown": shown, "paper": paper, "form": form}
    return render(request, "work/license_correct.html", context, status=422 if form.errors else 200)


def _mine(request: HttpRequest) -> PersonStanding:
    by = actor(request)
    shown = own_standing(organisation(request), by.person, now()) if by.person is not None else None
    if shown is None:
        raise Http404
    return shown
