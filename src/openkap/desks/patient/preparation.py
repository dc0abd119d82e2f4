"""Preparation in one's own words, and what touch one agrees to: more beforehand, less at any moment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.patient.frame import needed_course, show, tell_opened
from openkap.door.enter import patient
from openkap.door.page import StepForm, actor, attempt, now
from openkap.medicine.course.touch import Touch, narrower
from openkap.reads.agreements import apart_words
from openkap.records.facts.agreements import WHATS
from openkap.records.facts.altered import altered_until
from openkap.records.facts.preparation import preparation_of, touch_of
from openkap.records.models import Course
from openkap.steps.frame import Refused
from openkap.steps.preparation import agree_touch, keep_preparation, narrow_touch

TOUCH_WORDS = {
    Touch.NONE: gettext_lazy("No touch"),
    Touch.HAND: gettext_lazy("A hand to hold"),
    Touch.HAND_OR_SHOULDER: gettext_lazy("A hand to hold, or a hand on the shoulder"),
}
FIELDS = ("intentions", "expectations", "comfort", "worries")


def _own_words(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )


class PreparationForm(StepForm):
    intentions = _own_words(gettext_lazy("What do you hope for?"), gettext_lazy("One thing is enough."))
    expectations = _own_words(gettext_lazy("What do you expect it to be like?"), "")
    comfort = _own_words(
        gettext_lazy("What helps you feel at ease?"),
        gettext_lazy("Music or quiet, light, a blanket, who is near."),
    )
    worries = _own_words(gettext_lazy("What worries you?"), "")


class TouchForm(StepForm):
    level = forms.ChoiceField(
        label=gettext_lazy("What is all right for you?"),
        widget=forms.RadioSelect,
        choices=[(level.value, words) for level, words in TOUCH_WORDS.items()],
        error_messages={"required": gettext_lazy("Choose one. No touch is a whole answer.")},
    )
    words = _own_words(gettext_lazy("In your own words"), gettext_lazy("Where, how, and what not."))
    stop_word = forms.CharField(
        label=gettext_lazy("A word that stops it at once"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    holds_for = forms.CharField(
        label=gettext_lazy("For whom you say this"),
        help_text=gettext_lazy("By name. It holds for nobody else, whoever is in the room."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )


@patient
@require_http_methods(["GET", "POST"])
def preparation(request: HttpRequest) -> HttpResponse:
    """Four questions in one's own words. What was written before stands there, to go on from."""
    course = needed_course(request)
    form = PreparationForm(request.POST or None, initial=_begun(course))
    if request.method == "POST" and form.is_valid():
        kept = attempt(
            form,
            lambda: keep_preparation(
                by=actor(request),
                at=now(),
                course=course,
                submission=form.cleaned_data["submission"],
                **{name: form.cleaned_data[name] for name in FIELDS},
            ),
        )
        if kept:
            messages.success(request, _("Kept. Your team reads it before the dose."))
            return HttpResponseRedirect(reverse("me-preparation"))
    return _page(request, course, form=form)


@patient
@require_http_methods(["GET", "POST"])
def touch(request: HttpRequest) -> HttpResponse:
    """What touch is agreed."""
    course = needed_course(request)
    form = TouchForm(request.POST or None, initial=_agreed(course))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        agreed = attempt(
            form,
            lambda: agree_touch(
                by=actor(request),
                at=now(),
                course=course,
                level=said["level"],
                words=said["words"],
                stop_word=said["stop_word"],
                holds_for=said["holds_for"],
                submission=said["submission"],
            ),
        )
        if agreed:
            messages.success(request, _("Kept. It can become less at any moment, with a word or a tap."))
            return HttpResponseRedirect(reverse("me-touch"))
    return _touch_page(request, course, form=form)


@patient
@require_POST
def less_touch(request: HttpRequest) -> HttpResponse:
    """Less, at once, whatever the hour."""
    course = needed_course(request)
    try:
        narrow_touch(
            by=actor(request), at=now(), course=course, level=request.POST.get("level", Touch.NONE.value)
        )
    except Refused as refusal:
        return _touch_page(request, course, form=TouchForm(initial=_agreed(course)), refused=refusal.because)
    messages.success(request, _("Less from now on."))
    return HttpResponseRedirect(reverse("me-touch"))


def _page(request: HttpRequest, course: Course, *, form: PreparationForm) -> HttpResponse:
    tell_opened(request, course, "own_preparation")
    agreed = touch_of(course, now())
    return show(
        request,
        "patient/preparation.html",
        course,
        form=form,
        ended=course.ended_at is not None,
        touch_words=TOUCH_WORDS[agreed.level] if agreed else "",
        apart=apart_words(course, now(), WHATS),
        status=422 if form.errors else 200,
    )


def _touch_page(request: HttpRequest, course: Course, *, form: TouchForm, refused: str = "") -> HttpResponse:
    tell_opened(request, course, "own_preparation")
    agreed = touch_of(course, now())
    return show(
        request,
        "patient/touch.html",
        course,
        form=form,
        refused=refused,
        ended=course.ended_at is not None,
        agreed=agreed,
        agreed_words=TOUCH_WORDS[agreed.level] if agreed else "",
        less=[(level.value, TOUCH_WORDS[level]) for level in narrower(agreed.level)] if agreed else [],
        not_before=altered_until(course.patient_id, now()),
        status=422 if form.errors or refused else 200,
    )


def _begun(course: Course) -> dict[str, str]:
    plan = preparation_of(course, now())
    return {name: getattr(plan, name) for name in FIELDS} if plan is not None else {}


def _agreed(course: Course) -> dict[str, str]:
    agreed = touch_of(course, now())
    if agreed is None:
        return {}
    told = {"words": agreed.words, "stop_word": agreed.stop_word, "holds_for": agreed.holds_for}
    return {"level": agreed.level.value, **told}
