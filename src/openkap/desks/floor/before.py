"""Before the dose: is everything ready, the second person's check, and Start.

Decided here: one verdict, then what is open with who can mend it, then what is clear. Start is there
only when nothing is open; where a prescriber may go ahead, their words are asked on the same page.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.floor import live_room
from openkap.desks.floor.forms import WordsForm
from openkap.desks.floor.names import title_of
from openkap.desks.floor.session_page import elsewhere, show, the_session
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, scope
from openkap.permits import Act
from openkap.reads.order import Gate, gate, order_shown
from openkap.reads.room import live
from openkap.records.models import Order, Session
from openkap.steps.dose import start_dose
from openkap.steps.order import confirm_order


@staff
def session(request: HttpRequest, session: UUID) -> HttpResponse:
    """The session's own page: the gate before it, the live room in it, the record after it."""
    row = the_session(request, session)
    if row.state in Session.LIVE:
        return live_room.page(request, row)
    if row.started_at is not None:
        return live_room.record(request, row)
    return gate_page(request, row, WordsForm(initial={"version": row.version}))


@staff
def part(request: HttpRequest, session: UUID) -> HttpResponse:
    """What changes on the session's page while it stands open; `was` says which page asks."""
    row = the_session(request, session)
    now_is = "live" if row.state in Session.LIVE else "record" if row.started_at is not None else "gate"
    if request.GET.get("was") != now_is:
        return elsewhere(reverse("rooms-session", args=[row.id]))
    if now_is == "live":
        return live_room.part(request, row)
    return gate_page(request, row, WordsForm(initial={"version": row.version}), "floor/gate_part.html")


def gate_page(
    request: HttpRequest, row: Session, form: WordsForm, template: str = "floor/gate.html", status: int = 200
) -> HttpResponse:
    """The gate as it stands now."""
    at = now()
    asked = gate(row, at)
    shown = live(scope(request), row, at)
    return show(
        request,
        template,
        row,
        page="gate",
        status=status,
        theme="day",
        gate=asked,
        says=gate_words(asked),
        order=order_shown(scope(request), row),
        numbers=shown.numbers,
        form=form,
        at=at,
        **title_of(row),
    )


def gate_words(asked: Gate) -> tuple[str, str, str]:
    """The verdict in one sentence, the facts behind it, and the count."""
    met, everything = len(asked.met), len(asked.met) + len(asked.open) + len(asked.cautions)
    count = _("%(met)s of %(all)s clear") % {"met": met, "all": everything}
    if asked.may_start:
        return _("Ready"), " ".join(f.because for f in asked.cautions), count
    left = len(asked.open)
    says = ngettext("Not yet. %(n)s thing left", "Not yet. %(n)s things left", left) % {"n": left}
    return says, " ".join(f.because for f in asked.open), count


@staff
@require_POST
def start(request: HttpRequest, session: UUID) -> HttpResponse:
    """Start the dose, or say everything that is missing."""
    row = the_session(request, session, Act.ADD)
    form = WordsForm(request.POST)
    if form.is_valid() and _started(request, row, form):
        return redirect("rooms-session", session=row.id)
    row.refresh_from_db()
    if row.state in Session.LIVE:
        messages.info(request, _("The dose was started by someone else a moment ago."))
        return redirect("rooms-session", session=row.id)
    return gate_page(request, row, form, status=422)


def _started(request: HttpRequest, row: Session, form: WordsForm) -> bool:
    said = form.cleaned_data
    done = attempt(
        form,
        lambda: start_dose(
            by=actor(request),
            at=now(),
            session=row,
            version=said["version"],
            words=said["words"],
            submission=said["submission"],
        ),
    )
    return bool(done)


@staff
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, session: UUID) -> HttpResponse:
    """The second person sees what the signer saw, line by line, and checks this very order."""
    row = the_session(request, session)
    shown = order_shown(scope(request), row)
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        order = find(request, Order.objects.filter(session=row), request.POST.get("order", ""))
        if attempt(
            form,
            lambda: confirm_order(
                by=actor(request), at=now(), order=order, submission=form.cleaned_data["submission"]
            ),
        ):
            messages.success(request, _("Checked. The dose can be started when everything else is ready."))
            return redirect("rooms-session", session=row.id)
    return show(
        request,
        "floor/confirm.html",
        row,
        page="order",
        status=422 if form.errors else 200,
        theme="day",
        order=shown,
        form=form,
        own=shown is not None and shown.row.by_person_id == actor(request).person,
        **title_of(row),
    )
