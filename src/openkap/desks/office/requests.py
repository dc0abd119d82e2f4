"""Requests for an evaluation: a plain list, and one of them with what to do.

Decided here: one that is answered says so in a line of its own; a file is opened by a person, who says
whether it is someone already here. Looking at a request is told to the trail, as a record is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from openkap.desks.office.request_forms import NEW, CloseForm, ContactForm, OpenForm
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.permits import Act, Kind, Need, decide
from openkap.reads.requests import STATES, OneRequest, one_request, requests_of
from openkap.records.models import EvaluationRequest, PatientFile
from openkap.steps.requests import close_request, contact_request, open_from_request


@staff
@require_GET
def several(request: HttpRequest) -> HttpResponse:
    """Open ones, the oldest first; others by their state."""
    if not scope(request).allowing(Need(Kind.REQUESTS)):
        raise Http404
    state, asked = request.GET.get("state", ""), request.GET.get("who", "").strip()[:200]
    listed = requests_of(
        scope(request), organisation(request).id, now(), zone(request), state=state, asked=asked
    )
    tabs = [("", _("Open"), listed.open)] + [
        (str(one), _(words), listed.counts.get(one, 0)) for one, words in STATES.items()
    ]
    words = {"listed": listed, "tabs": tabs, "state": state, "asked": asked}
    return render(request, "office/requests.html", words)


@staff
@require_GET
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request, with what can be done."""
    return _page(request, _row(request, request_id))


@staff
@require_POST
def contact(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What was said or done."""
    said = _("Kept. It comes back to your list in a week.")
    return _say(request, request_id, ContactForm(request.POST), "contact", "words", contact_request, said)


@staff
@require_POST
def close(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Nothing comes of it."""
    form = CloseForm(request.POST)
    return _say(request, request_id, form, "close", "reason", close_request, _("Closed."))


def _say(
    request: HttpRequest,
    request_id: UUID,
    form: StepForm,
    which: str,
    field: str,
    work: Callable[..., object],
    words: str,
) -> HttpResponse:
    """Something said about a request, in the one `field` of this form."""
    row = _row(request, request_id)
    said: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    return _done(
        request,
        row,
        form,
        which,
        lambda: work(**{field: said[field]}, **_common(request, row, said)),
        words,
    )


@staff
@require_POST
def open_file(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """A patient file and a course, of someone new or of someone who is already here."""
    row = _row(request, request_id)
    form = OpenForm(request.POST, alike=_shown(request, row).alike)
    said: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    same = said.get("whose") not in (None, "", NEW)
    file = find(request, PatientFile.objects.all(), said["whose"]) if same else None
    return _done(
        request,
        row,
        form,
        "open",
        lambda: open_from_request(
            protocol_id=said["protocol"],
            same_as=file,
            is_new=said["whose"] == NEW and _asked_whose(form),
            **_common(request, row, said),
        ),
        _("A file and a course are open. Plan the evaluation next."),
    )


def _asked_whose(form: OpenForm) -> bool:
    """Whether the page asked: a match that came up since is asked of the next page."""
    return len(form.fields["whose"].choices) > 1  # type: ignore[attr-defined]


def _common(request: HttpRequest, row: EvaluationRequest, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "by": actor(request),
        "at": now(),
        "request": row,
        "version": said["version"],
        "submission": said["submission"],
    }


def _done(
    request: HttpRequest,
    row: EvaluationRequest,
    form: StepForm,
    which: str,
    work: Callable[[], object],
    words: str,
) -> HttpResponse:
    done = attempt(form, work) if form.is_valid() else False
    if done:
        messages.success(request, words)
        return redirect("desk-request", request_id=row.id)
    return _page(request, row, **{which: form})


def _row(request: HttpRequest, request_id: UUID) -> EvaluationRequest:
    rows = EvaluationRequest.objects.select_related("organisation").prefetch_related("notes")
    return find(request, rows, request_id)


def _shown(request: HttpRequest, row: EvaluationRequest) -> OneRequest:
    return one_request(scope(request), row, now(), zone(request))


def _page(request: HttpRequest, row: EvaluationRequest, **sent: StepForm) -> HttpResponse:
    tell_opening(request, row, "request", Kind.REQUESTS)
    shown = _shown(request, row)
    first = {"version": shown.version}
    forms = {
        "contact": sent.get("contact") or ContactForm(initial=first, auto_id="c_%s"),
        "close": sent.get("close") or CloseForm(initial=first, auto_id="x_%s"),
        "open": sent.get("open") or OpenForm(initial=first, auto_id="o_%s", alike=shown.alike),
    }
    may = bool(decide(scope(request), Need(Kind.REQUESTS, Act.ADD), row.as_subject()))
    opens = may and bool(scope(request).allowing(Need(Kind.IDENTITY, Act.ADD)))
    words = {
        "shown": shown,
        "may": may,
        "may_open": opens,
        "forms": forms,
        "sent": next(iter(sent.values()), None),
    }
    return render(request, "office/request.html", words, status=422 if sent else 200)
