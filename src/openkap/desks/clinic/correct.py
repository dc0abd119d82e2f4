"""The one page where any clinical row is put right, or marked as entered in error.

Decided here: which columns of a kind of row may be typed anew. An order, a decision and a going-home
are signed as a whole: they can only be marked as entered in error, and made again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.desks.clinic.chart import back_to
from openkap.desks.clinic.patient_page import show
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, scope, zone
from openkap.door.times import ClinicTimeField, not_after
from openkap.medicine.inputs import Unusable
from openkap.medicine.monitoring.physiology import check_pressure, check_vital
from openkap.permits import Act
from openkap.reads.rows import standing_of_row
from openkap.reads.said import number
from openkap.records import models as kept
from openkap.records.base import Clinical
from openkap.records.models import PatientFile
from openkap.records.scoped import scoped
from openkap.steps.correct import SIGNED, correct, withdraw

VITALS = {
    "sbp": "sbp",
    "dbp": "dbp",
    "hr": "hr",
    "spo2": "spo2",
    "rr": "rr",
    "temp_c": "temperature",
    "weight_kg": "weight_kg",
    "height_cm": "height_cm",
}
# Kind of row, and its columns that may be typed anew; none: only "entered in error".
CORRECTABLE: dict[type[Clinical], tuple[str, ...]] = {
    kept.HistoryAnswer: ("value",),
    kept.Medication: ("text", "active"),
    kept.Allergy: ("text",),
    kept.Condition: ("text", "active"),
    kept.Result: ("value", "at"),
    kept.UploadedDocument: ("title", "what", "at"),
    kept.Reconciliation: (),
    kept.Reading: ("sbp", "dbp", "hr", "spo2", "rr", "temp_c", "moaas", "at"),
    kept.RoomEvent: ("words", "at"),
    kept.SessionNote: ("focus", "agreed", "for_clinic"),
    kept.SessionSummary: ("text",),
    kept.Administration: ("mg", "at"),
    kept.GivenPart: ("mg", "units", "held_min", "at"),
    kept.AdverseEvent: (),
    kept.MisuseSign: (),
    kept.Order: (),
    kept.Decision: (),
    kept.Discharge: (),
    kept.Score: (),
    kept.Response: (),
}
MODELS = {model.__name__.lower(): model for model in CORRECTABLE}
LABELS = {
    "value": gettext_lazy("Value"),
    "text": gettext_lazy("Words"),
    "title": gettext_lazy("Title"),
    "what": gettext_lazy("What it is"),
    "active": gettext_lazy("Still so"),
    "at": gettext_lazy("When it was so"),
    "sbp": gettext_lazy("Systolic, mmHg"),
    "dbp": gettext_lazy("Diastolic, mmHg"),
    "hr": gettext_lazy("Heart rate, a minute"),
    "spo2": gettext_lazy("Oxygen, %"),
    "rr": gettext_lazy("Breaths, a minute"),
    "temp_c": gettext_lazy("Temperature, °C"),
    "moaas": gettext_lazy("Alertness, 0 to 5"),
    "mg": gettext_lazy("Milligrams"),
    "units": gettext_lazy("How many"),
    "held_min": gettext_lazy("Held, minutes"),
    "words": gettext_lazy("Words"),
    "focus": gettext_lazy("Focus"),
    "agreed": gettext_lazy("Agreed until next time"),
    "for_clinic": gettext_lazy("For the clinic"),
}


# Ends of a scale, and more than nothing; what a body can be is medicine's to say (VITALS).
LIMITS: dict[str, dict[str, Any]] = {
    "moaas": {"min_value": 0, "max_value": 5, "decimal_places": 0},
    "mg": {"min_value": Decimal("0.01"), "decimal_places": 2},
    "units": {"min_value": 1, "decimal_places": 0},
    "held_min": {"min_value": 1, "decimal_places": 0},
}


def columns_of(row: Clinical) -> tuple[str, ...]:
    """What of this row may be typed anew: of a part in units their number, of any other its milligrams."""
    names = CORRECTABLE[type(row)]
    if not isinstance(row, kept.GivenPart):
        return names
    gone = {"mg" if row.units is not None else "units"} | ({"held_min"} if row.held_min is None else set())
    return tuple(name for name in names if name not in gone)


# As far as a time within a session can be put right.
SAME_VISIT = timedelta(days=1)


class CorrectForm(StepForm):
    """The columns of one row, as they stand, and the reason."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is corrected"),
        help_text=gettext_lazy("Stays with the record."),
        max_length=500,
        required=False,
        widget=forms.TextInput,
    )

    def __init__(self, *args: Any, row: Clinical, zone: Any, at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.at = row, at
        for name in columns_of(row):
            self.fields[name] = _field(row, name, zone)
            value = getattr(row, name)
            self.initial[name] = number(value) if isinstance(value, Decimal) else value
        self.order_fields([*columns_of(row), "reason"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, vital in VITALS.items():
            key = name if name in self.fields else "value" if self._is_result(name) else ""
            if not key or cleaned.get(key) in (None, ""):
                continue
            try:
                checked = check_vital(vital, str(cleaned[key]))
                cleaned[key] = f"{checked:f}" if key == "value" else checked
            except Unusable as no:
                self.add_error(key, no.sentence)
        if "sbp" in self.fields and not self.errors:
            self._pressure(cleaned)
        if cleaned.get("at") is not None:
            try:
                not_after(cleaned["at"], self.at)
            except forms.ValidationError as no:
                self.add_error("at", no)
            else:
                self._of_that_day(cleaned["at"])
        if isinstance(self.row, kept.Administration) and cleaned.get("mg") is not None:
            self._as_ordered(self.row, cleaned["mg"])
        return cleaned

    def _of_that_day(self, so: datetime) -> None:
        """What happened in a session stays there: a minute or an hour is put right, never the year."""
        if hasattr(self.row, "session_id") and abs(so - self.row.at) > SAME_VISIT:
            self.add_error(
                "at", _("This is more than a day away from the session. Check the day and the year.")
            )
        ended = getattr(self.row, "ended_at", None)
        if ended is not None and so > ended:
            self.add_error("at", _("The dose had already ended then. Check the hour."))

    def _as_ordered(self, row: kept.Administration, mg: Decimal) -> None:
        """Nobody gives more than was ordered and confirmed; if more was given, that is another event."""
        if mg > row.order.mg:
            ordered = {"mg": f"{row.order.mg.normalize():f}"}
            self.add_error(
                "mg", _("%(mg)s mg were ordered and confirmed. Less can be given, not more.") % ordered
            )

    def _pressure(self, cleaned: dict[str, Any]) -> None:
        sbp, dbp = cleaned.get("sbp"), cleaned.get("dbp")
        if (sbp is None) != (dbp is None):
            self.add_error("dbp" if dbp is None else "sbp", _("A blood pressure needs both numbers."))
        elif sbp is not None:
            try:
                check_pressure(sbp, dbp)
            except Unusable as no:
                self.add_error("dbp", no.sentence)

    def _is_result(self, name: str) -> bool:
        return isinstance(self.row, kept.Result) and self.row.key == name

    def changes(self) -> dict[str, Any]:
        """The columns that differ from the row."""
        said = {name: self.cleaned_data.get(name) for name in columns_of(self.row)}
        return {name: value for name, value in said.items() if value != getattr(self.row, name)}


def _field(row: Clinical, name: str, zone: Any) -> forms.Field:
    label = LABELS[name]
    if name == "at":
        return ClinicTimeField(label=label, zone=zone)
    column = row._meta.get_field(name)
    if isinstance(row, kept.HistoryAnswer) and name == "value":
        return forms.TypedChoiceField(
            label=label,
            choices=(("True", _("Yes")), ("False", _("No"))),
            coerce=lambda said: said == "True",
            widget=forms.RadioSelect,
        )
    field: forms.Field = column.formfield()  # type: ignore[union-attr,assignment]
    field.label, field.help_text = label, ""
    if isinstance(field.widget, forms.NumberInput):
        # A number that cannot be is named in our words, and stays as typed.
        limits = LIMITS.get(name, {})
        field = forms.DecimalField(label=label, required=not column.null, widget=_number_input(), **limits)
        field.error_messages["invalid"] = _("This is not a number.")
    return field


def _number_input() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


@staff
def correction(request: HttpRequest, model: str, row: UUID) -> HttpResponse:
    """What the row says and who wrote it; put it right, or mark it as entered in error."""
    if model not in MODELS:
        raise Http404
    kind = MODELS[model]
    act = Act.SIGN if issubclass(kind, SIGNED) else Act.CORRECT
    fact = find(request, kind._default_manager.select_related("patient", "organisation"), row, act)
    form = CorrectForm(request.POST or None, row=fact, zone=zone(request), at=now())
    if request.method == "POST" and form.is_valid() and _do(request, form, fact):
        messages.success(request, _("Corrected. What stood before is kept and struck through."))
        return redirect(back_to(request, fact))
    about = scoped(
        PatientFile.objects.select_related("patient", "organisation").filter(
            patient_id=fact.patient_id, organisation_id=fact.organisation_id
        ),
        scope(request),
    ).first()
    if about is None:
        raise Http404
    return show(
        request,
        "clinic/correct.html",
        about,
        page="correction",
        status=422 if form.errors else 200,
        form=form,
        standing=standing_of_row(fact, zone(request)),
        columns=[form[name] for name in columns_of(fact)],
        back=back_to(request, fact),
        settled_sign=isinstance(fact, kept.MisuseSign) and fact.settled,
    )


def _do(request: HttpRequest, form: CorrectForm, fact: Clinical) -> bool:
    common: dict[str, Any] = {
        "by": actor(request),
        "at": form.at,
        "row": fact,
        "reason": form.cleaned_data["reason"],
        "submission": form.cleaned_data["submission"],
    }
    if request.POST.get("how") == "withdraw" or not columns_of(fact):
        return bool(attempt(form, lambda: withdraw(**common)))
    changes = form.changes()
    if not changes:
        form.add_error(
            None, _("Nothing differs from what stands. Change a value, or mark it entered in error.")
        )
        return False
    return bool(attempt(form, lambda: correct(**common, changes=changes)))
