"""How this site runs: the age of its backups, what was proved, what could not be sent, for who leads here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.upkeep import running as read_running
from openkap.records.models import OutgoingMail
from openkap.steps.mail import send_again


@staff
@require_GET
def running(request: HttpRequest) -> HttpResponse:
    """Backups, drills, keys, mail and the watcher, for those who see the staff of this practice."""
    if not _may(request, Act.SEE):
        raise Http404
    return _page(request, StepForm())


@staff
@require_POST
def again(request: HttpRequest, mail: UUID) -> HttpResponse:
    """Try a message once more that did not leave."""
    row = find(request, OutgoingMail.objects.all(), mail, Act.ADD)
    form = StepForm(request.POST)
    if form.is_valid():
        sent = form.cleaned_data["submission"]
        if not attempt(form, lambda: send_again(by=actor(request), at=now(), mail=row, submission=sent)):
            return _page(request, form)
        messages.success(request, _("It is on its way again."))
        return redirect("lead-running")
    return _page(request, form)


def _page(request: HttpRequest, form: StepForm) -> HttpResponse:
    said = read_running(scope(request), organisation(request), now(), zone(request))
    context = {"running": said, "form": form, "may_send": _may(request, Act.ADD)}
    return render(request, "director/running.html", context, status=422 if form.errors else 200)


def _may(request: HttpRequest, act: Act) -> bool:
    place = organisation(request).id
    return bool(decide(scope(request), Need(Kind.STAFF, act), Subject(Kind.STAFF, place)))
