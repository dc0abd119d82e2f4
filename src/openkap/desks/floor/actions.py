"""One tap each: what happened, pause and go on, the end of the dose, a recording played in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.floor.forms import EndForm, MarkForm, PlayForm, WordsForm
from openkap.desks.floor.names import title_of
from openkap.desks.floor.room_forms import StopForm
from openkap.desks.floor.session_page import does, is_refresh, show, the_session
from openkap.desks.floor.waited import for_script, so_at
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, now, scope
from openkap.medicine.protocols import protocol
from openkap.permits import Act
from openkap.reads.room import live
from openkap.records.models import Session
from openkap.records.site import is_demonstration
from openkap.steps.bedside import mark_event
from openkap.steps.dose import end_dose, pause_dose, resume_dose
from openkap.steps.frame import AlreadyDone, Refused
from openkap.steps.recording import play_recording, playing, recording_named, recordings

TURNS = {"pause": pause_dose, "resume": resume_dose}


@staff
@require_POST
def mark(request: HttpRequest, session: UUID) -> HttpResponse:
    """Something happened: one tap keeps it."""
    row = the_session(request, session, Act.ADD)
    form, at = MarkForm(request.POST), now()
    if not form.is_valid():
        return redirect("rooms-session", session=row.id)
    said = form.cleaned_data
    return _told(
        request,
        row,
        lambda: mark_event(
            by=actor(request),
            at=at,
            session=row,
            what=said["what"],
            words=said["words"],
            taken_at=so_at(request, at),
            submission=said["submission"],
        ),
    )


@staff
@require_POST
def turn(request: HttpRequest, session: UUID, verb: str) -> HttpResponse:
    """Pause, or go on."""
    row = the_session(request, session, Act.ADD)
    form, at = WordsForm(request.POST), now()
    step = TURNS.get(verb)
    if step is None:
        raise Http404
    if not form.is_valid():
        return redirect("rooms-session", session=row.id)
    said = form.cleaned_data
    return _told(
        request,
        row,
        lambda: step(
            by=actor(request),
            at=at,
            session=row,
            words=said["words"],
            taken_at=so_at(request, at),
            submission=said["submission"],
        ),
    )


@staff
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, session: UUID) -> HttpResponse:
    """The dose has ended: how much was given, and why if not all of it."""
    row = the_session(request, session, Act.ADD)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if does(request, form, end_dose, session=row, mg=said["mg"], words=said["words"]):
            messages.success(request, _ended(row))
            return redirect("rooms-session", session=row.id)
    return end_page(request, row, form=form, status=422 if form.errors else 200)


def _ended(row: Session) -> str:
    """What begins with the end: a window, where this way of care has integration."""
    if protocol(row.course.protocol).integrates:
        return _("The dose has ended. The window for integration opens from here.")
    return _("The dose has ended. Keep watching until they go home.")


def end_page(
    request: HttpRequest,
    row: Session,
    *,
    form: EndForm | None = None,
    stop: StopForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Two ways to the end: as ordered, or early with a reason; what went in is reckoned, to be put right."""
    seen = live(scope(request), row, now())
    clockwork = seen.clockwork
    reckoned = {"mg": f"{clockwork.given.normalize():f}"} if clockwork.given is not None else {}
    return show(
        request, "floor/end.html", row, page="room", status=status, theme="room",
        form=form or EndForm(), stop=stop or StopForm(prefix="stop", initial=reckoned),
        clockwork=clockwork, given=seen.given, **title_of(row),
    )  # fmt: skip


@staff
@require_http_methods(["GET", "POST"])
def play(request: HttpRequest, session: UUID) -> HttpResponse:
    """Choose a recording, then play on: each call keeps what has come due since the last."""
    row = the_session(request, session, Act.ADD)
    if not is_demonstration():
        raise Http404
    folder = Path(settings.DATA_DIR) / "recordings"
    names = list(recordings(folder))
    goes = playing(row)
    start = {"recording": goes[0], "speed": goes[1]} if goes else {}
    form = PlayForm(request.POST or None, names=names, initial=start)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: play_recording(
                by=actor(request),
                at=now(),
                session=row,
                recording=recording_named(said["recording"], folder),
                speed=said["speed"],
                # A page that plays on by itself sends the same form; what was played is never played twice.
                submission=None if is_refresh(request) else said["submission"],
            ),
        )
        if done is not False:
            if is_refresh(request):
                return HttpResponse(status=204)
            rows = 0 if done is True else int(done)
            messages.info(request, ngettext("%(n)s row played.", "%(n)s rows played.", rows) % {"n": rows})
            return redirect("rooms-play", session=row.id)
    status = 422 if form.errors else 200
    return show(
        request, "floor/play.html", row, page="room", status=status, theme="room", form=form, goes=goes,
        **title_of(row),
    )  # fmt: skip


def _told(request: HttpRequest, row: Session, work: Callable[[], object]) -> HttpResponse:
    """Do it, and go back to the room; a refusal is said on the room's page, which stays as it is."""
    refusal = ""
    try:
        work()
    except AlreadyDone:
        pass
    except Refused as refused:
        refusal = refused.because
    if answer := for_script(request, refusal):
        return answer
    if refusal:
        messages.error(request, refusal)
    return redirect("rooms-session", session=row.id)
