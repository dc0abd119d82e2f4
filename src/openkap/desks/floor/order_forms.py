"""The forms of an order, of preparing it, and of giving it, each with the fields of its route and no other.

Decided here: which fields stand on a page is the library's word (`Product.fields`); a field of another route
is not there to be filled in. What can be a value is the steps' to say.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.desks.floor.forms import WordsForm, number
from openkap.door.page import StepForm
from openkap.door.times import ClinicTimeField
from openkap.medicine.dosing.draw import from_a_vial
from openkap.medicine.dosing.products import Product, device_mg, in_units, product_of
from openkap.medicine.dosing.schedule import indications
from openkap.medicine.inputs import plain
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import library
from openkap.steps.giving import SITES

SITE_WORDS = {
    "left_deltoid": _("Left shoulder muscle"),
    "right_deltoid": _("Right shoulder muscle"),
    "left_thigh": _("Left thigh"),
    "right_thigh": _("Right thigh"),
    "left_gluteal": _("Left buttock"),
    "right_gluteal": _("Right buttock"),
}
AFTER_HOLD = (("spat", _("Spat out")), ("swallowed", _("Swallowed")))


def whole(label: Any, **more: Any) -> forms.IntegerField:
    """A whole number; a phone shows its number keys."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, required=False, widget=widget, **more)


def one_of(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=forms.RadioSelect(attrs={"class": "tap"}), **more
    )


