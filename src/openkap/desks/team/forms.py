"""The forms of a course's way, of a hand-over, and of what a REMS asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.door.page import StepForm
from openkap.medicine.protocols import protocols
from openkap.reads.ways import WayPage

READY = (
    ("ready", gettext_lazy("Ready for this dose")),
    ("talk_first", gettext_lazy("I want to talk with the clinic first")),
    ("not_yet", gettext_lazy("Not ready for this dose")),
)


def _words(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _day(label: Any, **given: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write the date as 2026-11-21."),
            "required": gettext_lazy("Say on which day."),
        },
        **given,
    )


class WayForm(StepForm):
    """Which way and route. After a decision: with the words that sign the change, on what was shown."""

    protocol = forms.ChoiceField(
        label=gettext_lazy("Way of care"),
        error_messages={
            "required": gettext_lazy("Choose one of the ways."),
            "invalid_choice": gettext_lazy("Choose one of the ways."),
        },
    )
    words = _words(gettext_lazy("Why the way of care changes"), gettext_lazy("Stays in the chart."), 3)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="way_%s", **kwargs)
        self.fields["protocol"].choices = [(plan.id, plan.name) for plan in protocols()]  # type: ignore[attr-defined]


class TherapistForm(StepForm):
    """Who does the therapy: a person at a place, or nobody."""

    who = forms.ChoiceField(label=gettext_lazy("Therapist"), required=False)

    def __init__(self, *args: Any, page: WayPage, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="therapist_%s", **kwargs)
        named = page.therapist
        if named is not None and named.person is not None:
            self.initial.setdefault("who", f"{named.person.id}@{named.place.id}")
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", _("Nobody yet")),
            *((f"{one.person}@{one.place}", one.words) for one in page.someone),
        ]


class EnrolmentForm(StepForm):
    """Patient and prescriber signed the enrollment form of the esketamine program."""

    enrolled_on = _day(gettext_lazy("Enrolled on"))
    number = forms.CharField(label=gettext_lazy("Number, if any"), required=False, max_length=60)
    ended = forms.BooleanField(label=gettext_lazy("The enrollment has ended"), required=False)
    words = forms.CharField(label=gettext_lazy("In a few words"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="enrolment_%s", **kwargs)


class OutForm(StepForm):
    """Why somebody goes, where they say so."""

    words = forms.CharField(label=gettext_lazy("Why, in a few words"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="out_%s", **kwargs)


class BeforeForm(StepForm):
    """From the therapist to the clinic."""

    readiness = forms.ChoiceField(
        label=gettext_lazy("Is the patient ready?"),
        choices=READY,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether they are ready for this dose.")},
    )
    intentions = _words(
        gettext_lazy("What they hope for"), gettext_lazy("As they are willing to share it with the clinic.")
    )
    concerns = _words(gettext_lazy("What worries you"), gettext_lazy("What the clinic should mind that day."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="before_%s", **kwargs)


class AfterForm(StepForm):
    """From the clinic to the therapist."""

    seen = _words(gettext_lazy("What was seen"), gettext_lazy("In words, as the patient may read it too."))
    take_up = _words(gettext_lazy("What therapy might take up, and what to watch for"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="after_%s", **kwargs)


class NoteForm(StepForm):
    """Written in the room, for the course."""

    words = _words(gettext_lazy("Your note"), gettext_lazy("Kept with the time, in your practice's record."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="note_%s", **kwargs)


class SentForm(StepForm):
    """The monitoring form of this visit was sent."""

    sent_on = _day(gettext_lazy("Sent on"))
    how = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=(("online", gettext_lazy("Online")), ("fax", gettext_lazy("By fax"))),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how it was sent.")},
    )
    words = forms.CharField(label=gettext_lazy("In a few words"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="sent_%s", **kwargs)
