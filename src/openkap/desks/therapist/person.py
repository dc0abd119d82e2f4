"""One person: what they share, the window, how the doses went, one's own notes. And holding a session."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.therapist.today import owed_row, window_shown
from openkap.door.enter import staff
from openkap.door.opening import tell_opening, tell_openings
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.door.times import ClinicTimeField
from openkap.medicine.course import SESSION
from openkap.medicine.protocols import protocol
from openkap.permits import Kind, Need, decide
from openkap.reads.alert import screener_to_ask
from openkap.reads.beside import Beside, beside
from openkap.reads.header import Header, header_of
from openkap.reads.shared_person import PersonPage, course_taken_part_in, shared_course
from openkap.reads.shared_person import person as person_of
from openkap.reads.window import current, windows_of
from openkap.records.facts.clock import short_day
from openkap.records.facts.safety_plan import about_plan
from openkap.records.models import PatientFile, Session
from openkap.steps.notes import hold_integration
from openkap.steps.open import Opened
from openkap.ui.scorechart import Event, Point, ScoreChart

TIMELINE_AT_MOST = 10


class HoldForm(StepForm):
    """When, and for how long."""

    planned_from = ClinicTimeField(
        label=gettext_lazy("When"), error_messages={"required": gettext_lazy("Say when.")}
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=10,
        max_value=240,
        widget=forms.NumberInput(attrs={"class": "input"}),
    )


@staff
@require_GET
def person(request: HttpRequest, file: UUID) -> HttpResponse:
    row = the_file(request, file)
    here = zone(request)
    page = person_of(scope(request), row, now(), here, reader=actor(request).person)
    header = header_of(scope(request), row, now(), here)
    around = beside(
        scope(request),
        row,
        page.course,
        now(),
        here,
        reader=actor(request).person,
        windows=page.windows,
        sessions=page.sessions,
        seen=page.seen,
        notes=page.notes,
    )
    _tell(request, row, page, around)
    return show(
        request,
        "practice/person.html",
        header=header,
        file=row,
        page=page,
        around=around,
        ready=[{"line": line, "href": _ready_link(line.what, row, page)} for line in around.ready],
        window=window_shown(page.window) if page.window else None,
        owed=[owed_row(owed, request) for owed in page.owed],
        chart=_chart(page),
        timeline=_timeline(page, around, here),
        called=row.patient.chosen_name or row.patient.given_name,
        plan=_plan(request, page),
        dose=_last_dose(page),
        screener=screener_to_ask(scope(request), page.course, now()) if page.course else "",
    )


def _last_dose(page: PersonPage) -> UUID | None:
    """The newest dose given in this course, as far as this reader sees it: what began since belongs to it."""
    course = page.course.id if page.course is not None else None
    given = [
        s for s in page.seen if s.course_id == course and s.phase == Session.Phase.DOSING and s.started_at
    ]
    return given[-1].id if given else None


def _plan(request: HttpRequest, page: PersonPage) -> UUID | None:
    """The course whose safety plan this reader may look at."""
    if page.course is None:
        return None
    may = decide(scope(request), Need(Kind.SAFETY_PLAN), about_plan(page.course, now()))
    return page.course.id if may else None


@staff
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, file: UUID) -> HttpResponse:
    """Plan an integration session, inside the window where one is open or ahead."""
    row = the_file(request, file)
    course = shared_course(scope(request), row) or course_taken_part_in(scope(request), row)
    if course is None:
        raise Http404
    form = HoldForm(request.POST or None, initial={"minutes": _minutes(course.protocol)})
    form.fields["planned_from"].zone = zone(request)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        session = attempt(
            form,
            lambda: hold_integration(
                by=actor(request),
                at=now(),
                course=course,
                organisation=organisation(request),
                planned_from=given["planned_from"],
                minutes=given["minutes"],
                submission=given["submission"],
            ),
        )
        if session:
            messages.success(request, _("Held. %(name)s sees it too.") % {"name": row.patient.name})
            return HttpResponseRedirect(reverse("practice-person", args=[file]))
    window = current(windows_of(scope(request), now(), course=course.id))
    tell_opening(request, row, "hold")
    return show(
        request,
        "practice/hold.html",
        header=header_of(scope(request), row, now(), zone(request)),
        file=row,
        form=form,
        window=window_shown(window) if window else None,
        status=422 if form.errors else 200,
    )


def the_file(request: HttpRequest, file: UUID) -> PatientFile:
    """The practice's own file, or 404: another practice's file is not this desk's to open."""
    rows = PatientFile.objects.filter(organisation=organisation(request)).select_related(
        "patient", "organisation"
    )
    return find(request, rows, file)


