"""Looking at the license of someone who joined: what they gave, and whether it is valid."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openkap.door.enter import staff
from openkap.door.page import actor, attempt, find, now, zone
from openkap.door.paper_forms import LicenseForm
from openkap.permits import Act
from openkap.records.models import Task
from openkap.steps.credentials import check_license, license_of
from openkap.steps.frame import Refused


@staff
@require_http_methods(["GET", "POST"])
def license_check(request: HttpRequest, task: UUID) -> HttpResponse:
    """Valid, or not: two buttons, and where it was looked up."""
    row = find(request, Task.objects.all(), task, Act.ADD)
    try:
        invitation, given = license_of(row)
    except Refused as refusal:
        messages.error(request, refusal.because)
        return redirect("care-work")
    form = LicenseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: check_license(
                by=actor(request),
                at=now(),
                task=row,
                valid="valid" in request.POST,
                words=said["words"],
                submission=said["submission"],
            ),
        )
        if done:
            messages.success(request, _("Kept."))
            return redirect("care-work")
    looked = given.checks.counting(now()).order_by("-at").first()
    context = {"task": row, "invitation": invitation, "given": given, "looked": looked, "form": form}
    with timezone.override(zone(request)):
        return render(request, "work/license.html", context, status=422 if form.errors else 200)
