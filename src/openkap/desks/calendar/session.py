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
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from openkap.desks.calendar.forms import EscortForm, LongerForm, MoveForm, WhyForm
from openkap.desks.calendar.frame import may_change, show, the_session
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.medicine.course import SESSION, session_after
from openkap.permits import Act, Kind, Need, decide
from openkap.reads.booking import changes_of, rooms_of, shown_of
from openkap.reads.day import ride_of
from openkap.reads.proposals import bound_to, proposals_about, to_hold
from openkap.records.models import Escort, Session
from openkap.steps.arrival import record_arrival
from openkap.steps.booking import cancel_session, hold_for_dose, miss_session, move_session, overrun
from openkap.steps.escort import OVER, escort_said_yes, escort_subject, name_escort
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
        **_home(request, row),
        "to_hold": to_hold(row, here, at, actor(request).person) if may and other is None else None,
        "hold_form": StepForm(auto_id="hold_%s"),
        **forms,
    }  # fmt: skip
    return show(request, "calendar/session.html", row, page="session", status=status, **context)


def _home(request: HttpRequest, row: Session) -> dict[str, Any]:
    """Who takes them home from a dose, and the forms to name and ask them: where the reader may know."""
    if row.phase != Session.Phase.DOSING or not scope(request).allowing(Need(Kind.ESCORT)):
        return {}
    ride = ride_of(scope(request), row)
    known = {f"escort_{key}": getattr(ride, key) for key in ("name", "phone", "relation")} if ride else {}
    may = bool(decide(scope(request), Need(Kind.ESCORT, Act.ADD), escort_subject(row, now())))
    return {
        "home": True,
        "ride": ride,
        "may_name": may and row.state not in OVER,
        "escort_form": EscortForm(initial=known),
        "yes_form": StepForm(auto_id="yes_%s"),
    }


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


def _change(
    name: str,
    form_for: Callable[[HttpRequest], StepForm],
    work: Callable[..., Any],
    said: str,
    *given: str,
) -> Callable[..., HttpResponse]:
    """A view that changes this session by one step, with `given` of the form, and comes back to it.

    Refused, the page says why beside the form that was sent (`name`, in the page's context).
    """

    @staff
    @require_POST
    def view(request: HttpRequest, session: UUID) -> HttpResponse:
        row, form = the_session(request, session, Act.ADD), form_for(request)
        if form.is_valid():
            values = {key: form.cleaned_data[key] for key in (*given, "submission")}
            if attempt(form, lambda: work(by=actor(request), at=now(), session=row, **values)):
                messages.success(request, _(said))
                return redirect("calendar-session", session=row.id)
        row.refresh_from_db()
        return _page(request, row, 422, **{name: form, "refused": name})

    return view


def _why_form(request: HttpRequest, name: str) -> WhyForm:
    return WhyForm(request.POST, auto_id=f"{name}_%s")


# To another time or room; what the other practice is asked follows by itself.
move = _change(
    "move_form",
    lambda request: _move_form(request, request.POST),
    move_session,
    gettext_noop("Moved."),
    *("planned_from", "minutes", "room", "words", "version"),
)
cancel = _change(
    "cancel_form",
    lambda request: _why_form(request, "cancel"),
    cancel_session,
    gettext_noop("Cancelled."),
    *("words", "version"),
)
missed = _change(
    "missed_form",
    lambda request: _why_form(request, "missed"),
    miss_session,
    gettext_noop("Kept: nobody came."),
    *("words", "version"),
)
arrived = _change(
    "arrived_form",
    lambda request: StepForm(request.POST, auto_id="arrived_%s"),
    record_arrival,
    gettext_noop("They are here."),
    "version",
)
# It will end later than planned.
longer = _change(
    "longer_form",
    lambda request: LongerForm(request.POST, zone=zone(request)),
    overrun,
    gettext_noop("Kept. Whoever comes next is told."),
    *("until", "words", "version"),
)
# Who takes them home: the front desk names and asks them, and reads nothing clinical for it.
escort = _change(
    "escort_form",
    lambda request: EscortForm(request.POST),
    lambda escort_name, escort_phone, escort_relation, **more: name_escort(
        name=escort_name, phone=escort_phone, relation=escort_relation, **more
    ),
    gettext_noop("Kept. Ask them whether they come."),
    *("escort_name", "escort_phone", "escort_relation"),
)


@staff
@require_POST
def hold(request: HttpRequest, session: UUID) -> HttpResponse:
    """Ask whoever treats for a session in this dose's window: the nearest time that fits."""
    row, form = the_session(request, session, Act.ADD), StepForm(request.POST, auto_id="hold_%s")
    done: Any = form.is_valid() and attempt(
        form,
        lambda: hold_for_dose(
            by=actor(request), at=now(), dose=row, submission=form.cleaned_data["submission"]
        ),
    )
    if not done:
        return _page(request, row, 422, hold_form=form, refused="hold_form")
    if getattr(done, "said", ""):
        messages.warning(request, done.said)
    else:
        messages.success(request, _("Asked. It is held until they answer."))
    return redirect("calendar-session", session=row.id)


@staff
@require_POST
def escort_yes(request: HttpRequest, escort: UUID) -> HttpResponse:
    """The one who was named said that they come."""
    row = find(request, Escort.objects.select_related("session"), escort)
    form = StepForm(request.POST, auto_id="yes_%s")
    said: Any = form.is_valid() and attempt(
        form,
        lambda: escort_said_yes(
            by=actor(request), at=now(), escort=row, submission=form.cleaned_data["submission"]
        ),
    )
    if said:
        messages.success(request, _("Kept: %(name)s comes.") % {"name": row.name})
        return redirect("calendar-session", session=row.session_id)
    session = the_session(request, row.session_id)
    return _page(request, session, 422, yes_form=form, refused="yes_form")
