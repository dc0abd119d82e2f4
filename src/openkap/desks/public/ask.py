"""Asking for an evaluation: no referral, no account; and what of the self-check is sent along.

Decided here: the answers of a self-check come as hidden fields and are kept only where their own box is
ticked. Who is known here gets the same page as a stranger.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.public.answers import Answers, read
from openkap.desks.public.views import shown, the_front
from openkap.door.enter import anyone
from openkap.door.language import remember, speak, wished
from openkap.door.page import StepForm, actor, attempt, now
from openkap.medicine.screening.selfcheck import steps
from openkap.reads.front import Front
from openkap.steps.requests import ANSWER_WITHIN, Asked, ask_for_evaluation

EARLIEST_YEAR = 1900


class AskForm(StepForm):
    """Who asks, and how to reach them. `send` are steps of the self-check to send along."""

    given_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("Write your first name.")},
    )
    family_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": gettext_lazy("Write your last name.")},
    )
    phone = forms.RegexField(
        r"^[+()0-9 ./-]{5,40}$",
        label=gettext_lazy("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": gettext_lazy("Write the number with digits, as in +1 555 0100.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("This is not a mail address. Write it as name@example.org.")},
    )
    born_on = forms.DateField(
        label=gettext_lazy("Date of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as 1985-05-03.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Anything we should know before we call"),
        help_text=gettext_lazy("As in: call after five, do not leave a message, I need an interpreter."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    send = forms.MultipleChoiceField(
        label=gettext_lazy("Send along from your self-check"),
        help_text=gettext_lazy("Only what you tick is kept."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, answers: Answers, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        given = answers.of_health
        choices = [(step.key, _line(step, given[step.key])) for step in steps() if step.key in given]
        self.fields["send"].choices = choices  # type: ignore[attr-defined]

    def clean_born_on(self) -> date | None:
        """A day that has been, and not longer ago than anyone is old."""
        on: date | None = self.cleaned_data["born_on"]
        if on is not None and (on.year < EARLIEST_YEAR or on > self.today):
            raise forms.ValidationError(_("This cannot be a date of birth. Check the year."))
        return on

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not {"email", "phone"} & set(self.errors) and not said.get("email") and not said.get("phone"):
            self.add_error("phone", _("Write a phone number or a mail address, so that we can reach you."))
        return said


@anyone
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; sent, it leads to the page that says so."""
    front, today = the_front(slug), now().date()
    answers = read(request.POST)
    if language := wished(request):
        speak(request, language)
        page = _form(
            request, the_front(slug), AskForm(answers=answers, today=today, initial=_typed(request)), answers
        )
        remember(page, language)
        return page
    if request.method != "POST" or "begin" in request.POST:
        return _form(request, front, AskForm(answers=answers, today=today), answers)
    form = AskForm(request.POST, answers=answers, today=today)
    if not form.is_valid():
        return _form(request, front, form, answers)
    done = attempt(form, lambda: _send(request, front, form, answers))
    return redirect("public-asked", slug=front.slug) if done else _form(request, front, form, answers)


@anyone
@require_GET
def asked(request: HttpRequest, slug: str) -> HttpResponse:
    """It has come: who answers, by when, and what to do until then."""
    return shown(
        request, the_front(slug), "public/asked.html", {"hours": ANSWER_WITHIN.total_seconds() // 3600}
    )


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What stands in the form, unweighed."""
    return {**request.POST.dict(), "send": request.POST.getlist("send")}


def _send(request: HttpRequest, front: Front, form: AskForm, answers: Answers) -> object:
    said = form.cleaned_data
    return ask_for_evaluation(
        by=actor(request),
        at=now(),
        organisation=front.organisation,
        asked=Asked(
            given_name=said["given_name"],
            family_name=said["family_name"],
            email=said["email"],
            phone=said["phone"],
            born_on=said["born_on"],
            language=(get_language() or "en")[:10],
            words=said["words"],
            answers={key: list(answers.of_health[key]) for key in said["send"]},
        ),
        submission=said["submission"],
    )


def _form(request: HttpRequest, front: Front, form: AskForm, answers: Answers) -> HttpResponse:
    words = {"form": form, "hidden": answers.without(""), "has_answers": bool(answers.of_health)}
    return shown(request, front, "public/ask.html", words, 422 if form.errors else 200)


def _line(step: Any, chosen: tuple[str, ...]) -> str:
    known = {option.key: _(option.words) for option in step.options}
    known |= {"none": _("None of these"), "unsure": _("Not sure")}
    return f"{_(step.about)}: {'; '.join(known[key] for key in chosen)}"
