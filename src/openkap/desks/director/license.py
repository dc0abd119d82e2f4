"""Looking at a colleague's license: the role that rests on it counts from then on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openkap.desks.director.staff import must_keep
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, find, now
from openkap.door.paper_forms import RoleLicenseForm
from openkap.permits import Act, Role
from openkap.reads.staff import role_words
from openkap.records.models import LicensedRole
from openkap.steps.credentials import look_at_license


@staff
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, asked: UUID) -> HttpResponse:
    """Valid, or not: two buttons, where it was looked up, and what stands on the license."""
    must_keep(request)
    row = find(request, LicensedRole.objects.select_related("person"), asked, Act.ADD)
    if request.method != "POST" and (row.looked_at is not None or row.ended_at is not None):
        raise Http404  # what is sent twice, or after somebody else, is answered by the step
    form = RoleLicenseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: look_at_license(
                by=actor(request),
                at=now(),
                asked=row,
                valid="valid" in request.POST,
                words=said["words"],
                number=said["number"],
                state=said["state"],
                last_day=said["last_day"],
                submission=said["submission"],
            ),
        )
        if done:
            messages.success(request, _("Kept."))
            return redirect("lead-staff")
    context = {"row": row, "role": role_words({Role(row.role)})[0], "form": form}
    return render(request, "director/license.html", context, status=422 if form.errors else 200)
