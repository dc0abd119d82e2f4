"""The form of a safety plan: six boxes, the same for the patient on a phone and for the team at a desk.

Decided here: a form made from a version that is no longer the newest is refused once, shows the newest beside
what was typed, and goes on from there: nothing typed is lost and nothing newer is written over unseen.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from openkap.door.page import StepForm
from openkap.reads.safety_plan import STEPS, Version
from openkap.steps.safety_plan import LONGEST

HINT = gettext_lazy("One thing on each line.")


class PlanForm(StepForm):
    """The six steps in their order, with the version they were made from."""

    made_from = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, plan: Version | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["made_from"] = plan.id if plan is not None else None
        for name, (title, asks) in STEPS.items():
            self.fields[name] = forms.CharField(
                label=title,
                help_text=asks,
                required=False,
                strip=False,
                widget=forms.Textarea(attrs={"class": "input", "rows": 3, "maxlength": LONGEST}),
            )
            self.initial[name] = plan.words[name] if plan is not None else ""

    @property
    def steps(self) -> list[forms.BoundField]:
        return [self[name] for name in STEPS]

    def for_step(self) -> dict[str, Any]:
        """What `steps.safety_plan.write_plan` takes."""
        said = self.cleaned_data
        return {
            "words": {name: said[name] for name in STEPS},
            "made_from": said["made_from"],
            "submission": said["submission"],
        }

    def goes_on_from(self, plan: Version | None) -> None:
        """After a refusal: the next try is made from the version that counts now."""
        self.data = {**dict(self.data.items()), "made_from": str(plan.id) if plan is not None else ""}
