"""May this dose be started now? Every condition asked at once, and who can mend each.

Decided here: which facts stand between an order and a dose. A dose is started only by a person who
was decided to be a candidate, who signed the consent that is current, on an order that a second
person confirmed and nobody changed since, in a free room, after a first set of vitals. What the
first pressure means is screening's to say (rule S06); nothing here is a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openkap.medicine.verdict import Finding, Level, Status, Verdict

# The order in which a day asks for them.
RULES = ("R-DECISION", "R-CONSENT", "R-ORDER", "R-CONFIRMED", "R-ROOM", "R-VITALS")
FIRST_SET = ("pressure", "heart", "oxygen")


@dataclass(frozen=True, slots=True)
class Day:
    """What is known before a dose. Names are shown as they are; blank is nobody.

    `decision`: `candidate`, `not_now`, `not_candidate`, or "" where none was signed. `consent`:
    `signed`, `older` (an earlier version was signed), `unsigned`, `unpublished`. `measured` holds
    which of `FIRST_SET` were kept; `screened` is what screening says of them.
    """

    decision: str = ""
    consent: str = "unsigned"
    ordered_by: str = ""
    confirmed_by: str = ""
    confirmed_before: bool = False
    room: str = ""
    room_taken: bool = False
    measured: frozenset[str] = frozenset()
    screened: tuple[Finding, ...] = ()


def ready(day: Day) -> Verdict:
    """Every condition, met or not, worst first. `clear` or `caution` lets the dose start."""
    return Verdict.of(_asked(day))


def in_day_order(finding: Finding) -> tuple[int, str]:
    """Sorts findings as a day asks for them; what screening says of the first set comes last."""
    return (RULES.index(finding.rule) if finding.rule in RULES else len(RULES), finding.rule)


def _asked(day: Day) -> Iterator[Finding]:
    yield _decision(day)
    yield _consent(day)
    yield _order(day)
    yield _confirmation(day)
    yield _room(day)
    yield _first_set(day)
    yield from day.screened


def _decision(day: Day) -> Finding:
    if day.decision == "candidate":
        return _met("R-DECISION", "A prescriber decided: a candidate.")
    said = {
        "not_now": "The signed decision is: not now.",
        "not_candidate": "The signed decision is: not a candidate.",
    }.get(day.decision, "No decision is signed.")
    return _open("R-DECISION", said, "A prescriber signs the evaluation's decision.")


def _consent(day: Day) -> Finding:
    if day.consent == "signed":
        return _met("R-CONSENT", "Consent is signed, in its current version.")
    because, action = {
        "older": (
            "An older version of the consent was signed.",
            "The patient signs the current one by a link.",
        ),
        "unpublished": (
            "No consent is published for this route.",
            "An administrator publishes the document.",
        ),
    }.get(
        day.consent,
        ("Consent is not signed.", "The front desk or the nurse sends the patient a link to sign."),
    )
    return _open("R-CONSENT", because, action)


def _order(day: Day) -> Finding:
    if day.ordered_by:
        return _met("R-ORDER", f"Ordered by {day.ordered_by}.")
    return _open("R-ORDER", "No dose is ordered.", "A prescriber orders and signs it.")


def _confirmation(day: Day) -> Finding:
    if day.confirmed_by:
        return _met("R-CONFIRMED", f"Checked by a second person, {day.confirmed_by}.")
    if day.confirmed_before:
        because = "The order was changed after it was checked."
        return _open("R-CONFIRMED", because, "A second person checks the order as it is now.")
    action = "Someone other than the signer checks it, under their own sign-in."
    return _open("R-CONFIRMED", "No second person has checked the order.", action)


def _room(day: Day) -> Finding:
    if not day.room:
        return _open("R-ROOM", "No room is chosen.", "Plan this dose in a room.")
    if day.room_taken:
        return _open(
            "R-ROOM", f"Another session is under way in {day.room}.", "End it there, or choose another room."
        )
    return _met("R-ROOM", f"{day.room} is free.")


def _first_set(day: Day) -> Finding:
    missing = [name for name in FIRST_SET if name not in day.measured]
    if not missing:
        return _met("R-VITALS", "The first set of vitals is kept.")
    return _open(
        "R-VITALS",
        f"The first vitals are missing: {', '.join(missing)}.",
        "The nurse measures and keeps a set.",
    )


def _met(rule: str, because: str) -> Finding:
    return Finding(rule, Level.CLEAR, because, status=Status.FIXED)


def _open(rule: str, because: str, action: str) -> Finding:
    return Finding(rule, Level.HOLD, because, action=action, status=Status.FIXED)
