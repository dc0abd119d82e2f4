"""The forms of the dosing rooms. What can be a value is the steps' to say; here only how it is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openkap.door.page import StepForm
from openkap.door.times import ClinicTimeField
from openkap.steps.recording import SPEEDS

# More than any tablet waits, and few enough to reckon with.
MOST_SECONDS = 10**9
NUMBER = {"invalid": _("This is not a number. Write it with digits, as 128 or 36.6.")}


def number(label: Any, **more: Any) -> forms.DecimalField:
    """A number whose bounds are medicine's; a phone shows its number keys."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(label=label, required=False, widget=widget, error_messages=NUMBER, **more)


class VitalsForm(StepForm):
    """A whole set, with when it was taken. The room's three taps send the same names."""

    sbp = number(_("Systolic"))
    dbp = number(_("Diastolic"))
    hr = number(_("Heart, a minute"))
    spo2 = number(_("Oxygen, %"))
    rr = number(_("Breaths, a minute"))
    etco2 = number(_("End-tidal CO2, mmHg"))
    temp_c = number(_("Temperature"))
    temp_unit = forms.ChoiceField(
        label=_("Temperature in"), choices=(("C", "°C"), ("F", "°F")), required=False, initial="C"
    )
    moaas = number(_("Alertness, 0 to 5"))
    cadss6 = number(_("Six questions, 0 to 24"))
    taken_at = ClinicTimeField(label=_("Taken at"), required=False, help_text=_("Leave empty for now."))
    # Of a set that waited on a tablet without a network: how long, by the tablet's own clock.
    waited_seconds = forms.IntegerField(
        required=False, min_value=0, max_value=MOST_SECONDS, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taken_at"].zone = zone  # type: ignore[attr-defined]

    def taken(self, at: datetime) -> datetime | None:
        """When the set was so: as written, or so long before `at` as it waited; None for now."""
        said: datetime | None = self.cleaned_data.get("taken_at")
        waited = self.cleaned_data.get("waited_seconds")
        return said or (at - timedelta(seconds=waited) if waited else None)

    def values(self) -> dict[str, Decimal]:
        """What was measured, as typed; the temperature with its unit is the view's to convert."""
        said = self.cleaned_data
        return {name: said[name] for name in self.fields if isinstance(said.get(name), Decimal)}


class WeightForm(StepForm):
    """Weighed today. Pounds are converted, and both are shown."""

    weight = number(_("Weight"))
    unit = forms.ChoiceField(label=_("In"), choices=(("kg", _("kg")), ("lb", _("lb"))), initial="kg")


class WordsForm(StepForm):
    """A button with a reason beside it."""

    words = forms.CharField(label=_("Reason"), required=False, max_length=300)


class GoAheadForm(StepForm):
    """Going ahead over one line of the gate: which, how it read, and why."""

    rule = forms.CharField(max_length=20, widget=forms.HiddenInput)
    because = forms.CharField(max_length=500, widget=forms.HiddenInput)
    words = forms.CharField(label=_("Your reason"), required=False, max_length=500)


class MarkForm(StepForm):
    what = forms.CharField(max_length=20)
    words = forms.CharField(required=False, max_length=300)


class EndForm(WordsForm):
    """The end of a dose: what was given, if not all of it."""

    mg = number(_("Given, mg"))


YES_NO = (("", _("Not asked yet")), ("yes", _("Yes")), ("no", _("No")))


# The row beside it says what is wished for, "No thoughts of suicide today": a bare "no" would say either.
SOME_NONE = (("", _("Not asked yet")), ("no", _("None")), ("yes", _("There are some")))


def yes_no(label: Any, choices: Any = YES_NO) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        required=False,
        coerce=lambda text: text == "yes",
        empty_value=None,
        widget=forms.Select,
    )


class HomeForm(WordsForm):
    """What only a person in the room can say before someone goes home."""

    aldrete = number(_("Recovery score, Aldrete, 0 to 10"))
    padss = number(_("Recovery score, PADSS, 0 to 10"))
    cadss6 = number(_("Six questions, 0 to 24"))
    oriented = yes_no(_("Knows who, where, when and why"))
    gait_steady = yes_no(_("Walks steadily"))
    si_today = yes_no(_("Thoughts of suicide today"), SOME_NONE)
    resolved = yes_no(_("Sedation, dissociation and breathing have settled"))
    nausea = forms.ChoiceField(
        label=_("Nausea"),
        required=False,
        choices=(
            ("", _("Not asked yet")),
            ("none", _("None")),
            ("mild", _("Mild")),
            ("moderate", _("Moderate")),
            ("severe", _("Severe")),
        ),
    )
    escort_present = yes_no(_("The escort is here, and is who they say"))
    instructions_signed = yes_no(_("Instructions read aloud, given and signed"))
    escort_name = forms.CharField(label=_("Name of the adult who is here"), required=False, max_length=200)
    identified = forms.ChoiceField(
        label=_("How they showed who they are"),
        required=False,
        choices=(
            ("", _("Not asked yet")),
            ("photo_id", _("Photo ID")),
            ("known_here", _("Known to us")),
            ("named_by_patient", _("The patient says so")),
        ),
    )

    def answers(self) -> dict[str, Any]:
        """What was answered; what was not asked is absent."""
        own = ("words", "escort_name", "identified", "submission", "version")
        return {n: v for n, v in self.cleaned_data.items() if n not in own and v not in (None, "")}


def _speed(times: int) -> str:
    return gettext("As it happened") if times == 1 else gettext("%(n)s times as fast") % {"n": times}


class PlayForm(StepForm):
    """Which recording, how fast. Demonstration sites only."""

    recording = forms.ChoiceField(label=_("Recording"))
    speed = forms.TypedChoiceField(label=_("How fast"), choices=[], coerce=int, initial=1)

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["speed"].choices = [(n, _speed(n)) for n in SPEEDS]  # type: ignore[attr-defined]
        self.fields["recording"].choices = [(n, n.replace("_", " ").capitalize()) for n in names]  # type: ignore[attr-defined]


class TabletForm(StepForm):
    """Make this browser the tablet of a room."""

    room: Any = forms.ModelChoiceField(label=_("Room"), queryset=None, empty_label=_("Choose"))
    name = forms.CharField(label=_("Name of this tablet"), max_length=100)

    def __init__(self, *args: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
