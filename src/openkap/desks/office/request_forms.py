"""Forms of a request for an evaluation: what was done, a file from it, the end of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.door.page import StepForm
from openkap.medicine.protocols import protocols
from openkap.reads.find import Person
from openkap.reads.ways import plan_name

NEW, USUAL = "new", "blended_iv"


class ContactForm(StepForm):
    """What was said or done."""

    words = forms.CharField(
        label=gettext_lazy("What was done"),
        help_text=gettext_lazy("As in: called, left a message, calls back on Friday."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say what was done, in a few words.")},
    )


class CloseForm(StepForm):
    """Why nothing comes of it."""

    reason = forms.CharField(
        label=gettext_lazy("Why nothing comes of it"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say why nothing comes of it.")},
    )


class OpenForm(StepForm):
    """A patient file and a course. Where someone here may be this person, who it is has to be said."""

    whose = forms.ChoiceField(
        label=gettext_lazy("Is this someone who is already here?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it is one of these people. Nobody is merged.")},
    )
    protocol = forms.ChoiceField(
        label=gettext_lazy("Way of care"),
        help_text=gettext_lazy("To begin with. It is chosen in the evaluation, freely."),
    )

    def __init__(self, *args: Any, alike: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            (str(person.file), _("Yes: %(name)s, %(born)s, file %(number)s") % _words(person))
            for person in alike
        ]
        whose = self.fields["whose"]
        whose.choices = [*known, (NEW, _("No, someone new"))]  # type: ignore[attr-defined]
        if not known:
            whose.widget, whose.initial, whose.required = forms.HiddenInput(), NEW, False
        plans = self.fields["protocol"]
        plans.choices = [(plan.id, plan_name(plan)) for plan in protocols()]  # type: ignore[attr-defined]
        plans.initial = USUAL


def _words(person: Person) -> dict[str, str]:
    return {"name": person.name, "born": person.born, "number": person.number}
