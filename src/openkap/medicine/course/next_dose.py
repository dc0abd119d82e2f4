"""May the course go on to another dose?

Decided here: how the rows `C-*` are read: what happened since the last dose, and what is owed. What
today's order and today's person say is for dosing and screening.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openkap.medicine.rules import Rule, RuleSet, library, listed
from openkap.medicine.verdict import Finding, Level, Verdict

PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceLastDose:
    """What is known since the last dose. None is not known.

    `window_closed` and `integration_held` are about the window after the last dose; `responded` is the
    instrument's own word. `bladder_doses_ago` counts doses since the questions were asked; `misuse` holds
    the flags of `C-MISUSE` that someone wrote down, or their own words for a sign.
    """

    doses_given: int
    window_closed: bool = False
    integration_held: bool | None = None
    integrations_missed: int = 0
    phq9_was: int | None = None
    phq9_now: int | None = None
    new_suicidal_thoughts: bool | None = None
    mania_or_psychosis: bool | None = None
    responded: bool | None = None
    bladder_doses_ago: int | None = None
    bladder_days_ago: int | None = None
    bladder_symptoms: bool | None = None
    maintenance_doses_since_review: int = 0
    severe_event: bool | None = None
    misuse: tuple[str, ...] = ()
    pdmp_days_ago: int | None = None
    liver_days_ago: int | None = None
    liver_doses_ago: int = 0
    thinking_days_ago: int | None = None


def next_dose(since: SinceLastDose, ruleset: RuleSet | None = None) -> Verdict:
    """Every row asked; before the first dose there is nothing to ask."""
    if since.doses_given == 0:
        return Verdict()
    rules = {rule.id: rule for rule in (ruleset or library()).area("course")}
    return Verdict.of(_asked(since, rules))


def _asked(since: SinceLastDose, rules: dict[str, Rule]) -> Iterator[Finding]:
    if since.window_closed:
        held = None if since.integration_held is None else not since.integration_held
        yield from _yes_no(rules["C-INTEGRATION"], held)
    missed = rules["C-INTEGRATION-MISSED"]
    if since.integrations_missed >= missed["limit"]:
        yield _say(missed, value=since.integrations_missed)
    yield from _worse(since, rules["C-WORSE"])
    yield from _yes_no(rules["C-NEW-SUICIDAL-THOUGHTS"], since.new_suicidal_thoughts)
    yield from _yes_no(rules["C-MANIA-PSYCHOSIS"], since.mania_or_psychosis)
    yield from _response(since, rules["C-NO-RESPONSE"])
    if since.bladder_symptoms:
        yield _say(rules["C-BLADDER-SYMPTOMS"])
    yield from _bladder(since, rules["C-BLADDER"])
    review = rules["C-REVIEW"]
    if since.maintenance_doses_since_review >= review["limit"]:
        yield _say(review, value=since.maintenance_doses_since_review)
    if since.severe_event:
        yield _say(rules["C-SEVERE-EVENT"])
    named = rules["C-MISUSE"].words["flags"]
    if flags := [named.get(flag, flag) for flag in since.misuse]:
        yield _say(rules["C-MISUSE"], flags=", ".join(flags))
    yield from _in_time(since, rules)


def _in_time(since: SinceLastDose, rules: dict[str, Rule]) -> Iterator[Finding]:
    """What is looked into again every so often."""
    for id, days, given in (
        ("C-PDMP", since.pdmp_days_ago, 0),
        ("C-LIVER", since.liver_days_ago, since.liver_doses_ago),
        ("C-THINKING", since.thinking_days_ago, 0),
    ):
        rule = rules[id]
        doses = rule.numbers.get("doses")
        if days is None:
            yield _say(rule, level=Level.UNKNOWN)
        elif days >= rule["days"] or (doses is not None and given >= doses.value):
            yield _say(rule, value=days, given=given)


def reasons_to_end(ruleset: RuleSet | None = None) -> tuple[str, ...]:
    """Why a course may end, in the words of `C-STOP`."""
    return listed("C-STOP", "reasons", ruleset)


def misuse_flags(ruleset: RuleSet | None = None) -> dict[str, str]:
    """Flag and words, in the order of `C-MISUSE`."""
    return dict((ruleset or library()).rule("C-MISUSE").words["flags"])


def _yes_no(rule: Rule, answer: bool | None) -> Iterator[Finding]:
    if answer is None:
        yield _say(rule, level=Level.UNKNOWN)
    elif answer:
        yield _say(rule)


def _worse(since: SinceLastDose, rule: Rule) -> Iterator[Finding]:
    was, now = since.phq9_was, since.phq9_now
    if was is None or now is None:
        yield _say(rule, level=Level.UNKNOWN)
        return
    rise = now - was
    if rise >= rule["points"] or (rise > 0 and rise * PERCENT >= was * rule["percent"]):
        yield _say(rule, was=was, now=now)


def _response(since: SinceLastDose, rule: Rule) -> Iterator[Finding]:
    """From the first number a caution, from the second a hold."""
    given = since.doses_given
    if since.responded or given < rule["reconsider"]:
        return
    level = Level.HOLD if given >= rule["stop"] else Level.CAUTION
    if since.responded is None:
        yield _say(rule, level=Level.UNKNOWN, could_be=level, value=given)
    else:
        yield _say(rule, level=level, value=given)


def _bladder(since: SinceLastDose, rule: Rule) -> Iterator[Finding]:
    if since.bladder_doses_ago is None:
        if since.doses_given >= rule["doses"]:
            yield _say(rule, level=Level.UNKNOWN, could_be=Level.CAUTION)
    elif since.bladder_doses_ago >= rule["doses"] or (since.bladder_days_ago or 0) >= rule["days"]:
        yield _say(rule, value=since.bladder_doses_ago)


def _say(rule: Rule, level: Level | None = None, could_be: Level | None = None, **figures: Any) -> Finding:
    """The row's own sentence with its figures filled in."""
    own = Level(rule.words["level"])
    unknown = level is Level.UNKNOWN
    limits = {name: int(number.value) for name, number in rule.numbers.items()}
    return Finding(
        rule=rule.id,
        level=level or own,
        because=rule.words["unknown" if unknown else "because"].format(**limits | figures),
        version=rule.version,
        data=figures,
        action=rule.words["action"],
        sources=rule.sources,
        status=rule.status,
        confidence=rule.confidence,
        override=None if unknown else rule.words.get("override"),
        could_be=could_be or own,
    )
