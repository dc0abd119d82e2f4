"""The rules that need more than one fact: pressure twice, pregnancy, allergy, unknown names.

Decided here: only how such a rule reads its facts. Every number it compares with is the rule's own,
in `library/screening`. Each judge returns what it saw as `Seen`; `screen` turns that into findings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from openkap.medicine.rules import Rule
from openkap.medicine.screening.case import Vitals
from openkap.medicine.screening.facts import Facts
from openkap.medicine.screening.medicines import Medicine, vocabulary, words_of
from openkap.medicine.verdict import Level
from openkap.medicine.window import instant

POSITIVE, NEGATIVE = ("positive", "pos"), ("negative", "neg")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at a rule gave. `could_be` is the worst it might have been where it is unknown."""

    level: Level
    because: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    override: str | None = None
    could_be: Level = Level.STOP


CLEAR = Seen(Level.CLEAR)


def resting_pressure(rule: Rule, facts: Facts) -> Seen:
    """S06: the latest pressure over the guide."""
    if not facts.pressures:
        return Seen(Level.UNKNOWN, facts.why_no_vitals("sbp"), could_be=Level.HOLD)
    last = facts.pressures[-1]
    if _over(last.sbp, rule["sbp_over"]) or _over(last.dbp, rule["dbp_over"]):
        guide = f"{rule['sbp_over']}/{rule['dbp_over']}"
        return Seen(
            Level.HOLD, f"Blood pressure is {_shown(last)}. The guide is {guide}.", _data(last), "prescriber"
        )
    return CLEAR


def ceiling_pressure(rule: Rule, facts: Facts) -> Seen:
    """S07: at the ceiling twice, five minutes apart. A second set is needed only after a high first."""
    if not facts.pressures:
        return Seen(Level.UNKNOWN, facts.why_no_vitals("sbp"), could_be=Level.HOLD)
    high = [one for one in facts.pressures if _at_ceiling(one, rule)]
    if not high:
        return CLEAR
    minutes = int(rule["minutes_apart"])
    apart = timedelta(minutes=minutes)
    last = high[-1]
    later = [one for one in facts.pressures if instant(one.at) - instant(last.at) >= apart]
    if later:
        return CLEAR
    if any(instant(last.at) - instant(one.at) >= apart for one in high):
        ceiling = f"{rule['sbp_at_least']}/{rule['dbp_at_least']}"
        because = f"Blood pressure is {_shown(last)}: {ceiling} or more twice, {minutes} minutes apart."
        if _refers(last, rule):
            because += f" From {rule['refer_sbp']}/{rule['refer_dbp']} on, refer."
        return Seen(Level.HOLD, because, _data(last))
    because = f"Blood pressure was {_shown(last)} once. There is no second set {minutes} minutes later."
    return Seen(Level.UNKNOWN, because, _data(last), could_be=Level.HOLD)


def pregnancy(rule: Rule, facts: Facts) -> Seen:
    """S16: asked only where pregnancy is possible; not knowing whether it is counts under 55."""
    possible, age = facts.case.childbearing_potential, facts.age()
    test = facts.lab("hcg")
    if test.known and test.value in POSITIVE:
        return Seen(Level.STOP, "The pregnancy test is positive.", {"hcg": test.value})
    if possible is None:
        if age.known and age.value >= rule["asked_under_years"]:
            return CLEAR
        return Seen(Level.UNKNOWN, "Whether pregnancy is possible is not known.")
    if not possible:
        return CLEAR
    if not test.known:
        return Seen(Level.UNKNOWN, test.absent)
    if test.value not in NEGATIVE:
        return Seen(Level.UNKNOWN, f"The pregnancy test says {test.value!r}, which settles nothing.")
    taken = facts.case.labs["hcg"].at
    if facts.case.dosing_day and taken is not None:
        day = taken.astimezone(facts.case.at.tzinfo).date()
        if day != facts.case.today:
            return Seen(Level.UNKNOWN, f"The pregnancy test is of {day.isoformat()}, not of the dosing day.")
    return CLEAR


def allergy(rule: Rule, facts: Facts) -> Seen:
    """S04: besides the history, a listed allergy to the drug or an excipient stops too."""
    if facts.case.allergies is None:
        return Seen(Level.UNKNOWN, "The allergies are not known.")
    names = vocabulary()["allergens"]
    hits = [text for text in facts.case.allergies if any(name in " ".join(words_of(text)) for name in names)]
    if hits:
        return Seen(Level.STOP, f"The allergy list names {', '.join(hits)}.", {"allergies": hits})
    return CLEAR


def unrecognized_names(rule: Rule, facts: Facts) -> Seen:
    """I-NAMES: a medicine nobody knows could bear on any rule."""
    strangers = [one for one in facts.medicines or () if not one.recognized]
    if not strangers:
        return CLEAR
    told = " ".join(_stranger(one) for one in strangers)
    return Seen(Level.UNKNOWN, told, {"medications": tuple(one.text for one in strangers)})


def _stranger(one: Medicine) -> str:
    if one.watched and not one.unknown:
        return f"“{one.text}” is of a class that matters here, and no rule names it yet."
    return f"Not recognized: “{one.text}”" + (f" (perhaps {one.guess})." if one.guess else ".")


JUDGES: dict[str, Callable[[Rule, Facts], Seen]] = {
    "resting_pressure": resting_pressure,
    "ceiling_pressure": ceiling_pressure,
    "pregnancy": pregnancy,
    "allergy": allergy,
    "names": unrecognized_names,
}


def _over(value: Decimal | None, limit: Decimal) -> bool:
    return value is not None and value > limit


def _at_ceiling(one: Vitals, rule: Rule) -> bool:
    sbp, dbp = one.sbp or Decimal(0), one.dbp or Decimal(0)
    return sbp >= rule["sbp_at_least"] or dbp >= rule["dbp_at_least"]


def _refers(one: Vitals, rule: Rule) -> bool:
    sbp, dbp = one.sbp or Decimal(0), one.dbp or Decimal(0)
    return sbp >= rule["refer_sbp"] or dbp >= rule["refer_dbp"]


def _shown(one: Vitals) -> str:
    return f"{one.sbp}/{one.dbp}"


def _data(one: Vitals) -> dict[str, Any]:
    return {"sbp": one.sbp, "dbp": one.dbp}
