"""One session: when and where, what is bound to it, what became of it, and changing it.

Decided here: only the practice that holds a session finds its forms here; the other reads. A refusal brings
the page back with every word.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from openkap.desks.calendar.forms import LongerForm, MoveForm, WhyForm
from openkap.desks.calendar.frame import may_change, show, the_session
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, organisation, scope, zone
from openkap.medicine.course import SESSION, session_after
from openkap.permits import Act
from openkap.reads.booking import changes_of, rooms_of, shown_of
from openkap.reads.proposals import bound_to, proposals_about
from openkap.records.models import Session
from openkap.steps.arrival import record_arrival
from openkap.steps.booking import cancel_session, miss_session, move_session, overrun
from openkap.ui.window import Window


@staff
@require_GET
def session(request: HttpRequest, session: UUID) -> HttpResponse:
    return _page(request, the_session(request, session))


def _page(request: HttpRequest, row: Session, status: int = 200, **forms: Any) -> HttpResponse:
    here, at = organisation(request), now()
    other, window = bound_to(scope(request), row, here, at)
    may = may_change(request, row)
    minutes = int((row.planned_to - row.planned_from) / timedelta(minutes=1))
    started = {"version": row.version}
    context: dict[str, Any] = {
        "session": row,
        "shown": shown_of(row, here),
        "other": other,
        "window": window,
        "bar": _bar(window, at),
        "proposals": proposals_about(scope(request), row, here, at),
        "changes": changes_of(row, here),
        "can": {verb: may and session_after(row.state, verb) is not None for verb in SESSION.does},
        "can_arrive": may and session_after(row.state, "arrive") is not None and _is_today(request, row, at),
        "can_move": may and row.state == "planned",
        "can_miss": may and row.state == "planned" and row.planned_from <= at,
        "can_longer": may and (row.state in (*Session.LIVE, "arrived", "ready") or _is_now(row, at)),
        "move_form": _move_form(request, None, initial={
            **started, "planned_from": row.planned_from, "minutes": minutes, "room": row.room_id}),
        "cancel_form": WhyForm(initial=started, auto_id="cancel_%s"),
        "missed_form": WhyForm(initial=started, auto_id="missed_%s"),
        "arrived_form": StepForm(initial=started, auto_id="arrived_%s"),
        "longer_form": LongerForm(zone=zone(request), initial={**started, "until": row.planned_to}),
        **forms,
    }  # fmt: skip
    return show(request, "calendar/session.html", row, page="session", status=status, **context)


def _is_today(request: HttpRequest, row: Session, at: Any) -> bool:
    return bool(row.planned_from.astimezone(zone(request)).date() == at.astimezone(zone(request)).date())


def _is_now(row: Session, at: Any) -> bool:
    return row.state == "planned" and row.planned_from <= at


def _bar(window: Any, at: Any) -> Window | None:
    if window is None:
        return None
    return Window(window.dose_ended_at, window.opens_at, window.closes_at, at, window.session_at)


def _move_form(request: HttpRequest, data: Any, **more: Any) -> MoveForm:
    return MoveForm(data, zone=zone(request), rooms=rooms_of(organisation(request)), **more)


@staff
@require_POST
def move(request: HttpRequest, session: UUID) -> HttpResponse:
    """To another time or room; what the other practice is asked follows by itself."""
    row = _own(request, session)
    form = _move_form(request, request.POST)
    return _do(
        request,
        row,
        form,
        "move_form",
        lambda said: move_session(
            by=actor(request),
            at=now(),
            session=row,
            planned_from=said["planned_from"],
            minutes=said["minutes"],
            room=said["room"],
            words=said["words"],
            version=said["version"],
            submission=said["submission"],
        ),
        _("Moved."),
    )


@staff
@require_POST
def cancel(request: HttpRequest, session: UUID) -> HttpResponse:
    row = _own(request, session)
    form = WhyForm(request.POST, auto_id="cancel_%s")
    return _do(
        request,
        row,
        form,
        "cancel_form",
        lambda said: cancel_session(by=actor(request), at=now(), session=row, **_why(said)),
        _("Cancelled."),
    )


@staff
@require_POST
def missed(request: HttpRequest, session: UUID) -> HttpResponse:
    """Nobody came."""
    row = _own(request, session)
    form = WhyForm(request.POST, auto_id="missed_%s")
    return _do(
        request,
        row,
        form,
        "missed_form",
        lambda said: miss_session(by=actor(request), at=now(), session=row, **_why(said)),
        _("Kept: nobody came."),
    )


@staff
@require_POST
def arrived(request: HttpRequest, session: UUID) -> HttpResponse:
    row = _own(request, session)
    form = StepForm(request.POST, auto_id="arrived_%s")
    return _do(
        request,
        row,
        form,
        "arrived_form",
        lambda said: record_arrival(
            by=actor(request),
            at=now(),
            session=row,
            version=said["version"],
            submission=said["submission"],
        ),
        _("They are here."),
    )


@staff
@require_POST
def longer(request: HttpRequest, session: UUID) -> HttpResponse:
    """It will end later than planned."""
    row = _own(request, session)
    form = LongerForm(request.POST, zone=zone(request))
    return _do(
        request,
        row,
        form,
        "longer_form",
        lambda said: overrun(by=actor(request), at=now(), session=row, until=said["until"], **_why(said)),
        _("Kept. Whoever comes next is told."),
    )


def _why(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("words", "version", "submission")}


def _own(request: HttpRequest, session: UUID) -> Session:
    return the_session(request, session, Act.ADD)


def _do(
    request: HttpRequest,
    row: Session,
    form: StepForm,
    name: str,
    work: Callable[[dict[str, Any]], Any],
    said: str,
) -> HttpResponse:
    """Do it and come back to the session; refused, the page says why beside the form that was sent."""
    if form.is_valid() and attempt(form, lambda: work(form.cleaned_data)):
        messages.success(request, said)
        return redirect("calendar-session", session=row.id)
    row.refresh_from_db()
    return _page(request, row, 422, **{name: form, "refused": name})
