"""Booking a dose with its integration session, on one page.

Decided here: "Look for a time" writes nothing: it fills in the nearest time that fits and says what medicine
says of the day. Booking does both at once, or neither.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openkap.desks.calendar.forms import BookForm
from openkap.desks.calendar.frame import show
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, find, now, organisation, scope, zone
from openkap.medicine.protocols import protocol
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.booking import who_may_book
from openkap.reads.proposals import Ahead, ahead_of
from openkap.records.facts.no_dose import why_no_dose
from openkap.records.models import Course
from openkap.steps.booking import Booked, plan_dose_with_window


@staff
@require_http_methods(["GET", "POST"])
def dose(request: HttpRequest, course: UUID) -> HttpResponse:
    """The form; what was typed stays, whatever is refused."""
    row = find(request, Course.objects.select_related("patient", "organisation"), course)
    here = organisation(request)
    if row.organisation_id != here.id or not _may(request, row):
        raise Http404
    if because := why_no_dose(row):
        status = 422 if request.method == "POST" else 200
        return show(request, "calendar/no_dose.html", row, page="book", status=status, because=because,
                    may_evaluate=_may_evaluate(request, row), course=row)  # fmt: skip
    choices = who_may_book(row, here, now())
    form = BookForm(
        request.POST or None,
        zone=zone(request),
        rooms=choices.rooms,
        leads=choices.leads,
        therapists=choices.therapists,
        outside=choices.outside,
        initial={"minutes": choices.minutes},
    )
    looking = "look" in request.POST
    valid = request.method == "POST" and form.is_valid()
    if valid and not looking:
        done: Any = attempt(form, lambda: _book(request, row, form.cleaned_data))
        if done:
            return _booked(request, row, done)
    ahead = _ahead(request, row, form)
    if valid and looking and ahead.suggested is not None and not form.cleaned_data["hold_from"]:
        form = _filled(form, ahead.suggested)
    status = 422 if form.errors else 200
    page = "calendar/book.html" if protocol(row.protocol).integrates else "calendar/book_alone.html"
    return show(request, page, row, page="book", status=status, form=form, course=row,
                ahead=ahead, looked=valid and looking)  # fmt: skip


def _may(request: HttpRequest, row: Course) -> bool:
    subject = Subject(Kind.SCHEDULE, row.organisation_id, row.patient_id, row.id)
    return bool(decide(scope(request), Need(Kind.SCHEDULE, Act.ADD), subject))


def _may_evaluate(request: HttpRequest, row: Course) -> bool:
    subject = Subject(Kind.CLINICAL, row.organisation_id, row.patient_id, row.id)
    return bool(decide(scope(request), Need(Kind.CLINICAL), subject))


def _ahead(request: HttpRequest, row: Course, form: BookForm) -> Ahead:
    said = getattr(form, "cleaned_data", {})
    starts: datetime | None = said.get("planned_from")
    return ahead_of(
        row,
        organisation(request),
        now(),
        planned_from=starts,
        minutes=said.get("minutes") or form.initial["minutes"],
        therapist=said.get("therapist"),
    )


def _filled(form: BookForm, suggested: datetime) -> BookForm:
    """The same form with the time that fits written in."""
    form.data = {**form.data.dict(), "hold_from": form.fields["hold_from"].prepare_value(suggested)}  # type: ignore[attr-defined]
    return form


def _book(request: HttpRequest, row: Course, said: dict[str, Any]) -> Booked:
    return plan_dose_with_window(
        by=actor(request),
        at=now(),
        course=row,
        planned_from=said["planned_from"],
        minutes=said["minutes"],
        room=said["room"],
        lead=said["lead"],
        therapist=said.get("therapist"),
        hold_from=said["hold_from"],
        words=said["words"],
        submission=said["submission"],
    )


def _booked(request: HttpRequest, row: Course, done: Booked | bool) -> HttpResponse:
    if not isinstance(done, Booked):
        return redirect("calendar")
    if done.said:
        messages.warning(request, _("The dose is booked. %(said)s") % {"said": done.said})
    elif done.held is None:
        messages.success(request, _("The dose is booked."))
    else:
        messages.success(request, _("Both are booked. The therapist is asked for a yes."))
    return redirect("calendar-session", session=done.dose.id)
