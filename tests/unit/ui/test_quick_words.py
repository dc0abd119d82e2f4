"""Boxes, lists of choices and addresses said at once are those that the framework's own templates say."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template
from django.urls import reverse
from django.utils.safestring import mark_safe

from openkap.ui.widgets import Widgets

CHOICES = [("", "Choose"), ("a", "A & <b>"), ("Group", [("c", "C"), ("d", "D")]), (3, "Three")]


class Every(forms.Form):
    text = forms.CharField(
        max_length=30, help_text="Said", widget=forms.TextInput({"data-x": '"<&', "off": False})
    )
    marked = forms.CharField(required=False, widget=forms.TextInput({"placeholder": mark_safe("a&amp;b")}))
    hidden = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.IntegerField(min_value=1, max_value=9)
    part = forms.DecimalField(decimal_places=2)
    mail = forms.EmailField()
    secret = forms.CharField(widget=forms.PasswordInput)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField()
    moment = forms.DateTimeField()
    yes = forms.BooleanField(required=False)
    one = forms.ChoiceField(choices=CHOICES)
    some = forms.MultipleChoiceField(choices=CHOICES)
    free = forms.CharField(widget=forms.Textarea)
    which = forms.ChoiceField(choices=CHOICES[:2], widget=forms.RadioSelect)


SAID: tuple[dict[str, Any] | None, ...] = (
    None,
    {"text": 'O\'Neil & "co" <x>', "number": "7", "one": "3", "some": ["a", "d"], "yes": "on", "which": "a"},
    {"hidden": UUID(int=5), "day": date(2027, 3, 9), "part": "0.5", "mail": "x", "one": "c", "free": "<p>"},
)


@pytest.mark.parametrize("said", SAID)
def test_every_box_is_the_one_of_the_templates(said: dict[str, Any] | None) -> None:
    ours, theirs = (Every(said, renderer=renderer) for renderer in (Widgets(), DjangoTemplates()))
    for name in Every.base_fields:
        # But for empty lines between choices.
        assert str(ours[name]).split() == str(theirs[name]).split(), name
    assert str(ours).split() == str(theirs).split()


def test_an_address_with_ids_is_the_one_that_is_looked_for() -> None:
    id_, other = UUID(int=77), UUID(int=78)
    said = Template("{% url 'care-correct' model id %} {% url 'care-patient' id %} {% url 'care-find' %}")
    for model, row in (("result", id_), ("order", other), ("a-b", id_)):
        found = said.render(Context({"model": model, "id": row}))
        assert found == " ".join(
            (
                reverse("care-correct", args=[model, row]),
                reverse("care-patient", args=[row]),
                reverse("care-find"),
            )
        )
    kept = Template("{% url 'care-patient' id as there %}{{ there }}")
    assert kept.render(Context({"id": id_})) == reverse("care-patient", args=[id_])
