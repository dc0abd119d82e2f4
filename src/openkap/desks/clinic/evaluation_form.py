"""The evaluation's two forms: what was asked and measured, and the signed decision.

Decided here: a weight in pounds, a height in feet and a temperature in Fahrenheit are as good as the
metric ones; a number that cannot be is named, with a guess, and stays as it was typed. Only what is
new is handed to the step.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.door.page import StepForm
from openkap.door.times import EARLIEST_YEAR, ClinicTimeField, not_after
from openkap.medicine.inputs import Unusable
from openkap.medicine.monitoring.physiology import check_pressure, check_vital
from openkap.reads.evaluation import Evaluation
from openkap.records.facts.screening import CSSRS, HCG
from openkap.steps.evaluation import Measured

YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
HCG_RESULTS = (
    ("negative", gettext_lazy("Negative")),
    ("positive", gettext_lazy("Positive")),
    ("not clear", gettext_lazy("Not clear")),
)
CSSRS_RESULTS = (
    ("none", gettext_lazy("None")),
    ("low", gettext_lazy("Low")),
    ("moderate", gettext_lazy("Moderate")),
    ("high", gettext_lazy("High")),
)
# form field, name in medicine, key of the result, unit kept
VITALS = (
    ("sbp", "sbp", "sbp", "mmHg"),
    ("dbp", "dbp", "dbp", "mmHg"),
    ("hr", "hr", "hr", "/min"),
    ("spo2", "spo2", "spo2", "%"),
    ("weight", "weight_kg", "weight_kg", "kg"),
    ("height", "height_cm", "height_cm", "cm"),
    ("temperature", "temperature", "temp_c", "°C"),
)


def _number(label: Any, hint: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 6})
    return forms.CharField(label=label, required=False, max_length=20, help_text=hint, widget=widget)


def _unit(*choices: tuple[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Unit"), help_text=gettext_lazy("as typed"), choices=choices, required=False
    )


class EvaluationForm(StepForm):
    """Answers and results of one page. `seen` is the fingerprint of the facts it was made from."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    sbp = _number(gettext_lazy("Systolic"))
    dbp = _number(gettext_lazy("Diastolic"))
    hr = _number(gettext_lazy("Heart rate"))
    spo2 = _number(gettext_lazy("Oxygen"))
    weight = _number(gettext_lazy("Weight"), gettext_lazy("70"))
    weight_unit = _unit(("kg", "kg"), ("lb", "lb"))
    height = _number(gettext_lazy("Height"), gettext_lazy("170, or 5 ft 8"))
    height_unit = _unit(("cm", "cm"), ("ft", "ft, in"), ("in", "in"))
    temperature = _number(gettext_lazy("Temperature"), gettext_lazy("37.0"))
    temperature_unit = _unit(("C", "°C"), ("F", "°F"))
    taken_at = ClinicTimeField(label=gettext_lazy("When these were taken"), required=False)
    hcg = forms.ChoiceField(
        label=gettext_lazy("Pregnancy test"), choices=HCG_RESULTS, required=False, widget=forms.RadioSelect
    )
    hcg_on = forms.CharField(
        label=gettext_lazy("Day of the test"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    cssrs = forms.ChoiceField(
        label=gettext_lazy("C-SSRS screener, result"),
        choices=CSSRS_RESULTS,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, page: Evaluation, zone: ZoneInfo, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.zone, self.at = page, zone, at
        self.fields["taken_at"].zone = zone  # type: ignore[attr-defined]
        self.initial.setdefault("seen", page.facts.fingerprint)
        self.initial.setdefault("taken_at", at)
        for asked in page.asked:
            self.fields[f"q_{asked.question.key}"] = forms.ChoiceField(
                label=asked.question.asks, choices=YES_NO, required=False, widget=forms.RadioSelect
            )
            known = asked.answer
            if known is None and asked.waiting is not None:
                known = page.facts.answers_waiting[asked.question.key].value
            if known is not None:
                self.initial[f"q_{asked.question.key}"] = "yes" if known else "no"
        for field, key in (("hcg", HCG), ("cssrs", CSSRS)):
            row = page.facts.latest(key)
            if row is not None:
                self.initial[field] = row.value
        if (test := page.facts.latest(HCG)) is not None:
            self.initial["hcg_on"] = test.at.astimezone(zone).date().isoformat()

    @property
    def question_fields(self) -> list[tuple[Any, Any]]:
        """Each question as the page knows it, with its bound field."""
        return [(asked, self[f"q_{asked.question.key}"]) for asked in self.page.asked]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.measured = self._vitals(cleaned)
        self._test(cleaned)
        return cleaned

    def _vitals(self, cleaned: dict[str, Any]) -> list[Measured]:
        taken = cleaned.get("taken_at") or self.at
        found: list[Measured] = []
        values: dict[str, Decimal] = {}
        for field, name, key, unit in VITALS:
            typed = (cleaned.get(field) or "").strip()
            if not typed:
                continue
            try:
                values[field] = check_vital(name, typed, cleaned.get(f"{field}_unit") or "")
            except Unusable as no:
                self.add_error(field, no.sentence)
                continue
            found.append(Measured(key, f"{values[field]:f}", unit, taken))
        self._pressure(values)
        if found:
            self._time(taken)
        return found

    def _pressure(self, values: dict[str, Decimal]) -> None:
        # What was typed, not what was left of it: a number that cannot be is told once.
        typed = [bool(str(self.data.get(name) or "").strip()) for name in ("sbp", "dbp")]
        if any(typed) and not all(typed):
            self.add_error("dbp" if typed[0] else "sbp", _("A blood pressure needs both numbers."))
        if "sbp" in values and "dbp" in values:
            try:
                check_pressure(values["sbp"], values["dbp"])
            except Unusable as no:
                self.add_error("dbp", no.sentence)

    def _time(self, taken: datetime) -> None:
        try:
            not_after(taken, self.at)
        except forms.ValidationError as no:
            self.add_error("taken_at", no)

    def _test(self, cleaned: dict[str, Any]) -> None:
        """The day of the test: today unless said, never to come, in a year that can be meant."""
        self.test_at: datetime | None = None
        typed = (cleaned.get("hcg_on") or "").strip()
        if not cleaned.get("hcg"):
            return
        today = self.at.astimezone(self.zone).date()
        try:
            on = date.fromisoformat(typed) if typed else today
        except ValueError:
            self.add_error("hcg_on", _("%(text)s is not a day. Write it as 2026-11-21.") % {"text": typed})
            return
        if on.year < EARLIEST_YEAR:
            guess = {"year": f"{on.year:04d}", "end": f"{on.year % 100:02d}"}
            self.add_error("hcg_on", _("The year %(year)s cannot be right. Did you mean 20%(end)s?") % guess)
        elif on > today:
            self.add_error("hcg_on", _("This day is still to come. Check the date."))
        else:
            noon = datetime.combine(on, time(12), tzinfo=self.zone)
            self.test_at = self.at if on == today else min(noon, self.at - timedelta(minutes=1))

    def new_answers(self) -> dict[str, bool]:
        """Answers that differ from what counts so far."""
        found = {}
        for asked in self.page.asked:
            said = self.cleaned_data.get(f"q_{asked.question.key}")
            if said and (said == "yes") != asked.answer:
                found[asked.question.key] = said == "yes"
        return found

    def new_results(self) -> list[Measured]:
        """Measurements typed now, and results that differ from the last ones."""
        found = list(self.measured)
        last = self.page.facts.latest(HCG)
        said = self.cleaned_data.get("hcg")
        if said and self.test_at is not None:
            same_day = last is not None and (
                last.at.astimezone(self.zone).date() == self.test_at.astimezone(self.zone).date()
            )
            if last is None or last.value != said or not same_day:
                found.append(Measured(HCG, said, "", self.test_at))
        risk, known = self.cleaned_data.get("cssrs"), self.page.facts.latest(CSSRS)
        if risk and (known is None or known.value != risk):
            found.append(Measured(CSSRS, risk, "", self.at))
        return found


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
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, page: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="decide_%s", **kwargs)
        self.page = page
        self.initial.setdefault("seen", page.seen)
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
