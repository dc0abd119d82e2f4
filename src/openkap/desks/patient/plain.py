"""Was the text plain? Its questions, one on a screen, before it can be signed.

Decided here: an answer is a tap and is kept at once; a wrong one shows why and is asked again; after a second
wrong one the page goes on, and a clinician goes through that one with them (`steps.understanding`). Whoever
leaves goes on later where they were.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openkap.desks.patient.frame import language_of, needed_course, show, tell_opened
from openkap.door.bound import held
from openkap.door.enter import by_link, patient
from openkap.door.page import StepForm, actor, attempt, now
from openkap.reads.consent import ToSign, to_sign
from openkap.records.facts.understood import Asked
from openkap.records.models import Course
from openkap.steps.understanding import answer_questions


class AnswerForm(StepForm):
    """One tap: which question of which text, and which choice."""

    document = forms.CharField(widget=forms.HiddenInput, max_length=60)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    question = forms.CharField(widget=forms.HiddenInput, max_length=60)
    choice = forms.IntegerField(min_value=0, max_value=99)


@patient
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """For a patient who is signed in."""
    return question_page(request, needed_course(request), "me-consent")


@by_link("consent")
@require_http_methods(["GET", "POST"])
def questions_by_link(request: HttpRequest) -> HttpResponse:
    """The same behind a link."""
    course = held(request).course
    return question_page(request, course, "link-consent") if course is not None else HttpResponse(status=404)


def question_page(request: HttpRequest, course: Course, back: str) -> HttpResponse:
    """The next question that is open, or that none is left. `back` is the page where it is signed."""
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _kept(request, course, form):
        last = form.cleaned_data["question"]
        return HttpResponseRedirect(f"{reverse(back + '-questions')}?after={last}")
    page = to_sign(course, language_of(request), now())
    asked = next(iter(page.open_questions), None) if page.may_sign else None
    tell_opened(request, course, "consent")
    return show(
        request,
        "patient/plain.html",
        course,
        page=page,
        form=form if form.is_bound else AnswerForm(),
        fresh=AnswerForm(),
        asked=asked,
        number=page.asked_now.index(asked) + 1 if asked is not None else len(page.asked_now),
        said=_said(page, request.GET.get("after", ""), asked),
        back=reverse(back),
        status=422 if form.errors else 200,
    )


def _said(page: ToSign, after: str, asked: Asked | None) -> dict[str, Any] | None:
    """What came of the answer before: shown above the next question, with the why."""
    last = next((q for q in page.questions if q.id == after and q.tries), None)
    if last is None or last == asked:
        return None
    return {"right": last.is_right, "why": last.why, "ask": last.ask}


def _kept(request: HttpRequest, course: Course, form: AnswerForm) -> bool:
    said = form.cleaned_data
    work = lambda: answer_questions(  # noqa: E731
        by=actor(request),
        at=now(),
        course=course,
        document=said["document"],
        sha256=said["sha256"],
        answers={said["question"]: said["choice"]},
        submission=said["submission"],
    )
    return bool(attempt(form, work))
