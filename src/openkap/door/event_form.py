"""The form of an adverse event: each grade with what it means for this event, by one version of CTCAE.

Decided here: the room and the therapist's desk ask the same questions in the same words.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from openkap.door.page import StepForm
from openkap.door.times import ClinicTimeField
from openkap.medicine.monitoring import events
from openkap.medicine.monitoring.adverse import grades
from openkap.records.models import AdverseEvent
from openkap.steps.adverse import Said

OWN = "own"
KEPT = ("words", "at", "ended_at", "grade", "serious", "related", "action", "outcome")


def _tapped(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, widget=forms.RadioSelect(attrs={"class": "tap"}))


class EventForm(StepForm):
    """`term` blank: in own words. `stood` is the event that this goes on from."""

    words = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    at = ClinicTimeField(label=_("Began at"), required=False, help_text=_("Leave empty for now."))
    ended_at = ClinicTimeField(label=_("Ended at"), required=False, help_text=_("Leave empty if it has not."))
    grade = forms.TypedChoiceField(
        label=_("Grade"), required=False, coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    serious = forms.MultipleChoiceField(
        label=_("Is it serious?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what holds. None ticked means it is not serious."),
    )
    related = _tapped(_("Did the dose bring it?"))
    action = _tapped(_("What was done"))
    outcome = _tapped(_("What became of it"))
    reason = forms.CharField(
        label=_("What changed, or what was wrong"),
        required=False,
        max_length=500,
        help_text=_("Stays with the record."),
    )

    def __init__(
        self,
        *args: Any,
        term: str,
        version_of: str,
        zone: ZoneInfo,
        stood: AdverseEvent | None = None,
        **kwargs: Any,
    ) -> None:
        if stood is not None:
            kwargs["initial"] = {name: getattr(stood, name) for name in KEPT}
        super().__init__(*args, **kwargs)
        self.term, self.ctcae_version = term, version_of
        for name in ("at", "ended_at"):
            self.fields[name].zone = zone  # type: ignore[attr-defined]
        self._choices("grade", [(n, f"{n}. {says}") for n, says in grades(term, version_of).items()])
        for name, row in (("serious", events.SERIOUS), ("related", events.RELATED)):
            self._choices(name, list(events.choices(row).items()))
        for name, row in (("action", events.ACTION), ("outcome", events.OUTCOME)):
            self._choices(name, list(events.choices(row).items()))
        if stood is None:
            del self.fields["reason"]

    def _choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def is_pressure(self) -> bool:
        return self.term == events.PRESSURE

    def said(self, at: datetime) -> Said:
        """The event as the step wants it; what has no time is so now."""
        given = self.cleaned_data
        return Said(
            term=self.term,
            words=given["words"],
            at=given["at"] or at,
            ended_at=given["ended_at"],
            grade=given["grade"],
            ctcae_version=self.ctcae_version,
            serious=tuple(given["serious"]),
            related=given["related"],
            action=given["action"],
            outcome=given["outcome"],
        )


def chosen(request: HttpRequest) -> tuple[str | None, str]:
    """The term that was chosen ("" for own words, None for none yet), and the version of its grades."""
    said = {**request.GET.dict(), **request.POST.dict()}
    version = said.get("ctcae_version", "")
    if version not in events.ctcae_versions():
        version = events.ctcae_versions()[0]
    term = said.get("term")
    if term == OWN:
        return "", version
    return (term if term and events.term_of(term) else None), version
