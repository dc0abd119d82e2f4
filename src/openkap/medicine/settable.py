"""Which numbers of the library a practice may set at all; of every other one, why it may not.

Decided here: what law or label fixes nobody sets. Nor is a number set that decides nothing about a person:
what a form takes at all, what is only told, how the authors of a scale count, a way to reckon that makes
results comparable, what is sold. Each says so in one sentence, and the library's number holds everywhere.
"""

from __future__ import annotations

from openkap.medicine.rules import Rule
from openkap.medicine.verdict import Status

FIXED, FORM, TOLD, AUTHORS, RECKONING, SOLD, WAY, SCORED = (
    "fixed",
    "form",
    "told",
    "authors",
    "reckoning",
    "sold",
    "way",
    "scored",
)
# Whole rules that hold no number of a practice's own, by why.
RULES = {
    "D-INPUT": FORM,
    "D-WEIGHT-RANGE": FORM,
    "V-PHYSIOLOGY": FORM,
    "D-WEIGHT-IDEAL": AUTHORS,
    "C-RCI": RECKONING,
    "C-CUTOFF": RECKONING,
    "C-PARTIAL": RECKONING,
    "C-INTERVAL": RECKONING,
    "A-STRENGTHS": SOLD,
    "K-RESCUE-PRESSURE": TOLD,
    "J-SESSION": TOLD,
    "J-HOMEWORK": TOLD,
}
AREAS = {"adverse": TOLD, "scales": AUTHORS, "protocols": WAY}
# Numbers of rules that may be set otherwise.
ENDS = {
    "S-INPUT": (("_lowest", "_highest"), FORM),
    "D-WEIGHT-BASIS": (("adjusted_share",), AUTHORS),
    "F-PACE": (("seconds",), TOLD),
}


def why_not(rule: Rule, number: str) -> str:
    """Why no practice sets this number, one of the words above; blank where one may."""
    if rule.numbers[number].status is Status.FIXED:
        return FIXED
    if why := RULES.get(rule.id) or AREAS.get(rule.area, ""):
        return why
    ends, why = ENDS.get(rule.id, ((), ""))
    return why if ends and number.endswith(ends) else ""


def may_be_set(rule: Rule) -> bool:
    """Whether any number of this rule is a practice's to set."""
    return any(not why_not(rule, name) for name in rule.numbers)
