"""The forms of licenses and certificates, for whoever holds one and for whoever looks at it.

Decided here: a look is always said in words, with where it was looked up. A last day that is not printed is
left empty; for a card of life support it then follows from the day it was given.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.door.page import StepForm
from openkap.medicine.standing import kinds
from openkap.records.models import Credential
from openkap.steps.standing import Paper

WHOLE_DATE = {"invalid": gettext_lazy("Write the date as 2026-11-21.")}


def a_day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages=WHOLE_DATE, **more)


def a_line(label: Any, size: int, **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "input", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=size, widget=widget, **{"required": False, **more})


class LicenseForm(StepForm):
    """Looking at a license: valid, or not, is the button; this is where."""

    words = a_line(
        gettext_lazy("Where you looked, or what was wrong"),
        250,
        required=True,
        error_messages={"required": gettext_lazy("Say where you looked, or what was wrong.")},
    )


class RoleLicenseForm(LicenseForm):
    """The same where the license itself was never written down: what stands on it can be kept along."""

    number = a_line(gettext_lazy("License number"), 60)
    state = a_line(gettext_lazy("For which state"), 60)
    last_day = a_day(gettext_lazy("Its last day"))


class CredentialForm(StepForm):
    """What stands on a license or certificate. `reason` is asked where it takes the place of another."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"))
    number = a_line(gettext_lazy("Number"), 60, help_text=gettext_lazy("As it is printed."))
    state = a_line(gettext_lazy("For which state"), 60, help_text=gettext_lazy("For a license."))
    body = a_line(gettext_lazy("Who gave it"), 120, help_text=gettext_lazy("A board, an agency, a school."))
    issued_on = a_day(gettext_lazy("Given on"))
    expires_on = a_day(gettext_lazy("Its last day"))
    note = a_line(gettext_lazy("Note"), 300)
    reason = a_line(
        gettext_lazy("Why you correct it"),
        300,
        required=True,
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )

    def __init__(self, *args: Any, corrects: Credential | None = None, **kwargs: Any) -> None:
        if corrects is not None:
            parts = ("kind", "number", "state", "body", "issued_on", "expires_on", "note")
            kwargs["initial"] = {part: getattr(corrects, part) for part in parts}
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose")), *((rule.words["kind"], _(rule.title)) for rule in kinds())]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        self.fields["kind"].error_messages["required"] = _("Choose what it is.")
        if corrects is None:
            del self.fields["reason"]
        else:
            del self.fields["kind"]

    @property
    def paper(self) -> Paper:
        """What was typed, as the step takes it."""
        said = self.cleaned_data
        return Paper(
            kind=said.get("kind", ""),
            number=said["number"],
            state=said["state"],
            body=said["body"],
            note=said["note"],
            issued_on=said["issued_on"],
            expires_on=said["expires_on"],
        )


class ReasonForm(StepForm):
    """Taking something away, or back: why."""

    reason = a_line(
        gettext_lazy("Why"),
        300,
        required=True,
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )
