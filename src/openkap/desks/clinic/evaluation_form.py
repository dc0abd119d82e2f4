"""The evaluation's forms, one for each piece that is saved by itself.

Decided here: a weight in pounds, a height in feet and a temperature in Fahrenheit are as good as the
metric ones, and a liver value may be typed with its upper limit (88/40); a number that cannot be is named,
with a guess, and stays as it was typed. Only what is new is handed to the step.
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
from openkap.medicine.inputs import Unusable, a_number, out_of_range
from openkap.medicine.monitoring.physiology import check_pressure, check_vital
from openkap.medicine.rules import library
from openkap.reads.asked import Group
from openkap.reads.evaluation import Evaluation
from openkap.records.facts.screening import CSSRS, HCG, TOTALS
from openkap.records.models import UploadedDocument
from openkap.steps.evaluation import Measured

YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
HCG_RESULTS = (
    ("negative", gettext_lazy("Negative")),
    ("positive", gettext_lazy("Positive")),
    ("not clear", gettext_lazy("Not clear")),
)
ECG_RESULTS = (
    ("", gettext_lazy("Not noted")),
    ("normal", gettext_lazy("Normal")),
    ("not normal", gettext_lazy("Not normal")),
    ("not clear", gettext_lazy("Not clear")),
)
PDMP_RESULTS = (
    ("", gettext_lazy("Not noted")),
    ("checked, as told", gettext_lazy("Checked, as the patient told")),
    ("checked, to be talked about", gettext_lazy("Checked, to be talked about")),
)
CSSRS_RESULTS = (
    ("none", gettext_lazy("None")),
    ("low", gettext_lazy("Low")),
    ("moderate", gettext_lazy("Moderate")),
    ("high", gettext_lazy("High")),
)
# Items of the work-up that no other form of this page asks for; those whose answer is one of two words.
WORDED = ("mdq", "breath_alcohol")
NOTED_HERE = ("interview", "mini", "uds", "tsh", "urinalysis", "cmp", "in_person", *WORDED)
LIVER = (("alt", "alt_x_uln"), ("ast", "ast_x_uln"))
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


def _day(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class Piece(StepForm):
    """One piece of the evaluation. `seen` is the fingerprint of the facts the page was made from."""

    NAME = ""
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    piece = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def __init__(self, *args: Any, page: Evaluation, zone: ZoneInfo, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{self.NAME}_%s", **kwargs)
        self.page, self.zone, self.at = page, zone, at
        self.initial.update(seen=page.facts.fingerprint, piece=self.NAME)

    def answers(self) -> dict[str, bool]:
        return {}

    def results(self) -> list[Measured]:
        return []

    def no_to(self) -> tuple[str, ...]:
        return ()

    def on(self, name: str) -> datetime | None:
        """The moment meant by a day: now where it is today, else its noon. None: the field has an error."""
        typed = (self.cleaned_data.get(name) or "").strip()
        today = self.at.astimezone(self.zone).date()
        try:
            on = date.fromisoformat(typed) if typed else today
        except ValueError:
            self.add_error(name, _("%(text)s is not a day. Write it as 2026-11-21.") % {"text": typed})
            return None
        if on.year < EARLIEST_YEAR:
            guess = {"year": f"{on.year:04d}", "end": f"{on.year % 100:02d}"}
            self.add_error(name, _("The year %(year)s cannot be right. Did you mean 20%(end)s?") % guess)
            return None
        if on > today:
            self.add_error(name, _("This day is still to come. Check the date."))
            return None
        noon = datetime.combine(on, time(12), tzinfo=self.zone)
        return self.at if on == today else min(noon, self.at - timedelta(minutes=1))


class HistoryForm(Piece):
    """The questions of one body system. The button `rest` says no to those left open."""

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        self.NAME = group.id
        super().__init__(*args, **kwargs)
        self.group = group
        for asked in group.asked:
            self.fields[f"q_{asked.question.key}"] = forms.ChoiceField(
                label=asked.question.asks, choices=YES_NO, required=False, widget=forms.RadioSelect
            )
            known = asked.prefill if asked.answer is None else asked.answer
            if known is not None:
                self.initial[f"q_{asked.question.key}"] = "yes" if known else "no"

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Each question as the page knows it, with its bound field."""
        return [(asked, self[f"q_{asked.question.key}"]) for asked in self.group.asked]

    def answers(self) -> dict[str, bool]:
        """Answers that differ from what counts so far."""
        found = {}
        for asked in self.group.asked:
            said = self.cleaned_data.get(f"q_{asked.question.key}")
            if said and (said == "yes") != asked.answer:
                found[asked.question.key] = said == "yes"
        return found

    def no_to(self) -> tuple[str, ...]:
        if "rest" not in self.data:
            return ()
        return tuple(asked.question.key for asked in self.group.asked)


class VitalsForm(Piece):
    """What was measured now, each number in the unit it was read in."""

    NAME = "vitals"
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taken_at"].zone = self.zone  # type: ignore[attr-defined]
        self.initial.setdefault("taken_at", self.at)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.measured = self._vitals(cleaned)
        return cleaned

    def results(self) -> list[Measured]:
        return self.measured

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