class OrderForm(StepForm):
    """An order by one route. `instead_of` is the order this page was made from."""

    mg_per_kg = number(_("Dose, mg/kg"))
    mg = number(_("Dose, mg"))
    indication = one_of(_("What it is given for"), ())
    unit_mg = number(_("In one, mg"), help_text=_("As the label says."))
    hold_min = whole(_("Hold for, minutes"))
    after_hold = one_of(_("What is left is then"), AFTER_HOLD)
    duration_min = whole(_("Over, minutes"))
    concentration_mg_per_ml = number(
        _("Vial, mg/mL"), help_text=_("As the label says. Needed to draw it up.")
    )
    weight_basis = forms.ChoiceField(
        label=_("Weight to go by"),
        required=False,
        choices=(
            ("", _("Actual weight")),
            ("actual", _("Actual weight, chosen")),
            ("ideal", _("Ideal weight")),
            ("adjusted", _("Adjusted weight")),
        ),
    )
    words = forms.CharField(
        label=_("Your reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where something speaks against it. It stays with the order."),
    )
    instead_of = forms.UUIDField(required=False, widget=forms.HiddenInput)

    WANTED = (
        *("mg_per_kg", "mg", "indication", "unit_mg", "hold_min", "after_hold", "duration_min"),
        *("concentration_mg_per_ml", "weight_basis"),
    )

    def __init__(self, *args: Any, route: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product_of(route)
        for name in self.WANTED:
            if name not in self.product.fields:
                del self.fields[name]
        if self.product.route is Route.ESKETAMINE:
            self._in_devices()
        elif "unit_mg" in self.fields:
            self.fields["unit_mg"].label = _("In one %(unit)s, mg") % {"unit": self.product.one}
        if self.product.route is Route.NASAL_RACEMIC:
            self.fields["concentration_mg_per_ml"].label = _("Bottle, mg/mL")
            self.fields["concentration_mg_per_ml"].help_text = _("As the label says.")

    def _in_devices(self) -> None:
        """The doses of the label, as devices; nothing else can be chosen."""
        doses, device = library().rule("D-ESK-DOSE"), device_mg()
        choices = [
            (
                plain(doses[name]),
                f"{plain(doses[name])} mg, {self.product.counted(int(doses[name] / device))}",
            )
            for name in ("low", "high")
        ]
        self.fields["mg"] = forms.TypedChoiceField(
            label=_("Dose"),
            choices=choices,
            coerce=lambda text: doses["low"] if text == plain(doses["low"]) else doses["high"],
            required=False,
            empty_value=None,
            widget=forms.RadioSelect(attrs={"class": "tap"}),
        )
        self.fields["indication"].choices = list(indications().items())  # type: ignore[attr-defined]
        self.order_fields(["mg", "indication"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = "mg_per_kg" if "mg_per_kg" in self.fields else "mg"
        if cleaned.get(asked) is None and asked not in self.errors:
            says = (
                _("Say how much, in mg for each kg.") if asked == "mg_per_kg" else _("Say how much, in mg.")
            )
            self.add_error(asked, says)
        return cleaned

    @property
    def of_route(self) -> list[forms.BoundField]:
        """The fields this route is ordered by, in their order."""
        return [self[name] for name in self.WANTED if name in self.fields and name != "weight_basis"]

    def wanted(self) -> dict[str, Any]:
        """What was asked for, as the step takes it."""
        said = {name: self.cleaned_data.get(name) for name in self.WANTED if name in self.fields}
        return {name: value for name, value in said.items() if value not in (None, "")}


class CancelForm(StepForm):
    """Taking a signed order back."""

    reason = forms.CharField(label=_("Why it is cancelled"), required=False, max_length=500)
    order = forms.UUIDField(widget=forms.HiddenInput)


class PrepareForm(StepForm):
    """What the package says and what is drawn or counted, by route."""

    label = forms.CharField(
        required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    concentration_mg_per_ml = number(_("The vial says, mg/mL"), help_text=_("Read it from the label."))
    ml = number(_("In the syringe, mL"), help_text=_("Read it from the syringe."))
    unit_mg = number(_("In one, mg"), help_text=_("Read it from the label."))
    units = whole(_("Laid out"), help_text=_("Count them."))
    words = forms.CharField(
        label=_("Why it is prepared again"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    order = forms.UUIDField(widget=forms.HiddenInput)
    instead_of = forms.UUIDField(required=False, widget=forms.HiddenInput)
    HAND = ("label", "concentration_mg_per_ml", "ml", "unit_mg", "units")

    def __init__(self, *args: Any, route: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product_of(route)
        for name in set(self.HAND) - _in_hand(self.product):
            del self.fields[name]
        name_it(self, self.product)
        if "units" in self.fields:
            self.fields["units"].label = _("Laid out, %(units)s") % {"units": self.product.many}
        if "unit_mg" in self.fields:
            self.fields["unit_mg"].label = _("In one %(unit)s, mg") % {"unit": self.product.one}
        if "ml" not in self.fields and "concentration_mg_per_ml" in self.fields:
            self.fields["concentration_mg_per_ml"].label = _("The bottle says, mg/mL")

    @property
    def of_route(self) -> list[forms.BoundField]:
        return [self[name] for name in self.HAND if name in self.fields]

    def hand(self) -> dict[str, Any]:
        """What is in the hand, as the step takes it."""
        return {name: self.cleaned_data[name] for name in self.HAND if name in self.fields}


def _in_hand(product: Product) -> set[str]:
    if from_a_vial(product.route):
        return {"concentration_mg_per_ml", "ml"}
    read = {"units"}
    if product.route is not Route.ESKETAMINE:
        read.add("unit_mg")
    if "concentration_mg_per_ml" in product.fields:
        read.add("concentration_mg_per_ml")
    return read | ({"label"} if product.asks else set())


def name_it(form: forms.Form, product: Product) -> None:
    """The name to type from the package, where this route asks for one."""
    if not product.asks:
        form.fields.pop("label", None)
    elif "label" in form.fields:
        form.fields["label"].label = _(product.asks)


class PartForm(WordsForm):
    """One part given: where it went, or how many. What is left out is all that is left."""

    site = forms.ChoiceField(
        label=_("Where it went"),
        required=False,
        choices=[("", _("Choose")), *((key, SITE_WORDS[key]) for key in SITES)],
    )
    units = whole(_("How many"))
    left = whole(_("Left nostril, sprays"))
    right = whole(_("Right nostril, sprays"))
    order = forms.UUIDField(required=False, widget=forms.HiddenInput)
    taken_at = ClinicTimeField(label=_("Given at"), required=False, help_text=_("Leave empty for now."))
    OF_ROUTE = {
        Route.IM: ("site",),
        Route.SUBLINGUAL: ("units",),
        Route.ORAL: ("units",),
        Route.NASAL_RACEMIC: ("left", "right"),
    }

    def __init__(self, *args: Any, route: str, zone: ZoneInfo | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if zone is None:  # the first part starts the dose, and is given now
            del self.fields["taken_at"]
        else:
            self.fields["taken_at"].zone = zone  # type: ignore[attr-defined]
        self.names = self.OF_ROUTE.get(Route(route), ())
        for name in {"site", "units", "left", "right"} - set(self.names):
            del self.fields[name]
        if "units" in self.fields:
            self.fields["units"].label = _("How many %(units)s") % {"units": product_of(route).many}
        self.counted = in_units(route)

    @property
    def of_route(self) -> list[forms.BoundField]:
        return [self[name] for name in self.names]

    def said(self) -> dict[str, Any]:
        """What was said of this part, as the step takes it."""
        told = {name: self.cleaned_data.get(name) for name in self.names}
        return {name: value for name, value in told.items() if value not in (None, "")}


class HoldForm(StepForm):
    """The hold is over: what was left was spat out or swallowed."""

    after_hold = one_of(_("What was left is"), AFTER_HOLD)
    held_min = whole(_("Held for, minutes"), help_text=_("By the clock if you leave it empty."))
