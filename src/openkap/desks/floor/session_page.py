"""What every page of one dosing session begins with: the session within Scope, the opening told, the frame.

Decided here: a session is found by its schedule and shown by its clinical facts, so both are asked. What
the page refreshes by itself is no opening and no act of a person. A page that has become another one
(the dose was started elsewhere) sends its reader to the new one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from openkap.door.context import Frame
from openkap.door.idle import BACKGROUND
from openkap.door.opening import tell_opening
from openkap.door.page import StepForm, actor, attempt, find, now, scope
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.header import allergies_of
from openkap.reads.help import help_now
from openkap.reads.live import last_event
from openkap.records.facts.signing import signed_of
from openkap.records.ids import new_id
from openkap.records.models import Session
from openkap.steps.refusal import tell_missed

QUIET_SECONDS = 10


def the_session(request: HttpRequest, pk: UUID, act: Act = Act.SEE) -> Session:
    """The dosing session, if this actor may see what happens in it; else 404."""
    rows = Session.objects.select_related(
        "course__patient", "course__organisation", "patient", "room__location", "organisation", "lead"
    )
    session = find(request, rows.filter(phase=Session.Phase.DOSING), pk)
    if not may(request, session, act):
        tell_missed(by=actor(request), at=now(), model=Session, pk=str(pk))
        raise Http404
    return session


def may(request: HttpRequest, session: Session, act: Act) -> bool:
    """Whether this actor may do `act` upon clinical facts of this session."""
    subject = Subject(
        Kind.CLINICAL,
        session.organisation_id,
        session.patient_id,
        session.course_id,
        session.id,
        session.room_id,
        now(),
    )
    return bool(decide(scope(request), Need(Kind.CLINICAL, act), subject))


def does(request: HttpRequest, form: StepForm, step: Callable[..., Any], **said: Any) -> bool:
    """Do a step for this form, by whoever asks and now. False where it was refused: the form says why."""
    sent = form.cleaned_data["submission"]
    work = lambda: step(by=actor(request), at=now(), submission=sent, **said)  # noqa: E731
    return bool(attempt(form, work))


def zone_of(session: Session) -> ZoneInfo:
    return ZoneInfo(session.organisation.zone)


def is_refresh(request: HttpRequest) -> bool:
    """Asked for by the page itself, not by a person."""
    return request.headers.get(BACKGROUND) == "1" or request.GET.get("refresh") == "1"


def show(
    request: HttpRequest,
    template: str,
    session: Session,
    *,
    page: str,
    status: int = 200,
    theme: str = "",
    **context: Any,
) -> HttpResponse:
    """Render a page of this session; a person's first look is told to the trail."""
    tell_opening(request, session, page, Kind.CLINICAL)
    frame = live_frame(request, f"session:{session.id}", theme)
    shown = {
        "frame": frame,
        "session": session,
        "zone": str(zone_of(session)),
        "may_add": may(request, session, Act.ADD),
        "may_sign": may(request, session, Act.SIGN),
        "allergies": SimpleLazyObject(lambda: allergies_of(scope(request), session.patient)),
        "ask_id": new_id(),
        "approved": SimpleLazyObject(lambda: signed_of(session.organisation_id, session.course.route).by),
        "help_now": SimpleLazyObject(lambda: help_now(session, now())),
        **context,
    }
    return render(request, template, shown, status=status)


def live_frame(request: HttpRequest, about: str, theme: str = "") -> Frame:
    """The frame of a page that listens: its stream, from the last event it already shows."""
    frame = Frame(request)
    frame.stream_url = reverse("stream") + "?" + urlencode({"about": about, "after": last_event()})  # type: ignore[attr-defined]
    frame.quiet_seconds = QUIET_SECONDS  # type: ignore[attr-defined]
    frame.theme = theme  # type: ignore[attr-defined]
    return frame


def elsewhere(address: str) -> HttpResponse:
    """Tell a refreshing page that it has become another one; opening that is still no person's act."""
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = f"{address}?refresh=1"
    return response