def show(
    request: HttpRequest, template: str, *, header: Header, status: int = 200, **context: Any
) -> HttpResponse:
    with timezone.override(zone(request)):
        return render(request, template, {"header": header, **context}, status=status)


def _tell(request: HttpRequest, file: PatientFile, page: PersonPage, around: Beside) -> None:
    """One's own record was opened, and of another practice's: the page, the summaries, the scores."""
    opened: list[Opened] = [(file, "practice", Kind.IDENTITY)]
    if page.course is not None and page.course.organisation_id != file.organisation_id:
        opened.append((page.course, "practice", Kind.IDENTITY))
        if page.summaries:
            opened.append((page.summaries[0], "summary", Kind.SUMMARY))
        if page.latest_score is not None:
            opened.append((page.latest_score, "measures", Kind.MEASURES))
        if around.prepared is not None and around.prepared.theirs is not None:
            opened.append((around.prepared.theirs, "preparation", Kind.PREPARATION))
    tell_openings(request, *opened)


def _minutes(protocol_id: str) -> int:
    return protocol(protocol_id).minutes["integration"]


def _chart(page: PersonPage) -> ScoreChart | None:
    found = page.progress
    if found is None:
        return None
    return ScoreChart(
        points=tuple(
            Point(r.on, None if r.total is None else float(r.total), label=r.when) for r in found.answered
        ),
        low=float(found.low),
        high=float(found.high),
        events=(*(Event(on, "dose") for on in found.doses), *(Event(on, "session") for on in found.sessions)),
        doses_words=_("Doses"),
        sessions_words=_("Sessions"),
        summary=_("%(name)s over time. Lower is better.") % {"name": found.name},
    )


def _ready_link(what: str, file: PatientFile, page: PersonPage) -> str:
    """Where a line of what is ready can be acted on."""
    prepare = reverse("practice-preparation", args=[file.id])
    links = {
        "preparation": prepare,
        "touch": prepare + "#touch",
        "window": reverse("practice-hold", args=[file.id]),
        "note": reverse("practice-note", args=[page.to_write.id]) if page.to_write else "",
    }
    return links[what]


def _timeline(page: PersonPage, around: Beside, here: ZoneInfo) -> list[dict[str, Any]]:
    """Doses as far as they are shared, and one's own sessions with what was written; newest first."""
    today = page.at.astimezone(here).date()
    each = {session.id: session for session in (*page.sessions, *around.doses)}
    meetings = sorted(each.values(), key=lambda session: session.planned_from, reverse=True)
    return [_entry(session, page, here, today) for session in meetings[:TIMELINE_AT_MOST]]


def _entry(session: Session, page: PersonPage, here: ZoneInfo, today: date) -> dict[str, Any]:
    note = page.notes.get(session.id)
    dose = session.phase == Session.Phase.DOSING
    title = _("Dose %(n)s") if dose else _("%(phase)s %(n)s")
    aside = _("note signed") if note else _(SESSION.words[session.state])
    kinds = {"done": "session" if not dose else "done", "no_show": "unknown", "cancelled": "unknown"}
    live = session.state in Session.LIVE
    return {
        "when": short_day((session.started_at or session.planned_from).astimezone(here).date(), today),
        "kind": "now" if live else "session" if note else kinds.get(session.state, ""),
        "title": title % {"phase": session.get_phase_display(), "n": session.ordinal},
        "aside": aside,
        "line": note.focus if note else "",
        "struck": session.state == "cancelled",
        "url": "" if dose else reverse("practice-note", args=[session.id]),
    }
