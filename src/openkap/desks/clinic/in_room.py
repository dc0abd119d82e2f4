"""A form filled in here: asked in the room, copied from paper, or its total typed in.

Decided here: it is kept by the same step as a form from a link, marked as answered in the room or on paper
and by whose hand; an answer that raises an alert opens its task at once, and the page says so. Where the
words may not be shown, each number stands under a short name of ours, or only the total is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.desks.clinic.patient_page import show, the_course
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, number_sent, scope, zone
from openkap.door.times import ClinicTimeField
from openkap.medicine.instruments import instrument
from openkap.medicine.instruments.instrument import Instrument, Value
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.course_points import CoursePoint, course_points
from openkap.reads.form import Form, Question, form_of
from openkap.records.models import Course
from openkap.steps.frame import Refused
from openkap.steps.measures import Answered, answer_form, enter_total

TOTAL = "total"


class FilledForm(StepForm):
    """Where in the course, and when it was filled in where that was not now."""

    point = forms.ChoiceField(label=gettext_lazy("Where in the course"), required=False)
    filled_at = ClinicTimeField(
        label=gettext_lazy("Filled in on paper"),
        required=False,
        help_text=gettext_lazy("Day and time of the paper. Leave empty where it is asked here, now."),
    )

    def __init__(self, *args: Any, points: tuple[CoursePoint, ...], zone: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = [(p.code, p.words) for p in points]  # type: ignore[attr-defined]
        self.fields["point"].initial = next((p.code for p in points if p.now), "before")
        self.fields["filled_at"].zone = zone  # type: ignore[attr-defined]

    @property
    def chosen(self) -> str:
        """The point that was chosen; without one, where the course is."""
        return str(self.cleaned_data.get("point") or self.fields["point"].initial)


@dataclass(frozen=True, slots=True)
class Box:
    """One number to type. `name` is the field, `wrong` what is wrong with it."""

    name: str
    label: str
    range: str
    given: str
    wrong: str


@staff
def in_room(request: HttpRequest, course: UUID, name: str) -> HttpResponse:
    """The whole form on one page, or its total where that is all there is."""
    row = the_course(request, course)
    subject = Subject(Kind.MEASURES, row.organisation_id, row.patient_id, row.id, at=now())
    if not decide(scope(request), Need(Kind.MEASURES, Act.ADD), subject):
        raise Http404
    points = course_points(scope(request), row, now())
    initial = {"point": request.GET["point"]} if request.GET.get("point") else {}
    form = FilledForm(request.POST or None, points=points, zone=zone(request), initial=initial)
    said = request.POST.get("point") or request.GET.get("point")
    # A point that is none of this course's is not looked for; the form refuses it.
    point = said if said in {p.code for p in points} else str(form.fields["point"].initial)
    asked = form_of(scope(request), row, name, point, "en", now(), boxes=True)
    if asked is None:
        raise Http404
    total_only = not asked.every or TOTAL in request.GET or _is_by_total(request, asked)
    if request.method != "POST":
        return _page(request, row, asked, form, total_only=total_only)
    work = _enter if total_only else _answer
    done: Any = form.is_valid() and attempt(form, lambda: work(request, row, asked, form))
    if not done:
        return _page(request, row, asked, form, 422, total_only=total_only)
    if isinstance(done, Answered):
        for alert in done.alerts:
            messages.warning(request, f"{alert.because} {alert.action}")
    paper = total_only or form.cleaned_data["filled_at"] is not None
    messages.success(
        request, _("Kept, as filled in on paper.") if paper else _("Kept, as answered in the room.")
    )
    return redirect(_next(request) or reverse("care-forms", args=[row.id]))


def _is_by_total(request: HttpRequest, asked: Form) -> bool:
    """Without words, some forms are usually known by their total; each item can be typed all the same."""
    by_total = instrument(asked.instrument).without == TOTAL
    return not asked.has_words and by_total and "items" not in request.GET


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return (
        wanted
        if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        else ""
    )


def _answer(request: HttpRequest, row: Course, asked: Form, form: FilledForm) -> Answered:
    filled_at = form.cleaned_data["filled_at"]
    return answer_form(
        by=actor(request),
        at=now(),
        course=row,
        instrument=asked.instrument,
        answers={q.item: _number(request, f"answer_{q.item}", q.range_words) for q in asked.every},
        point=form.chosen,
        language=asked.language,
        source="in_room" if filled_at is None else "paper",
        filled_at=filled_at,
        submission=form.cleaned_data["submission"],
    )


def _enter(request: HttpRequest, row: Course, asked: Form, form: FilledForm) -> Answered:
    made = instrument(asked.instrument)
    subtotals = {scale.name: _number(request, f"sub_{scale.name}") for scale in made.subscales}
    items = {item: _number(request, f"answer_{item}") for item in made.safety}
    return enter_total(
        by=actor(request),
        at=now(),
        course=row,
        instrument=asked.instrument,
        total=_number(request, TOTAL),
        point=form.chosen,
        subtotals=_given(subtotals),
        items=_given(items),
        filled_at=form.cleaned_data["filled_at"],
        submission=form.cleaned_data["submission"],
    )


def _given(numbers: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in numbers.items() if value is not None}


def _number(request: HttpRequest, name: str, wanted: str = "") -> Value | None:
    """What was typed as a number; None for nothing. Refused under the field's name where it is none."""
    typed = request.POST.get(name, "").strip()
    value = number_sent(typed)
    if typed and value is None:
        because = _("“%(typed)s” is not a number.") % {"typed": typed[:20]}
        raise Refused(f"{because} {wanted}".strip(), field=name)
    return value


