"""The forms of the calendar. Every time is written on the writer's own clock."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy

from openkap.door.page import StepForm
from openkap.door.times import ClinicTimeField
from openkap.records.models import Person, Room

LONG = {
    "min_value": gettext_lazy("A session takes 15 minutes at least."),
    "max_value": gettext_lazy("More than 600 minutes cannot be one session. Did you mean 60?"),
    "required": gettext_lazy("Say how many minutes."),
}


def line(attrs: dict[str, str] | None = None) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", "autocomplete": "off", **(attrs or {})})


def words(label: Any, **more: Any) -> forms.CharField:
    """A line that both practices read."""
    return forms.CharField(label=label, max_length=300, required=False, widget=line(), **more)


def minutes() -> forms.IntegerField:
    """How long a session takes."""
    return forms.IntegerField(label=gettext_lazy("Minutes"), min_value=15, max_value=600, error_messages=LONG)


def begins(label: Any) -> ClinicTimeField:
    """A time that must be said."""
    return ClinicTimeField(
        label=label, error_messages={"required": gettext_lazy("Say the day and the time.")}
    )


class ZonedForm(StepForm):
    """Its times are read on the clock of `zone`."""

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, ClinicTimeField):
                field.zone = zone


class BookForm(ZonedForm):
    """A dose and the integration session in its window."""

    planned_from = begins(gettext_lazy("When the visit begins"))
    minutes = minutes()
    room = forms.ModelChoiceField(
        label=gettext_lazy("Room"),
        queryset=Room.objects.none(),
        empty_label=gettext_lazy("Choose a room"),
        error_messages={"required": gettext_lazy("A dose needs a room. Choose where it will be given.")},
    )
    lead = forms.ModelChoiceField(
        label=gettext_lazy("Who watches over it"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not chosen yet"),
    )
    therapist = forms.ModelChoiceField(
        label=gettext_lazy("Who holds integration"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    hold_from = ClinicTimeField(
        label=gettext_lazy("When integration begins"),
        required=False,
        help_text=gettext_lazy("Left empty, the nearest time that fits is held."),
    )
    words = words(gettext_lazy("Why it is booked all the same"))

    def __init__(
        self, *args: Any, rooms: Any, leads: Any, therapists: Any, outside: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["lead"].queryset = leads  # type: ignore[attr-defined]
        if outside:
            del self.fields["therapist"]
        else:
            self.fields["therapist"].queryset = therapists  # type: ignore[attr-defined]


class MoveForm(ZonedForm):
    planned_from = begins(gettext_lazy("New time"))
    minutes = minutes()
    room = forms.ModelChoiceField(
        label=gettext_lazy("Room"),
        queryset=Room.objects.none(),
        required=False,
        empty_label=gettext_lazy("No room"),
    )
    words = words(gettext_lazy("Why"), help_text=gettext_lazy("Both practices and the patient read it."))

    def __init__(self, *args: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="move_%s", **kwargs)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]


class WhyForm(StepForm):
    """A reason in words: to cancel, or what is known of why nobody came."""

    words = words(gettext_lazy("Why"), help_text=gettext_lazy("Both practices and the patient read it."))


class LongerForm(ZonedForm):
    until = ClinicTimeField(
        label=gettext_lazy("Until when"),
        error_messages={"required": gettext_lazy("Say when it will end.")},
    )
    words = words(gettext_lazy("Why"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="longer_%s", **kwargs)


class EscortForm(StepForm):
    """The adult who takes the patient home: who that is, and how to reach them."""

    escort_name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False, widget=line())
    escort_phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=40,
        required=False,
        widget=line({"type": "tel"}),
    )
    escort_relation = forms.CharField(
        label=gettext_lazy("Who that is"), max_length=80, required=False, widget=line()
    )


class AnswerForm(ZonedForm):
    """Yes, another time, or no in words."""

    answer = forms.ChoiceField(choices=[(a, a) for a in ("accept", "other_time", "decline")])
    planned_from = ClinicTimeField(label=gettext_lazy("Another time"), required=False)
    words = words(gettext_lazy("In a few words"))


class NarrowForm(forms.Form):
    """Which week, which room, whose: what the list is narrowed to. Nothing is sent."""

    day = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as 2027-03-08.")},
    )
    room = forms.ModelChoiceField(
        label=gettext_lazy("Room"),
        queryset=Room.objects.none(),
        required=False,
        empty_label=gettext_lazy("Every room"),
    )
    who = forms.ModelChoiceField(
        label=gettext_lazy("Who leads"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("Everyone"),
    )

    def __init__(self, *args: Any, rooms: Any, people: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["who"].queryset = people  # type: ignore[attr-defined]
