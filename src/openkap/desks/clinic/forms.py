"""The small forms of the clinic desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.door.page import StepForm
from openkap.door.times import EARLIEST_YEAR, ClinicTimeField
from openkap.medicine.protocols import protocols
from openkap.reads.ways import plan_name
from openkap.records.facts.phases import phase_words
from openkap.records.models import Room


def refuse_odd_day(on: date, today: date) -> None:
    """A birth date that cannot be: to come, or in a year that cannot be meant."""
    if on.year < EARLIEST_YEAR:
        guess = {"year": f"{on.year:04d}", "end": f"{on.year % 100:02d}"}
        raise forms.ValidationError(
            _("The year %(year)s cannot be right. Did you mean 19%(end)s or 20%(end)s?") % guess
        )
    if on > today:
        raise forms.ValidationError(_("This day is still to come. Check the date."))


class RegisterForm(StepForm):
    """A person who becomes a patient here. `sure`: shown a likely match, and they are someone else."""

    given_name = forms.CharField(label=gettext_lazy("First name, as in their papers"), max_length=100)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100)
    chosen_name = forms.CharField(label=gettext_lazy("Name they go by"), max_length=100, required=False)
    pronouns = forms.CharField(label=gettext_lazy("Pronouns"), max_length=40, required=False)
    born_on = forms.DateField(
        label=gettext_lazy("Date of birth"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as 1985-05-03.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Mail address"),
        required=False,
        help_text=gettext_lazy("Links to sign and to answer go here."),
        error_messages={"invalid": gettext_lazy("This is not a whole mail address. It reads name@place.")},
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of their pages and messages"),
        choices=settings.LANGUAGES,
        initial="en",
        required=False,
    )
    sure = forms.BooleanField(label=gettext_lazy("None of these. This is someone else"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_born_on(self) -> date:
        on: date = self.cleaned_data["born_on"]
        refuse_odd_day(on, self.today)
        return on

    def details(self) -> dict[str, Any]:
        """The columns of the person."""
        names = ("given_name", "family_name", "chosen_name", "pronouns", "born_on", "email", "phone")
        said = {name: self.cleaned_data[name] for name in names}
        return said | {"language": self.cleaned_data["language"] or "en"}


class ContactForm(StepForm):
    """What to call someone and where to reach them."""

    chosen_name = RegisterForm.base_fields["chosen_name"]
    pronouns = RegisterForm.base_fields["pronouns"]
    email = RegisterForm.base_fields["email"]
    phone = RegisterForm.base_fields["phone"]
    language = RegisterForm.base_fields["language"]

    def said(self) -> dict[str, Any]:
        names = ("chosen_name", "pronouns", "email", "phone", "language", "submission")
        return {name: self.cleaned_data[name] for name in names}


class OpenCourseForm(StepForm):
    protocol = forms.ChoiceField(
        label=gettext_lazy("Way of care"),
        initial="blended_iv",
        help_text=gettext_lazy("To begin with. It is chosen in the evaluation, freely."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="open_%s", **kwargs)
        self.fields["protocol"].choices = [  # type: ignore[attr-defined]
            (plan.id, plan_name(plan)) for plan in protocols()
        ]


class NoteForm(StepForm):
    """An allergy or a medicine, in the patient's own words."""

    what = forms.ChoiceField(choices=(("allergy", ""), ("medicine", "")), widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("Add one"), max_length=300, required=False)
    none_known = forms.BooleanField(label=gettext_lazy("No known allergies"), required=False)

    def __init__(self, *args: Any, what: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{what}_%s", **kwargs)
        self.initial.setdefault("what", what)
        if what == "medicine":
            del self.fields["none_known"]


SENDS = ("consent", "before", "after")


class SendForm(StepForm):
    """Which link to send: the consent, or the PHQ-9 before or after."""

    what = forms.ChoiceField(choices=[(what, what) for what in SENDS])


ALONE = ("evaluation", "follow_up")  # what a way without therapy plans beside its doses
# A dose is planned on its own page, by the window around it.
PLANNED = ("evaluation", "preparation", "integration", "follow_up")


def _phases(keys: Iterable[str] = PLANNED) -> list[tuple[str, str]]:
    return [(key, phase_words(key)) for key in keys]


class PlanForm(StepForm):
    """One session of the course, held by this practice. A dose is booked with its integration session."""

    phase = forms.ChoiceField(label=gettext_lazy("What"), choices=_phases, initial="preparation")
    planned_from = ClinicTimeField(
        label=gettext_lazy("When"), error_messages={"required": gettext_lazy("Say the day and the time.")}
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        initial=60,
        min_value=15,
        max_value=600,
        error_messages={
            "min_value": gettext_lazy("A session takes 15 minutes at least."),
            "max_value": gettext_lazy("More than 600 minutes cannot be one session. Did you mean 60?"),
            "required": gettext_lazy("Say how many minutes."),
        },
    )
    room = forms.ModelChoiceField(
        label=gettext_lazy("Room"),
        queryset=Room.objects.none(),
        required=False,
        empty_label=gettext_lazy("No room"),
    )

    def __init__(self, *args: Any, zone: Any, rooms: Any, therapy: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="plan_%s", **kwargs)
        if not therapy:
            self.fields["phase"].choices = _phases(ALONE)  # type: ignore[attr-defined]
            self.initial.setdefault("phase", "follow_up")
        self.fields["planned_from"].zone = zone  # type: ignore[attr-defined]
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