def _page(
    request: HttpRequest, row: Course, asked: Form, form: FilledForm, status: int = 200, *, total_only: bool
) -> HttpResponse:
    wrong = {
        error.code.removeprefix("answer_"): str(error.message)
        for error in (form.non_field_errors().as_data() if form.is_bound else ())
        if error.code
    }
    made = instrument(asked.instrument)
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
        next=_next(request),
        total_only=total_only,
        can_total=made.sums and bool(asked.every),
        boxes=_total_boxes(request, made, wrong) if total_only else (),
        questions=[_shown(request, q, wrong) for q in asked.every],
    )


def _shown(request: HttpRequest, q: Question, wrong: Mapping[str, str]) -> dict[str, Any]:
    name = f"answer_{q.item}"
    given = request.POST.get(name, "" if q.chosen is None else str(q.chosen))
    label = f"{q.number}. {q.words}" if q.named else q.words
    box = Box(name, label, q.range_words, given, wrong.get(q.item, ""))
    return {"q": q, "given": given, "box": box, "wrong": box.wrong}


def _total_boxes(request: HttpRequest, made: Instrument, wrong: Mapping[str, str]) -> list[Box]:
    """The total, the subtotals, and each item about safety: without those there is no total."""
    least, most = made.total.minimum, made.total.maximum
    span = _("%(low)s to %(high)s") % {"low": least or 0, "high": most} if most is not None else ""
    found = [(TOTAL, _("Total"), span)] if made.sums else []
    found += [(f"sub_{scale.name}", scale.name.replace("_", " "), "") for scale in made.subscales]
    for item in made.safety:
        q = made.questions[item]
        label = _("Item %(n)s, about safety") % {"n": item} + (f": {q.label}" if q.label else "")
        found.append(
            (f"answer_{item}", label, _("%(low)s to %(high)s") % {"low": q.minimum, "high": q.maximum})
        )
    return [
        Box(
            name,
            label,
            span,
            request.POST.get(name, ""),
            wrong.get(name.removeprefix("answer_").removeprefix("sub_"), ""),
        )
        for name, label, span in found
    ]
