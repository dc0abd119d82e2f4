"""Going home: every item with its evidence, what is left, and who let go."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from openkap.desks.floor.forms import HomeForm
from openkap.desks.floor.names import title_of
from openkap.desks.floor.session_page import show, the_session
from openkap.desks.floor.waited import so_at
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, now, organisation, scope
from openkap.medicine.monitoring.discharge import Readiness
from openkap.medicine.monitoring.rescue import refers
from openkap.medicine.monitoring.scales import scales
from openkap.medicine.verdict import Finding, Level
from openkap.permits import Act, Kind, Need, decide
from openkap.reads.behind import behind
from openkap.reads.home import after_dose, escort_named
from openkap.reads.instructions import of_session
from openkap.reads.proposals import to_hold
from openkap.records.facts.law import rules_of
from openkap.records.models import Session
from openkap.steps.booking import hold_for_dose
from openkap.steps.dose import go_home
from openkap.steps.frame import Refused
from openkap.steps.going_home import checklist


@staff
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest, session: UUID) -> HttpResponse:
    """The list. `look` asks it again with what was answered, and keeps nothing; `hold` asks whoever treats
    for a session after this dose, and what was answered stays on the page."""
    row = the_session(request, session, Act.ADD if request.method == "POST" else Act.SEE)
    form = HomeForm(request.POST if request.method == "POST" else None, initial=_named(request, row))
    form.is_valid()
    asked = _asked(request, row, form)
    if "hold" in request.POST:
        _hold(request, row, form)
    elif request.method == "POST" and "look" not in request.POST and not form.errors:
        said, at = form.cleaned_data, now()
        if attempt(
            form,
            lambda: go_home(
                by=actor(request),
                at=at,
                session=row,
                answers=form.answers(),
                escort_name=said["escort_name"],
                identified=said["identified"],
                words=said["words"],
                taken_at=so_at(request, at),
                submission=said["submission"],
            ),
        ):
            messages.success(request, _("%(name)s has gone home.") % {"name": row.patient.name})
            return redirect("rooms-session", session=row.id)
        row.refresh_from_db()
    return show(
        request,
        "floor/home.html",
        row,
        page="home",
        status=422 if form.errors else 200,
        theme="day",
        form=form,
        rows=_rows(asked, form),
        still_open=_still_open(asked, form),
        waits=asked is not None and any(item.fixed for item in asked.open),
        scales=scales(),
        lasting=_lasting(row, asked),
        left=_left(asked),
        behind=_behind(asked),
        after=after_dose(scope(request), row, now()),
        to_hold=to_hold(row, organisation(request), now(), actor(request).person)
        if _may_plan(request, row)
        else None,
        taken=of_session(row),
        **title_of(row),
    )


def _behind(asked: Readiness | None) -> list[tuple[str, Finding]]:
    """Every item by its title, with what is behind it: what it looked at is in its own sentence."""
    return [
        (
            each.rule.title,
            behind(each.rule.id, each.because, Level.CLEAR if each.met else Level.HOLD, {"met": each.met}),
        )
        for each in (asked.items if asked is not None else ())
    ]


def _lasting(row: Session, asked: Readiness | None) -> str:
    """The sentence that refers a pressure which is not back hours after the start; else blank."""
    if asked is None or row.started_at is None or row.state != "recovering":
        return ""
    back = any(item.item == "blood_pressure" and item.met for item in asked.items)
    minutes = Decimal(int((now() - row.started_at).total_seconds() // 60))
    return refers(minutes, back, rules_of(row, now()))


def _may_plan(request: HttpRequest, row: Session) -> bool:
    return bool(decide(scope(request), Need(Kind.SCHEDULE, Act.ADD), row.as_subject()))


def _hold(request: HttpRequest, row: Session, form: HomeForm) -> None:
    """One press; what is typed is not sent with it, so that the list keeps its own sending."""
    done: Any = attempt(form, lambda: hold_for_dose(by=actor(request), at=now(), dose=row))
    if done and done.said:
        messages.warning(request, done.said)
    elif done:
        messages.success(request, _("Asked. It is held until they answer."))


def _named(request: HttpRequest, row: Session) -> dict[str, str]:
    """Whoever was named before the dose; the field stays to be changed."""
    escort = escort_named(scope(request), row)
    return {"escort_name": escort.name} if escort is not None else {}


def _asked(request: HttpRequest, row: Session, form: HomeForm) -> Readiness | None:
    """The list with what was answered so far; None where an answer cannot be."""
    try:
        answers = form.answers() if form.is_bound and not form.errors else {}
        return checklist(row, answers, now())
    except Refused as refusal:
        if form.is_bound:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.because)
        else:  # nobody has answered yet: a clock that went back, say, and a dose still to come by it
            messages.warning(request, refusal.because)
        return None


def _rows(asked: Readiness | None, form: HomeForm) -> list[dict[str, Any]]:
    """Every item with its evidence, and its field where only a person in the room can say."""
    items = asked.items if asked is not None else ()
    refused = _refused(form)
    return [
        {
            "item": item,
            "field": form[item.item] if item.item in form.fields else None,
            # What was answered and still keeps them here says why at once, not only when it is signed.
            "refused": not item.met and (item.item in refused or _answered(form, item.item)),
        }
        for item in items
    ]


def _answered(form: HomeForm, name: str) -> bool:
    return form.is_bound and name in form.fields and form[name].value() not in (None, "")


def _refused(form: HomeForm) -> set[str]:
    """What a signature was refused for, by field or item."""
    return {error.code or "" for found in form.errors.as_data().values() for error in found}


def _still_open(asked: Readiness | None, form: HomeForm) -> list[tuple[str, str, str]]:
    """What a signature was refused for, each as where it stands on the page, its name and the reason."""
    refused = _refused(form)
    items = [
        (f"item-{item.item}", item.rule.title, item.because)
        for item in (asked.open if asked is not None else ())
        if item.item in refused
    ]
    fields = [
        (form[name].id_for_label, str(form[name].label), str(form[name].errors[0]))
        for name in ("escort_name", "identified")
        if name in refused
    ]
    return items + fields if items else []


def _left(asked: Readiness | None) -> str:
    if asked is None:
        return ""
    n = len(asked.open)
    if not n:
        return _("Everything is met.")
    return ngettext("%(n)s item is left.", "%(n)s items are left.", n) % {"n": n}
