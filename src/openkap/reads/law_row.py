"""One row of the desk of rules: its numbers, what sources say, who stands behind it, what waits.

Decided here: the words for how a rule and a change of it stand, and why a number is not to be set.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.disagreements import Choice, Setting
from openkap.medicine.protocols.route_set import SECTIONS
from openkap.medicine.settable import AUTHORS, FIXED, FORM, RECKONING, SCORED, SOLD, TOLD, WAY
from openkap.reads.rules import HEADINGS

PARTS = {
    **HEADINGS,
    "after": gettext_noop("Follow-up and alerts"),
    "ways": gettext_noop("Ways of care"),
    "texts": gettext_noop("Consent"),
    "dated": gettext_noop("What runs out"),
    "open": gettext_noop("Where sources disagree"),
    "oversight": gettext_noop("Looking into records"),
    "people": gettext_noop("Licenses and certificates"),
    "forms": gettext_noop("Questionnaires"),
}
AREAS = {area: key for key, areas in SECTIONS for area in areas} | {
    "follow_up": "after",
    "change": "after",
    "protocols": "ways",
    "consent": "texts",
    "dated": "dated",
    "director": "open",
    "oversight": "oversight",
    "standing": "people",
}
WHY_NOT = {
    FIXED: gettext_noop("Fixed by law or label. No practice changes it."),
    FORM: gettext_noop("What a form takes at all. It stops slips of the hand, and is the same everywhere."),
    TOLD: gettext_noop("It is told beside the rule, and decides nothing."),
    AUTHORS: gettext_noop("Its authors fixed it. Set otherwise, the result would not mean what it says."),
    RECKONING: gettext_noop("A published way to reckon. Set otherwise, results could not be compared."),
    SOLD: gettext_noop("What vials are sold in. Another strength is written in the order."),
    SCORED: gettext_noop("Scored alike in every practice. What an alert leads to is set under Follow-up."),
    WAY: gettext_noop("A way of care is chosen for each course. Its numbers come with the library."),
}
NO_ROUTE = ("after", "ways", "texts", "dated", "open", "oversight", "people", "forms")
# What is decided on another page: its address, by area.
DECIDED = {"texts": "lead-consent"}
# How the name of a number may say its unit.
SPELLED = {"min": "minutes", "h": "hours", "d": "days", "s": "seconds", "mg/kg": "mg per kg", "%": "percent"}
# So many sources of a rule stand open in its row.
CITED = 2
STATES = {
    "unsigned": gettext_noop("Waits for a signature"),
    "changed": gettext_noop("Changed here"),
    "proposed": gettext_noop("Proposed: no authority states it"),
    "fixed": gettext_noop("Fixed by law or label"),
}
BECOMES = {
    "holds": gettext_noop("Holds"),
    "later": gettext_noop("Signed, holds later"),
    "second": gettext_noop("Waits for a second name"),
    "proposed": gettext_noop("Proposed, not signed"),
    "put_aside": gettext_noop("Put aside"),
}
LEVELS = {
    "holds": "clear",
    "later": "caution",
    "second": "unknown",
    "proposed": "unknown",
    "put_aside": "stop",
}


@dataclass(frozen=True, slots=True)
class Numbered:
    """One number: how it reads, what the library says where that differs, and whether it can be set."""

    name: str
    words: str
    value: str
    unit: str
    reads: str
    library: str
    why: str
    careful: str
    backed: str = ""

    @property
    def beside(self) -> str:
        """What is left to say after the value and its unit: "at least" of "years at least"."""
        left = f" {self.words} "
        for said in (self.unit, SPELLED.get(self.unit, self.unit)):
            left = left.replace(f" {said} ", " ", 1)
        return left.strip()

    @property
    def short(self) -> str:
        """The same in a list, where the numbers stand in their order: "most" of "most 2"."""
        return re.sub(r"^((?:most|at|days) )?[0-9]+$", r"\1", self.beside).strip()

    @property
    def label(self) -> str:
        """The words with their unit, the unit once: "limit, mg"; "years at least"."""
        return self.words if self.beside != self.words else f"{self.words}, {self.unit}"

    @property
    def fixed(self) -> bool:
        """Nobody sets it here."""
        return bool(self.why)

    @property
    def why_words(self) -> str:
        return _(WHY_NOT[self.why]) if self.why else ""


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One change of a rule: what it moves, its reason, how it stands, and what may be done with it."""

    id: UUID
    says: tuple[str, ...]
    reason: str
    by: str
    at: datetime
    state: str
    origin: str
    holds_from: datetime | None
    signed_by: str
    second_by: str

    @property
    def state_words(self) -> str:
        return _(BECOMES[self.state])

    @property
    def level(self) -> str:
        return LEVELS[self.state]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule on the desk."""

    id: str
    title: str
    says: str
    part: str
    area: str
    numbers: tuple[Numbered, ...] = ()
    sources: str = ""
    cited: tuple[str, ...] = ()
    confidence: str = ""
    status: str = ""
    fixed: bool = False
    ranges: tuple[Setting, ...] = ()
    by: str = ""
    on: datetime | None = None
    waits: tuple[str, ...] = ()
    changes: tuple[ChangeShown, ...] = ()

    @property
    def folded(self) -> tuple[str, ...]:
        """The sources after the first few."""
        return self.cited[CITED:] if len(self.cited) > CITED else ()

    @property
    def open_sources(self) -> str:
        """What stands open of the sources."""
        return self.sources.removesuffix("; " + "; ".join(self.folded))

    @property
    def changed(self) -> bool:
        return any(number.library for number in self.numbers)

    @property
    def can_change(self) -> bool:
        """Some number of it is a practice's to set."""
        return any(not number.fixed for number in self.numbers)

    @property
    def choices(self) -> tuple[tuple[str, Choice, bool], ...]:
        """What sources would set it to: a key, the choice, and whether it is what holds here."""
        held = {number.name: Decimal(number.value) for number in self.numbers if not number.fixed}
        offered = [one for setting in self.ranges for one in setting.choices(self.id)]
        return tuple(
            (str(place), one, all(held[name] == value for name, value in one.values))
            for place, one in enumerate(offered)
            if all(name in held for name, _value in one.values)
        )

    @property
    def why_fixed(self) -> str:
        if self.fixed and self.can_change:
            return _("The rule itself is fixed by law or label. What carries no lock may be set.")
        if self.fixed or any(number.why == FIXED for number in self.numbers):
            return _("Fixed by law or label: %(sources)s. No practice changes it.") % {
                "sources": self.sources
            }
        if self.area == "texts":
            return _("A text is written and published on the page of consent texts.")
        if not self.numbers:
            return _("It has no number to set. Its words come with the library.")
        return " ".join(dict.fromkeys(number.why_words for number in self.numbers if number.why))

    @property
    def decided_at(self) -> str:
        """The name of the address where it is decided instead; blank where that is here, or nowhere."""
        return DECIDED.get(self.area, "")

    @property
    def open(self) -> tuple[ChangeShown, ...]:
        return tuple(one for one in self.changes if one.state in ("later", "second", "proposed"))
