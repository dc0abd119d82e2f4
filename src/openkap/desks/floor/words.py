"""What happened in a room, in words: the buttons, and the lines of the record."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.reads.room import Live

# One tap each, in the order of the buttons.
TAPS = (
    ("speaking", gettext_noop("Speaking")),
    ("tears", gettext_noop("Tears")),
    ("nausea", gettext_noop("Nausea")),
)
MORE_TAPS = (
    ("vomiting", gettext_noop("Vomiting")),
    ("restless", gettext_noop("Restless")),
    ("asleep", gettext_noop("Asleep")),
    ("touch", gettext_noop("Touch")),
)
MARK_WORDS = {
    **dict(TAPS),
    **dict(MORE_TAPS),
    "note": gettext_noop("Note"),
    "help": gettext_noop("Help asked for"),
    "help_here": gettext_noop("Help is here"),
    "given": gettext_noop("Given"),
    "paused": gettext_noop("Paused"),
    "resumed": gettext_noop("Went on"),
    "stopped": gettext_noop("Stopped early"),
    "sedative": gettext_noop("Sedative given"),
    "medicine": gettext_noop("Medicine given"),
    "took_over": gettext_noop("Took over"),
    "came_in": gettext_noop("Came in"),
    "went_out": gettext_noop("Left the room"),
    "emergency": gettext_noop("Handed to emergency care"),
    "adverse_event": gettext_noop("Adverse event"),
    "recording": gettext_noop("Recording played"),
    "went_ahead": gettext_noop("Started with a reason"),
    "went_home_early": gettext_noop("Went home with a reason"),
}
# By route: what is pressed as the first part is given, and what that begins.
START = {
    "iv": (gettext_noop("Start"), gettext_noop("The clock starts when you press Start.")),
    "im": (gettext_noop("It is injected"), gettext_noop("Press when it is in: the clock starts there.")),
    "sublingual": (
        gettext_noop("It is under the tongue"),
        gettext_noop("Press when it is in the mouth: the hold and the clock start there."),
    ),
    "oral": (gettext_noop("It is swallowed"), gettext_noop("Press when it is down: the clock starts there.")),
    "nasal_racemic": (
        gettext_noop("The sprays are given"),
        gettext_noop("Press after the last spray: the clock starts there."),
    ),
    "esketamine": (
        gettext_noop("Device 1 is given"),
        gettext_noop("Press after both sprays of the first device: the clock starts there."),
    ),
}
TOUCH_WORDS = {
    "none": gettext_noop("No touch"),
    "hand": gettext_noop("Touch: a hand only"),
    "hand_or_shoulder": gettext_noop("Touch: hand or shoulder"),
}


def marks(seen: Live) -> list[dict[str, Any]]:
    """What happened, newest first, in words."""
    return [
        {
            "what": _(MARK_WORDS.get(mark.what, mark.what)),
            "words": ", ".join(filter(None, (mark.words, mark.dose))),
            "at": mark.at,
            "who": mark.who,
        }
        for mark in seen.marks
    ]
