"""The signed decision of an evaluation, as a form.

Decided here: what ends the way is written twice, once for the chart and once for the patient; a finding
that stops or holds asks for a reason only where someone may overrule it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.door.page import StepForm
from openkap.reads.evaluation import Evaluation

OUTCOMES = (
    ("candidate", gettext_lazy("Candidate, with a plan")),
    ("not_now", gettext_lazy("Not now")),
    ("not_candidate", gettext_lazy("Not a candidate")),
)


class DecisionForm(StepForm):
    """The decision, its words, and a reason for each finding that is overruled."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What you decide"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    words = forms.CharField(
        label=gettext_lazy("The plan, or why not and what would change it"),
        help_text=gettext_lazy("Stays in the chart."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    for_patient = forms.CharField(
        label=gettext_lazy("In words for the patient"),
        help_text=gettext_lazy("A draft from the findings. Make it yours: they read exactly this."),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    look_again_on = forms.DateField(
        label=gettext_lazy("Not now: the day to look again"),
        help_text=gettext_lazy("It becomes a task of yours."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as 2026-11-21.")},
    )

    def __init__(self, *args: Any, page: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="decide_%s", **kwargs)
        self.page = page
        self.initial.setdefault("seen", page.seen)
        self.initial.setdefault("for_patient", page.draft)
        for finding in page.speaking:
            if finding.level in ("hold", "stop") and finding.override:
                self.fields[f"override_{finding.rule}"] = forms.CharField(
                    label=_("Why you go ahead despite %(rule)s") % {"rule": finding.rule},
                    help_text=f"{finding.title} {finding.override_words}.",
                    required=False,
                    max_length=1000,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    @property
    def override_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("override_")]

    def reasons(self) -> dict[str, str]:
        return {
            name.removeprefix("override_"): said
            for name in self.fields
            if name.startswith("override_") and (said := (self.cleaned_data.get(name) or "").strip())
        }
