"""The way around: what stands at the top of a page for the roles of the hat worn.

Decided here: at most seven items, in the order of the day, named as in the desks' own pages. An item
whose page does not exist is left out, so that nothing leads nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.permits import Role

MOST = 7


@dataclass(frozen=True, slots=True)
class Item:
    """One place to go: its `label`, its `url` on this site, the `key` that follows `g` on a keyboard."""

    label: str
    url: str
    icon: str
    key: str = ""
    current: bool = False


# (name of the address, words, icon), in the order in which a day asks for them.
_STAFF: tuple[tuple[str, str, str, frozenset[Role]], ...] = (
    ("practice-today", gettext_noop("Today"), "sun", frozenset({Role.THERAPIST})),
    ("desk-find", gettext_noop("The day"), "calendar", frozenset({Role.FRONT_DESK})),
    (
        "desk-requests",
        gettext_noop("Requests"),
        "user-plus",
        frozenset({Role.FRONT_DESK, Role.THERAPIST}),
    ),
    (
        "care-work",
        gettext_noop("My work"),
        "list-checks",
        frozenset(Role) - {Role.THERAPIST, Role.ADMINISTRATOR},
    ),
    ("practice-people", gettext_noop("People"), "users", frozenset({Role.THERAPIST})),
    (
        "care-find",
        gettext_noop("Patients"),
        "users",
        frozenset({Role.PRESCRIBER, Role.MONITOR, Role.MEDICAL_DIRECTOR}),
    ),
    (
        "rooms-board",
        gettext_noop("Rooms"),
        "table",
        frozenset({Role.PRESCRIBER, Role.MONITOR, Role.MEDICAL_DIRECTOR}),
    ),
    (
        "calendar",
        gettext_noop("Calendar"),
        "calendar-plus",
        frozenset({Role.FRONT_DESK, Role.PRESCRIBER, Role.MONITOR, Role.THERAPIST}),
    ),
    ("practice-windows", gettext_noop("Windows"), "clock", frozenset({Role.THERAPIST})),
    (
        "lead-trail",
        gettext_noop("Trail"),
        "file-text",
        frozenset({Role.PRIVACY_OFFICER}),
    ),
    (
        "lead",
        gettext_noop("Lead"),
        "eye",
        frozenset({Role.MEDICAL_DIRECTOR, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR}),
    ),
    ("lead-rules", gettext_noop("Rules"), "scale", frozenset({Role.MEDICAL_DIRECTOR})),
    (
        "lead-staff",
        gettext_noop("Staff"),
        "user-check",
        frozenset({Role.ADMINISTRATOR, Role.MEDICAL_DIRECTOR}),
    ),
    ("lead-before-care", gettext_noop("Before care"), "list-checks", frozenset({Role.ADMINISTRATOR})),
    ("rooms-tablets", gettext_noop("Tablets"), "monitor", frozenset({Role.ADMINISTRATOR})),
)

# What follows `g` on a keyboard.
KEYS = {
    "Today": "t",
    "The day": "t",
    "Requests": "q",
    "My work": "w",
    "People": "p",
    "Patients": "p",
    "Rooms": "r",
    "Trail": "l",
    "Lead": "d",
}

_PATIENT: tuple[tuple[str, str, str], ...] = (
    ("me-home", gettext_noop("Home"), "house"),
    ("me-forms", gettext_noop("Forms"), "list-checks"),
    ("me-consent", gettext_noop("Consent"), "file-text"),
    ("me-journal", gettext_noop("Journal"), "notebook-pen"),
    ("me-sharing", gettext_noop("Sharing"), "users"),
    ("me-outcome", gettext_noop("Does it help?"), "chart-line"),
    ("me-looked", gettext_noop("Who has looked"), "eye"),
)


def for_staff(roles: frozenset[Role], path: str) -> tuple[Item, ...]:
    """The items of anyone holding these roles, seven at most; `path` is where they are."""
    return _items(tuple((name, words, icon) for name, words, icon, held in _STAFF if held & roles), path)


def for_patient(path: str) -> tuple[Item, ...]:
    return _items(_PATIENT, path)


def _items(wanted: tuple[tuple[str, str, str], ...], path: str) -> tuple[Item, ...]:
    found = [(words, href, icon) for name, words, icon in wanted if (href := address(name))]
    # The longest address that begins this one is where we are: a patient's page lies under "Patients".
    here = max((href for _words, href, _icon in found if path.startswith(href)), key=len, default="")
    return tuple(
        Item(_(words), href, icon, KEYS.get(words, ""), href == here) for words, href, icon in found[:MOST]
    )


@cache
def address(name: str) -> str:
    """The address of this name, or nothing where no such page exists. A site's pages stay where they are."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
