"""Keeping a set: three taps at the bedside, or the whole form with the time it was taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.floor import live_room
from openkap.desks.floor.forms import VitalsForm
from openkap.desks.floor.names import title_of
from openkap.desks.floor.session_page import show, the_session, zone_of
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, now, scope
from openkap.medicine.monitoring import Unusable
from openkap.medicine.monitoring.physiology import check_vital
from openkap.permits import Act
from openkap.reads.sets import sets_of
from openkap.records.models import Session
from openkap.steps.dose import keep_reading

TAPPED = ("sbp", "dbp", "hr", "spo2", "rr")
MARKED_AS = {"sbp": "bp", "dbp": "bp", "hr": "hr", "spo2": "spo2", "rr": "rr"}


@staff
@require_http_methods(["GET", "POST"])
def whole(request: HttpRequest, session: UUID) -> HttpResponse:
    """Every signal there is, and when it was so: for the first set, and for one written down late."""
    row = the_session(request, session, Act.ADD if request.method == "POST" else Act.SEE)
    form = VitalsForm(request.POST or None, zone=zone_of(row))
    if request.method == "POST" and form.is_valid() and _keep(request, row, form):
        messages.success(request, _("The set is kept."))
        return redirect("rooms-session", session=row.id)
    sets = sets_of(scope(request), row)
    status = 422 if form.errors else 200
    return show(
        request, "floor/vitals.html", row, page="vitals", status=status, form=form, sets=sets, **title_of(row)
    )


@staff
@require_POST
def taps(request: HttpRequest, session: UUID) -> HttpResponse:
    """Three taps. Refused, the room comes back with what was typed and why."""
    row = the_session(request, session, Act.ADD)
    form = VitalsForm(_as_form(request.POST), zone=zone_of(row))
    if form.is_valid() and _keep(request, row, form):
        return redirect("rooms-session", session=row.id)
    row.refresh_from_db()
    return live_room.page(request, row, entry=_typed(request.POST, form), status=422)


def _keep(request: HttpRequest, row: Session, form: VitalsForm) -> bool:
    values: dict[str, Any] = form.values()
    if "temp_c" in values and form.cleaned_data.get("temp_unit") == "F":
        try:
            values["temp_c"] = check_vital("temperature", values["temp_c"], "F")
        except Unusable as unusable:
            form.add_error("temp_c", unusable.sentence)
            return False
    at = now()
    done = attempt(
        form,
        lambda: keep_reading(
            by=actor(request),
            at=at,
            session=row,
            values=values,
            taken_at=form.taken(at),
            submission=form.cleaned_data["submission"],
        ),
    )
    return bool(done)


def _as_form(sent: QueryDict) -> QueryDict:
    """The bedside row calls its own id `submission_id`; what it sends is the same set."""
    data = sent.copy()
    data["submission"] = sent.get("submission_id") or sent.get("submission", "")
    return data


def _typed(sent: QueryDict, form: VitalsForm) -> dict[str, Any]:
    """What stood in the row, so that nothing typed is lost, and what is wrong with it."""
    said = [str(error) for errors in form.errors.values() for error in errors]
    return {
        "submission_id": sent.get("submission_id", ""),
        "reading": {name: sent.get(name, "") for name in TAPPED},
        "moaas": sent.get("moaas", ""),
        "bad": [MARKED_AS[name] for name in TAPPED if name in form.errors],
        "error": " ".join(said),
    }
