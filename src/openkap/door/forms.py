"""The forms of the door: who you are, and nothing more."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignIn(LoginForm):
    """Mail address and password. A second factor is asked for afterwards."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("Mail address")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class BirthDate(forms.Form):
    """Asked on a phone or computer that this person has not used before."""

    born_on = forms.DateField(
        label=_("Your date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": _("Write the date as 1985-05-03."),
            "required": _("Write your date of birth. It shows that this link is yours."),
        },
    )


class AskForSignIn(forms.Form):
    """Where to send a patient's sign-in: the address that the practice knows."""

    contact = forms.CharField(
        label=_("Your mail address"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class SignInCode(AskForSignIn):
    """The short code out of the message; pasting it is fine."""

    code = forms.CharField(
        label=_("Code from the message"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    born_on = forms.DateField(
        label=_("Your date of birth"),
        required=False,
        help_text=_("Asked the first time you sign in on this phone or computer."),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as 1985-05-03.")},
    )

    def clean_code(self) -> str:
        """As it was made: capitals, no spaces or hyphens."""
        return "".join(c for c in self.cleaned_data["code"].upper() if c.isalnum())
