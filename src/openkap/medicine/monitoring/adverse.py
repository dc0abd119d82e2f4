"""Adverse events: the terms, how often each was seen, whether it is expected, and its grade by CTCAE.

Decided here: how the rows `E-*` are read. A grade always names its version, because versions differ: by 5.0 a
pressure grades by its height alone, by 6.0 only where it lasts or comes back. A surge of minutes that a dose
brings is expected and says so beside its grade. Grade 4 by 5.0 and grades without a number are a person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.inputs import plain
from openkap.medicine.rules import Rule, RuleSet, library, of_kind

NOT_RATES = ("_placebo",)


@dataclass(frozen=True, slots=True)
class Rate:
    """How often an event was seen, in percent of people; `placebo` beside it where a trial gives one."""

    where: str
    percent: Decimal
    placebo: Decimal | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One event. `expected`: known to follow a dose; `transient`: expected to pass by itself that day."""

    rule: Rule
    rates: tuple[Rate, ...]

    @property
    def words(self) -> str:
        return str(self.rule.words["term"])

    @property
    def expected(self) -> bool:
        return bool(self.rule.words["expected"])

    @property
    def transient(self) -> bool:
        return bool(self.rule.words["expected_transient"])

    @property
    def pathway(self) -> str:
        """What this event has of its own, before any grade; blank where nothing."""
        return str(self.rule.words.get("pathway", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """A pressure as it was seen. `minutes`: how long it lasted; `returns`: it came back. None: not known."""

    sbp: Decimal
    dbp: Decimal
    minutes: Decimal | None = None
    returns: bool = False
    baseline_sbp: Decimal | None = None
    baseline_map: Decimal | None = None
    organ_damage: bool = False


def terms(ruleset: RuleSet | None = None) -> tuple[Term, ...]:
    """Every term, in the order of the library."""
    return tuple(Term(rule, tuple(_rates(rule))) for rule in of_kind("adverse", "term", ruleset))


def grades(term: str, version: str, ruleset: RuleSet | None = None) -> dict[int, str]:
    """What each grade of a term says by this version; of any other event where the term has none."""
    rows = of_kind("adverse", "grade", ruleset)
    own = [r for r in rows if r.words["term"] == term and version in r.words["ctcae_version"]]
    other = [r for r in rows if not r.words["term"]]
    rule = (own or other)[0]
    said: dict[str, str] = rule.words["grades"]
    numbers = {name: plain(number.value) for name, number in rule.numbers.items()}
    return {int(grade.removeprefix("g")): says.format(**numbers) for grade, says in said.items()}


def grade_of(surge: Surge, version: str, ruleset: RuleSet | None = None) -> int | None:
    """The grade of a pressure by CTCAE 5.0 or 6.0; 0 for none, None where it cannot be said."""
    rules = ruleset or library()
    if version == "5.0":
        rule = rules.rule("E-CTCAE-5-PRESSURE")
        return max((g for g in (1, 2, 3) if _at_least(surge, rule, g)), default=0)
    return _by_6(surge, rules.rule("E-CTCAE-6-PRESSURE"))


def _by_6(surge: Surge, rule: Rule) -> int | None:
    if surge.organ_damage:
        return 4
    known = surge.minutes is not None
    lasts = surge.minutes is not None and surge.minutes > rule["g3_lasting"]
    for grade in (4, 3):
        if _at_least(surge, rule, grade):
            return grade if lasts else _brief(surge, rule) if known else None
    if _rises(surge, rule):
        return 3
    return _brief(surge, rule)


def _brief(surge: Surge, rule: Rule) -> int:
    """A pressure that did not last: the third grade by its rise, the second where it comes back."""
    if _rises(surge, rule):
        return 3
    return 2 if _at_least(surge, rule, 2) and surge.returns else 0


def _rises(surge: Surge, rule: Rule) -> bool:
    """Over the number, and risen by more than the row allows."""
    if surge.sbp <= rule["g3_rise_from_sbp"]:
        return False
    mean = (surge.sbp + surge.dbp * 2) / 3
    by_sbp = surge.baseline_sbp is not None and surge.sbp - surge.baseline_sbp > rule["g3_rise_sbp"]
    return by_sbp or (surge.baseline_map is not None and mean - surge.baseline_map > rule["g3_rise_map"])


def _at_least(surge: Surge, rule: Rule, grade: int) -> bool:
    return surge.sbp >= rule[f"g{grade}_sbp"] or surge.dbp >= rule[f"g{grade}_dbp"]


def _rates(rule: Rule) -> Iterator[Rate]:
    for name, number in rule.numbers.items():
        if not name.endswith(NOT_RATES):
            placebo = rule.numbers.get(f"{name}_placebo")
            yield Rate(name, number.value, placebo.value if placebo else None, number.sources)
