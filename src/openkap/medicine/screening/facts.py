"""What is known about a case, and for what is not, why.

Decided here: when a fact counts as absent. Vitals of more than a day ago, a weight of more than a
month ago and a pregnancy test of another day are absent and say so; how old is too old is library
data (`S-INPUT`). Authority: the command's contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from openkap.medicine.rules import Rule
from openkap.medicine.screening.case import Case, Vitals
from openkap.medicine.screening.medicines import Medicine, read_medicine
from openkap.medicine.window import instant


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with its name, or (`absent`) the sentence that says why there is none."""

    name: str
    value: Any = None
    absent: str = ""

    @property
    def known(self) -> bool:
        return not self.absent


class Facts:
    """One case, looked at by many rules. `limits` is the rule `S-INPUT`."""

    def __init__(self, case: Case, limits: Rule) -> None:
        self.case = case
        self.limits = limits

    def history(self, key: str) -> Fact:
        if key in self.case.history:
            return Fact(key, self.case.history[key])
        return Fact(key, absent=f"{sentence(key)}: not asked.")

    def score(self, key: str) -> Fact:
        if key in self.case.scores:
            return Fact(key, self.case.scores[key])
        return Fact(key, absent=f"No {score_name(key)} on file.")

    def lab(self, key: str) -> Fact:
        lab = self.case.labs.get(key)
        if lab is None:
            return Fact(key, absent=f"No {lab_name(key)} on file.")
        if lab.at is not None and instant(lab.at) > instant(self.case.at):
            return Fact(key, absent=f"The {lab_name(key)} is dated after this case.")
        return Fact(key, lab.value)

    def age(self) -> Fact:
        born, today = self.case.born_on, self.case.today
        if born is None:
            return Fact("age", absent="The birth date is not known.")
        return Fact("age", today.year - born.year - ((today.month, today.day) < (born.month, born.day)))

    def escort(self) -> Fact:
        if not self.case.dosing_day:
            return Fact("escort", True)
        if self.case.escort is None:
            return Fact("escort", absent="The escort is not known.")
        return Fact("escort", self.case.escort)

    def vital(self, name: str) -> Fact:
        if name == "bmi":
            return self._bmi()
        for one in reversed(self.recent):
            if getattr(one, name) is not None:
                return Fact(name, getattr(one, name))
        return Fact(name, absent=self.why_no_vitals(name))

    def _bmi(self) -> Fact:
        weight = self._latest("weight_kg", timedelta(days=int(self.limits["weight_days"])))
        height = self._latest("height_cm", None)
        if weight is None or height is None:
            days = self.limits["weight_days"]
            return Fact("bmi", absent=f"No height with a weight of the last {days} days.")
        return Fact("bmi", round(weight / (height / 100) ** 2, 1))

    def _latest(self, name: str, within: timedelta | None) -> Decimal | None:
        for one in reversed(self.case.vitals):
            age = instant(self.case.at) - instant(one.at)
            value: Decimal | None = getattr(one, name)
            if value is not None and age >= timedelta(0) and (within is None or age <= within):
                return value
        return None

    @cached_property
    def recent(self) -> tuple[Vitals, ...]:
        """Sets of the last 24 hours, oldest first."""
        oldest = timedelta(hours=int(self.limits["vitals_hours"]))
        return tuple(one for one in self.case.vitals if timedelta(0) <= self._age(one.at) <= oldest)

    @property
    def pressures(self) -> tuple[Vitals, ...]:
        return tuple(one for one in self.recent if one.sbp is not None and one.dbp is not None)

    def _age(self, at: datetime) -> timedelta:
        return instant(self.case.at) - instant(at)

    def why_no_vitals(self, name: str = "") -> str:
        """Why there is no such measurement: never taken, too old, or dated after the case."""
        what = vital_name(name)
        sets = [one for one in self.case.vitals if not name or getattr(one, name, None) is not None]
        past = [one for one in sets if self._age(one.at) >= timedelta(0)]
        if past:
            hours, rest = divmod(int(self._age(past[-1].at).total_seconds()), 3600)
            counts = f"It counts for {self.limits['vitals_hours']} hours."
            return f"The last {what} is {hours} hours {rest // 60} minutes old. {counts}"
        return f"The {what} is dated after this case." if sets else f"No {what} on file."

    @cached_property
    def medicines(self) -> tuple[Medicine, ...] | None:
        if self.case.medications is None:
            return None
        read = (read_medicine(text) for text in self.case.medications)
        return tuple(one for one in read if one is not None)

    def medicine(self, rule: str) -> Fact:
        """The names on the list that bear on `rule`."""
        if self.medicines is None:
            return Fact("medications", absent="The medicines are not known.")
        names = [d.generic for one in self.medicines for d in one.drugs if rule in d.rules]
        return Fact("medications", tuple(dict.fromkeys(names)))


def fact_of(clause: Mapping[str, Any], facts: Facts) -> Fact:
    """The fact that a rule's clause looks at."""
    for kind, look in _LOOKS.items():
        if kind in clause:
            return look(facts, clause[kind])
    raise KeyError(f"No fact is named in {dict(clause)}.")


_LOOKS: dict[str, Callable[[Facts, Any], Fact]] = {
    "history": lambda facts, key: facts.history(key),
    "score": lambda facts, key: facts.score(key),
    "lab": lambda facts, key: facts.lab(key),
    "vital": lambda facts, name: facts.vital(name),
    "medicine": lambda facts, rule: facts.medicine(rule),
    "age": lambda facts, _: facts.age(),
    "escort": lambda facts, _: facts.escort(),
}

_SCORES = {
    "audit": "AUDIT",
    "dast10": "DAST-10",
    "asrm": "ASRM",
    "cssrs_recent": "C-SSRS screener",
    "cssrs_slc": "C-SSRS screener since last contact",
    "stop_bang": "STOP-Bang",
    "moca": "MoCA",
    "des2": "DES-II",
    "mdq": "MDQ",
    "ymrs": "YMRS",
    "pqb": "PQ-B",
    "icsi": "bladder score",
}
_LABS = {"hcg": "pregnancy test", "alt_x_uln": "ALT", "ast_x_uln": "AST", "breath_alcohol": "breath test"}
_VITALS = {"": "set of vitals", "sbp": "blood pressure", "spo2": "oxygen reading"}


def score_name(key: str) -> str:
    return _SCORES.get(key, key)


def lab_name(key: str) -> str:
    return _LABS.get(key, key)


def vital_name(key: str) -> str:
    return _VITALS.get(key, key)


def sentence(key: str) -> str:
    """A history key as words: "psychosis_current" is "Psychosis current"."""
    words = key.replace("_", " ").replace("haemorrhage", "hemorrhage").replace("apnoea", "apnea")
    return words[:1].upper() + words[1:]
