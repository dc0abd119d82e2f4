"""The call on the day after: reached or not, what is asked, and what comes of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openkap.desks.floor.names import title_of
from openkap.desks.floor.room_forms import CallForm
from openkap.desks.floor.session_page import show, the_session
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, now, scope
from openkap.medicine.course.next_day import call_rule
from openkap.medicine.instruments import instrument, text
from openkap.medicine.sources import resolve
from openkap.permits import Act
from openkap.reads.instructions import of_session
from openkap.reads.next_day import calls_of
from openkap.records.facts.law import rules_at
from openkap.records.models import NextDayCall
from openkap.steps.next_day import keep_call, screener


@staff
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, session: UUID) -> HttpResponse:
    """Write down one try; every try before stands beside it."""
    row = the_session(request, session, Act.ADD if request.method == "POST" else Act.SEE)
    words = text(screener(), "en")
    items = {item: words.items[item] for item in instrument(screener()).items}
    form = CallForm(request.POST or None, items=items)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        kept = attempt(
            form,
            lambda: keep_call(
                by=actor(request), at=now(), session=row, reached=said["reached"], answers=form.answers(),
                safety=form.safety(), words=said["words"], submission=said["submission"],
            ),
        )  # fmt: skip
        if kept:
            _tell(request, kept)
            return redirect("care-call", session=row.id)
    rule = call_rule(rules_at(row.organisation_id, now()))
    return show(
        request, "floor/call.html", row, page="call", status=422 if form.errors else 200, theme="day",
        form=form, calls=calls_of(scope(request), row), screener=words, at=now(),
        because=rule.words["because"].format(**{name: int(n.value) for name, n in rule.numbers.items()}),
        sources=[resolve(key) for key in rule.sources], taken=of_session(row), **title_of(row),
    )  # fmt: skip


def _tell(request: HttpRequest, kept: NextDayCall | bool) -> None:
    """What came of it, said once: the first thing to do, where there is one."""
    if kept is True or not isinstance(kept, NextDayCall):
        messages.success(request, _("The call is kept."))
    elif not kept.reached:
        messages.info(request, _("Not reached. The next try is on the list."))
    elif kept.findings:
        messages.warning(request, " ".join(str(found["action"]) for found in kept.findings))
    else:
        messages.success(request, _("The call is kept. Nothing asks for anyone else."))
