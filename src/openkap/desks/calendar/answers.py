"""What the practices ask of each other: the list of both, and one proposal with its three answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.calendar.forms import AnswerForm
from openkap.desks.calendar.frame import schedule_only, show
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, find, now, organisation, scope, zone
from openkap.reads.proposals import asked, bound_to, may_open, proposals_of
from openkap.records.models import Proposal
from openkap.steps.booking import answer_proposal
from openkap.ui.window import Window

ROWS = (
    "patient",
    "course__organisation",
    "course__patient",
    "about__organisation",
    "about__course__organisation",
    "about__course__patient",
    "about__patient",
    "about__lead",
    "about__room",
    "cause__organisation",
    "from_organisation",
    "to_organisation",
    "owner",
    "answered_by",
)


@staff
@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """To answer, waited for, answered last."""
    schedule_only(request)
    here = organisation(request)
    with timezone.override(zone(request)):
        return render(
            request,
            "calendar/proposals.html",
            {"asks": proposals_of(scope(request), here, now()), "here": here},
        )


@staff
@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """What changed, what is proposed, and yes, another time or no."""
    row = find(request, Proposal.objects.select_related(*ROWS), proposal)
    form = AnswerForm(request.POST or None, zone=zone(request), initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        done: Any = attempt(form, lambda: _answer(request, row, form.cleaned_data))
        if done:
            messages.success(request, _("Answered. Both practices see it."))
            return redirect("calendar-proposals")
        row = find(request, Proposal.objects.select_related(*ROWS), proposal)
    here, at = organisation(request), now()
    other, window = bound_to(scope(request), row.about, here, at)
    return show(
        request,
        "calendar/proposal.html",
        row,
        page="proposal",
        status=422 if form.errors else 200,
        asked=asked(row, here, at),
        form=form,
        other=other,
        window=window,
        bar=Window(window.dose_ended_at, window.opens_at, window.closes_at, at, row.suggested_from)
        if window
        else None,
        subject=row.about,
        may_open=may_open(scope(request), row.about),
    )


def _answer(request: HttpRequest, row: Proposal, said: dict[str, Any]) -> Proposal:
    return answer_proposal(
        by=actor(request),
        at=now(),
        proposal=row,
        answer=said["answer"],
        planned_from=said["planned_from"],
        words=said["words"],
        version=said["version"],
        submission=said["submission"],
    )
