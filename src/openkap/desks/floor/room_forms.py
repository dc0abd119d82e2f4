"""The forms of what happens in a room beside the vitals, and of the call on the day after."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.desks.floor.forms import WordsForm, number
from openkap.door.page import StepForm
from openkap.door.times import ClinicTimeField
from openkap.medicine.course.next_day import Asked, questions

YES_NO = (("yes", _("Yes")), ("no", _("No")))


def asked(label: Any) -> forms.TypedChoiceField:
    """Yes or no, and nothing chosen for anyone."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        required=False,
        coerce=lambda text: text == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )


class TakeOverForm(StepForm):
    """I watch over from now on."""

    words = forms.CharField(
        label=_("What you were told"), required=False, max_length=300, help_text=_("If you like.")
    )


class StopForm(WordsForm):
    """Stopped before its end: about how much went in, and why."""

    mg = number(_("Given so far, mg"))


class EmergencyForm(StepForm):
    """Emergency care has taken over."""

    called = forms.CharField(
        label=_("Who took over"),
        required=False,
        max_length=300,
        help_text=_("The ambulance and where it goes, as far as known."),
    )
    words = forms.CharField(
        label=_("What happened"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In a few words. It stays with the record as an adverse event."),
    )
    mg = number(_("Given until now, mg"))


class MedicineForm(StepForm):
    """Another medicine than the dose."""

    name = forms.CharField(label=_("Medicine"), required=False, max_length=200)
    dose = forms.CharField(
        label=_("How much, and how"), required=False, max_length=100, help_text=_("As in 4 mg by vein.")
    )
    sedative = asked(_("Does it make one sleepy? After a sedative nothing new is signed until the next day."))
    words = forms.CharField(label=_("Why, and who ordered it"), required=False, max_length=300)
    taken_at = ClinicTimeField(label=_("Given at"), required=False, help_text=_("Leave empty for now."))

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taken_at"].zone = zone  # type: ignore[attr-defined]


class TimerForm(StepForm):
    """A reminder of the room's own."""

    name = forms.CharField(label=_("Timer for"), required=False, max_length=100)
    minutes = forms.IntegerField(
        label=_("In minutes"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )


class NoteForm(StepForm):
    """Something that happened, in words."""

    words = forms.CharField(label=_("What happened"), required=False, max_length=1000)


class CallForm(StepForm):
    """The call on the day after: the questions are the library's, the screener's words its own."""

    reached = asked(_("Reached"))
    words = forms.CharField(
        label=_("How they are, in their words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, items: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks: tuple[Asked, ...] = questions()
        self.items = tuple(items)
        for one in self.asks:
            self.fields[one.key] = asked(one.words)
        for item, words in items.items():
            self.fields[f"s_{item}"] = asked(words)

    def clean_reached(self) -> bool:
        reached: bool | None = self.cleaned_data["reached"]
        if reached is None:
            raise forms.ValidationError(_("Say whether you reached them."))
        return reached

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[one.key] for one in self.asks]

    @property
    def safety_fields(self) -> list[forms.BoundField]:
        return [self[f"s_{item}"] for item in self.items]

    def answers(self) -> dict[str, bool | None]:
        return {one.key: self.cleaned_data.get(one.key) for one in self.asks}

    def safety(self) -> dict[str, int | None]:
        """As the screener keeps it: 1 is yes."""
        said = {item: self.cleaned_data.get(f"s_{item}") for item in self.items}
        return {item: None if answer is None else int(answer) for item, answer in said.items()}
