"""Find a person by half a name, and send them their sign-in.

Decided here: the desk sees who someone is and when they come, and nothing of why. On a demonstration
site nothing is mailed, so the link is shown to whoever sent it; on a real site it never is.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openkap.door import page
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, organisation, scope, zone
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.find import find_people
from openkap.records.models import PatientFile
from openkap.records.site import is_demonstration
from openkap.steps.links import link_address, send_link


@staff
@require_POST
def send_sign_in(request: HttpRequest, file: UUID) -> HttpResponse:
    """Send this patient a sign-in of 15 minutes. What was searched for comes back."""
    row = page.find(request, PatientFile.objects.select_related("patient", "organisation"), file)
    form = StepForm(request.POST)
    asked = request.POST.get("q", "")[:200]
    if not form.is_valid():
        return found_list(request, asked, form)
    done = attempt(
        form,
        lambda: send_link(
            by=actor(request),
            at=now(),
            organisation=row.organisation,
            patient=row.patient,
            purpose="sign_in",
            submission=form.cleaned_data["submission"],
        ),
    )
    if done is False:
        return found_list(request, asked, form)
    if isinstance(done, tuple) and is_demonstration():
        words = {"patient": row.patient, "address": link_address(done[1]), "asked": asked}
        return render(request, "office/sent.html", words)
    said = _("A sign-in is on its way to %(name)s. It works for 15 minutes.") % {"name": row.patient.name}
    messages.success(request, said)
    return redirect("desk-find")


def found_list(request: HttpRequest, asked: str, refused: StepForm | None = None) -> HttpResponse:
    """The people who fit what was typed, each with the form that sends them their sign-in."""
    here, asked = organisation(request), asked.strip()[:200]
    found = find_people(scope(request), asked, now(), zone(request), here.country) if asked else None
    may_send = bool(
        decide(scope(request), Need(Kind.CONSENT, Act.SEND), Subject(Kind.CONSENT, keeper=here.id))
    )
    words = {
        "asked": asked,
        "found": found,
        "may_send": may_send,
        "refused": refused,
        # A form of its own each: a sign-in sent to one is never taken for another's.
        "rows": [(person, StepForm()) for person in found.people] if found is not None else [],
    }
    return render(request, "office/find.html", words, status=422 if refused is not None else 200)
