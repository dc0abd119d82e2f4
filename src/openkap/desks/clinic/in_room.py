"""A questionnaire filled in here, in the room: the clinician asks, the patient answers, the clinician taps.

Decided here: it is kept by the same step as a form from a link, marked as answered in the room and by
whose hand; an answer that raises an alert opens its task at once, and the page says so.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from openkap.desks.clinic.patient_page import show, the_course
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, scope, whole
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.form import Form, form_of
from openkap.records.models import Course
from openkap.steps.measures import Answered, answer_form

POINTS = ("before", "after")


@staff
def in_room(request: HttpRequest, course: UUID, name: str) -> HttpResponse:
    """The whole form on one page."""
    row = the_course(request, course)
    subject = Subject(Kind.MEASURES, row.organisation_id, row.patient_id, row.id, at=now())
    if not decide(scope(request), Need(Kind.MEASURES, Act.ADD), subject):
        raise Http404
    point = request.POST.get("point") or "before"
    asked = form_of(scope(request), row, name, point, "en", now()) if point in POINTS else None
    if asked is None:
        raise Http404
    if request.method != "POST":
        return _page(request, row, asked, StepForm())
    form = StepForm(request.POST)
    done: Any = form.is_valid() and attempt(form, lambda: _answer(request, row, asked, form))
    if not done:
        return _page(request, row, asked, form, 422)
    if isinstance(done, Answered) and done.alerts:
        for alert in done.alerts:
            messages.warning(request, f"{alert.because} {alert.action}")
    messages.success(request, _("Kept, as answered in the room."))
    return redirect("care-evaluation", course=row.id)


def _answer(request: HttpRequest, row: Course, asked: Form, form: StepForm) -> Answered:
    given = {q.item: request.POST.get(f"answer_{q.item}", "") for q in asked.questions}
    return answer_form(
        by=actor(request),
        at=now(),
        course=row,
        instrument=asked.instrument,
        answers={item: whole(value) for item, value in given.items()},
        point=asked.point,
        language=asked.language,
        source="in_room",
        submission=form.cleaned_data["submission"],
    )


def _page(request: HttpRequest, row: Course, asked: Form, form: StepForm, status: int = 200) -> HttpResponse:
    questions = [
        {"q": q, "given": request.POST.get(f"answer_{q.item}", "" if q.chosen is None else str(q.chosen))}
        for q in asked.questions
    ]
    return show(
        request,
        "clinic/in_room.html",
        row,
        page="in_room",
        kind=Kind.MEASURES,
        status=status,
        the_course=row,
        asked=asked,
        form=form,
        questions=questions,
        points=[("before", _("Before the first dose")), ("after", _("After a dose"))],
    )
