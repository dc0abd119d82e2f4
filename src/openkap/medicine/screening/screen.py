"""May this person be dosed by this route, as far as anyone knows?

Decided here: how the library's rules are asked of one case, and how their answers become one verdict
that loses nothing. What each rule says is data (`library/screening`); what is absent is told by
`facts`; the rules that need more than one fact are `judges`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openkap.medicine.instruments import instrument_ids
from openkap.medicine.rules import Rule, RuleSet, library
from openkap.medicine.screening.case import Case
from openkap.medicine.screening.facts import Fact, Facts, fact_of
from openkap.medicine.screening.judges import JUDGES, Seen
from openkap.medicine.verdict import Finding, Level, Verdict

PREGNANCY_TEST = "hcg"  # read by a judge, not by a clause


@dataclass(frozen=True, slots=True)
class Screened:
    """The answer: the verdict with every finding, and what nobody recognized.

    `unknown` are the ids of rules that lacked their data, whether or not that weighs; `guesses` maps
    an unrecognized entry to the medicine it may have meant.
    """

    verdict: Verdict
    ruleset: str
    unrecognised_medications: tuple[str, ...]
    guesses: Mapping[str, str]
    unrecognised_keys: tuple[str, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(sorted(self.verdict.unknown))


def screen(case: Case, ruleset: RuleSet | None = None, rules: Collection[str] | None = None) -> Screened:
    """Ask every rule (or only `rules`, by id) of `case`. Facts that are absent are unknown, never fine."""
    ruleset = ruleset or library()
    in_force = ruleset.area("screening", case.today)
    facts = Facts(case, ruleset.rule("S-INPUT", case.today))
    findings = [
        finding
        for rule in in_force
        if rules is None or rule.id in rules
        for finding in _findings(rule, facts)
    ]
    strangers = [one for one in facts.medicines or () if not one.recognized]
    return Screened(
        verdict=Verdict.of(findings),
        ruleset=ruleset.name,
        unrecognised_medications=tuple(one.text for one in strangers),
        guesses={one.text: one.guess for one in strangers if one.guess},
        unrecognised_keys=_strange_keys(case, in_force, facts.limits),
    )


def _findings(rule: Rule, facts: Facts) -> Iterator[Finding]:
    """At most two findings a rule: the worst that is known, and what could still be worse."""
    seen = list(_look(rule, facts))
    spoken = [one for one in seen if one.level not in (Level.CLEAR, Level.UNKNOWN)]
    worst = max((one.level for one in spoken), key=lambda level: level.weight, default=Level.CLEAR)
    if spoken:
        yield _finding(rule, worst, spoken, override=_override(spoken, worst))
    silent = [one for one in seen if one.level is Level.UNKNOWN and one.could_be.weight > worst.weight]
    if silent:
        could_be = max((one.could_be for one in silent), key=lambda level: level.weight)
        yield _finding(rule, Level.UNKNOWN, silent, could_be=could_be)
    elif not spoken and seen:
        yield _finding(rule, Level.CLEAR, seen)


def _look(rule: Rule, facts: Facts) -> Iterator[Seen]:
    """What the rule's clauses, and its judge where it has one, see in the case."""
    for clause in rule.words.get("clauses", ()):
        if facts.case.route not in clause.get("routes", (facts.case.route,)):
            continue
        fact = fact_of(clause, facts)
        if fact.known or not clause.get("only_if_known"):
            yield _clause(rule, clause, fact)
    if judge := rule.words.get("judge"):
        yield JUDGES[judge](rule, facts)


def _clause(rule: Rule, clause: Mapping[str, Any], fact: Fact) -> Seen:
    level = Level(clause["level"])
    if not fact.known:
        could_be = Level.CAUTION if clause.get("optional") else level
        return Seen(Level.UNKNOWN, fact.absent, could_be=could_be)
    limit = _limit(rule, clause)
    if not _fires(clause, fact.value, limit):
        return Seen(Level.CLEAR)
    names = ", ".join(fact.value) if "medicine" in clause else ""
    own = {name: number.value for name, number in rule.numbers.items()}
    because = clause["because"].format(**own | {"value": fact.value, "limit": limit, "names": names})
    return Seen(level, because, {fact.name: fact.value}, clause.get("override"))


def _limit(rule: Rule, clause: Mapping[str, Any]) -> Decimal | None:
    name = clause.get("at_least") or clause.get("over") or clause.get("under")
    return rule[name] if name else None


def _fires(clause: Mapping[str, Any], value: Any, limit: Decimal | None) -> bool:
    if limit is None:
        if "escort" in clause:
            return value is False
        return bool(value == clause["is"]) if "is" in clause else bool(value)
    number = Decimal(value)
    if "at_least" in clause:
        return number >= limit
    return number > limit if "over" in clause else number < limit


def _override(spoken: list[Seen], worst: Level) -> str | None:
    """Who may go ahead: nobody, where one of the worst reasons allows nobody."""
    names = [one.override for one in spoken if one.level is worst]
    return None if None in names else names[0]


def _finding(
    rule: Rule, level: Level, seen: list[Seen], override: str | None = None, could_be: Level = Level.STOP
) -> Finding:
    data = {name: value for one in seen for name, value in one.data.items()}
    because = " ".join(dict.fromkeys(one.because for one in seen if one.because))
    return Finding(
        rule=rule.id,
        level=level,
        because=because or f"{rule.title}: no.",
        version=rule.version,
        data=data,
        action="" if level is Level.CLEAR else str(rule.words["action"]),
        sources=rule.sources,
        status=rule.status,
        confidence=rule.confidence,
        override=override,
        could_be=could_be,
    )


def _strange_keys(case: Case, rules: tuple[Rule, ...], limits: Rule) -> tuple[str, ...]:
    """Keys that no rule reads: a slip of the pen must not pass in silence."""
    clauses = [clause for rule in rules for clause in rule.words.get("clauses", ())]
    read = {kind: {c[kind] for c in clauses if kind in c} for kind in ("history", "score", "lab")}
    read["score"] |= {name.removesuffix("_highest") for name in limits.numbers} | set(instrument_ids())
    strange = [
        *(set(case.history) - read["history"]),
        *(f"scores.{key}" for key in set(case.scores) - read["score"]),
        *(f"labs.{key}" for key in set(case.labs) - read["lab"] - {PREGNANCY_TEST}),
    ]
    return tuple(sorted(strange))
