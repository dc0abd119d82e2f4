"""The forms of keeping the staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.door.hats import ROLE_WORDS
from openkap.door.page import StepForm
from openkap.door.times import ClinicTimeField
from openkap.permits import Role
from openkap.reads.staff import WorkShown

LIST = "list"


def role_choices(roles: Iterable[Role]) -> list[tuple[str, str]]:
    wanted = set(roles)
    return [(role.value, _(ROLE_WORDS[role])) for role in ROLE_WORDS if role in wanted]


class RolesForm(StepForm):
    """Which roles someone holds. Only those that whoever asks may give or take are shown."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices(roles)  # type: ignore[attr-defined]


class InviteForm(RolesForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write their name.")},
    )
    email = forms.CharField(
        label=gettext_lazy("Mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The one they read at work. They sign in with it."),
        error_messages={"required": gettext_lazy("Write their mail address.")},
    )
    field_order = ("name", "email", "roles")


class WorkForm(StepForm):
    """Who has what from now on: one field a thing, and one colleague for all that is left open."""

    all_to = forms.ChoiceField(label=gettext_lazy("All that is still open above, to"), required=False)
    from_at = ClinicTimeField(
        label=gettext_lazy("From when on"),
        required=False,
        help_text=gettext_lazy("Leave it empty for now, at once."),
    )
    work = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, shown: WorkShown, zone: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        self.fields["from_at"].zone = zone  # type: ignore[attr-defined]
        nobody = [("", _("Nobody yet"))]
        self.fields["all_to"].choices = [*nobody, *shown.colleagues]  # type: ignore[attr-defined]
        for line in shown.lines:
            to_list = [(LIST, _("Nobody in particular: back to the list"))] if line.shared else []
            self.fields[line.key] = forms.ChoiceField(
                label=line.what, required=False, choices=[*nobody, *line.able, *to_list]
            )

    def lines(self) -> list[tuple[Any, Any]]:
        """Each thing with its own field."""
        return [(line, self[line.key]) for line in self.shown.lines]

    def given(self) -> dict[str, str]:
        """Key of each thing to whom it goes: its own choice, else the one for all where they can have it."""
        to_all = self.cleaned_data.get("all_to", "")
        found = {}
        for line in self.shown.lines:
            chosen = self.cleaned_data.get(line.key) or (
                to_all if to_all in {key for key, _name in line.able} else ""
            )
            if chosen:
                found[line.key] = chosen
        return found


class LetInForm(StepForm):
    """How it was made sure that it is them, and a second person who shows who they are on this screen."""

    words = forms.CharField(
        label=gettext_lazy("How you made sure that it is them"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("As in: stood before me; called them on the number we have."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    email = forms.CharField(
        label=gettext_lazy("Mail address of the second person"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Their password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Their code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