class TestsForm(Piece):
    """Tests and checks of one day, with the paper they stand on where it was taken in."""

    NAME = "tests"
    hcg = forms.ChoiceField(
        label=gettext_lazy("Pregnancy test"), choices=HCG_RESULTS, required=False, widget=forms.RadioSelect
    )
    alt = _number(gettext_lazy("ALT"), gettext_lazy("times the upper limit, or 88/40"))
    ast = _number(gettext_lazy("AST"), gettext_lazy("times the upper limit, or 34/40"))
    ecg = forms.ChoiceField(label=gettext_lazy("ECG"), choices=ECG_RESULTS, required=False)
    pdmp = forms.ChoiceField(label=gettext_lazy("PDMP check"), choices=PDMP_RESULTS, required=False)
    tests_on = _day(gettext_lazy("Day of the test"))
    paper = forms.ChoiceField(label=gettext_lazy("The paper it stands on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = [(str(paper.id), f"{paper.what}: {paper.title}, {paper.on}") for paper in self.page.papers]
        self.fields["paper"].choices = [("", _("None")), *papers]  # type: ignore[attr-defined]
        self.initial.setdefault("tests_on", self.at.astimezone(self.zone).date().isoformat())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found = [(key, said) for key in (HCG, "ecg", "pdmp") if (said := cleaned.get(key))]
        for field, key in LIVER:
            if typed := (cleaned.get(field) or "").strip():
                try:
                    found.append((key, f"{_times_limit(field, typed):f}"))
                except Unusable as no:
                    self.add_error(field, no.sentence)
        self.noted = found
        self.taken = self.on("tests_on") if found else None
        return cleaned

    def results(self) -> list[Measured]:
        if self.taken is None:
            return []
        paper = self.cleaned_data.get("paper")
        document = UploadedDocument(pk=paper) if paper else None
        return [Measured(key, value, "", self.taken, document) for key, value in self.noted]


def _times_limit(field: str, typed: str) -> Decimal:
    """2.1, or 88/40: the value over the laboratory's own upper limit."""
    value, _slash, limit = typed.partition("/")
    number = a_number(field, value)
    if limit:
        above = a_number(field, limit)
        if above <= 0:
            raise Unusable(field, _("The upper limit must be more than 0. Write it as 88/40."))
        number = (number / above).quantize(Decimal("0.01"))
    most = library().rule("S-INPUT").number("x_uln_highest")
    out_of_range(field, number, Decimal(0), most.value, most.unit)
    return number


class TotalsForm(Piece):
    """Totals of questionnaires that were filled in elsewhere or in the room, as they were read."""

    NAME = "totals"
    cssrs = forms.ChoiceField(
        label=gettext_lazy("C-SSRS screener, result"),
        choices=CSSRS_RESULTS,
        required=False,
        widget=forms.RadioSelect,
    )
    audit = _number("AUDIT")
    dast10 = _number("DAST-10")
    moca = _number("MoCA")
    stop_bang = _number("STOP-Bang")
    asrm = _number("ASRM")
    ymrs = _number("YMRS")
    pqb = _number("PQ-B")
    icsi = _number(gettext_lazy("Bladder score (ICSI)"))
    des2 = _number("DES-II")
    totals_on = _day(gettext_lazy("Day they were filled in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = library().rule("S-INPUT")
        for key in TOTALS:
            self.fields[key].help_text = _("0 to %(most)s") % {"most": limits[f"{key}_highest"]}
        self.initial.setdefault("totals_on", self.at.astimezone(self.zone).date().isoformat())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        limits = library().rule("S-INPUT")
        found = [(CSSRS, said)] if (said := cleaned.get("cssrs")) else []
        for key in TOTALS:
            if not (typed := (cleaned.get(key) or "").strip()):
                continue
            try:
                number = a_number(key, typed)
                most = limits.number(f"{key}_highest")
                out_of_range(key, number, Decimal(0), most.value, most.unit)
                found.append((key, f"{number:f}"))
            except Unusable as no:
                self.add_error(key, no.sentence)
        self.noted = found
        self.taken = self.on("totals_on") if found else None
        return cleaned

    def results(self) -> list[Measured]:
        if self.taken is None:
            return []
        return [Measured(key, value, "", self.taken) for key, value in self.noted]


class WorkUpForm(Piece):
    """One item of the work-up that has no field of its own: what was done, what it showed, and when."""

    NAME = "workup"
    item = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    showed = forms.CharField(label=gettext_lazy("What it showed"), required=False, max_length=60)
    done_on = _day(gettext_lazy("The day it was done"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [(one.key, one.finding.name) for one in self.page.work_up if one.key in NOTED_HERE]
        self.fields["item"].choices = [("", _("Choose")), *here]  # type: ignore[attr-defined]
        self.initial.setdefault("done_on", self.at.astimezone(self.zone).date().isoformat())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        item, showed = cleaned.get("item"), (cleaned.get("showed") or "").strip()
        self.noted = (item, showed.lower() if item in WORDED else showed)
        if showed and not item and "item" not in self.errors:
            self.add_error("item", _("Choose what was done."))
        if item and not showed:
            self.add_error("showed", _("Say what it showed, in a few words."))
        elif item in WORDED and showed.lower() not in ("positive", "negative"):
            self.add_error("showed", _("Write positive or negative."))
        self.taken = self.on("done_on") if item else None
        return cleaned

    def results(self) -> list[Measured]:
        item, showed = self.noted
        return [Measured(item, showed, "", self.taken)] if item and self.taken is not None else []


def pieces(page: Evaluation, zone: ZoneInfo, at: datetime, data: Any = None) -> dict[str, Piece]:
    """Every piece by its name; the one that was sent is bound to `data`."""
    sent = data.get("piece") if data is not None else None
    common: dict[str, Any] = {"page": page, "zone": zone, "at": at}
    found: dict[str, Piece] = {
        group.id: HistoryForm(data if sent == group.id else None, group=group, **common)
        for group in page.groups
    }
    for kind in (VitalsForm, TestsForm, TotalsForm, WorkUpForm):
        found[kind.NAME] = kind(data if sent == kind.NAME else None, **common)
    return found
