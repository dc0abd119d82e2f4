"""How often esketamine is given, by what it is given for, as its label says it.

Decided here: how the rows `A-ESK-*` are read, and what a missed visit changes. A sentence beside the
order, never a finding: that a visit comes too soon is for `D-ESK-WEEK` and `D-SPACING`. Weeks count from
the first dose's day.
"""

from __future__ import annotations

from datetime import date

from openkap.medicine.inputs import plain
from openkap.medicine.rules import Rule, RuleSet, library


def indications(ruleset: RuleSet | None = None) -> dict[str, str]:
    """What esketamine may be given for: key and name, in the order of the library."""
    return {str(rule.words["indication"]): str(rule.words["name"]) for rule in _rows(ruleset or library())}


def schedule_words(indication: str, first_on: date | None, on: date, ruleset: RuleSet | None = None) -> str:
    """What the label says of the week that `on` lies in. Raises `KeyError` for an unknown indication."""
    rules = ruleset or library()
    rule = next((row for row in _rows(rules) if row.words["indication"] == indication), None)
    if rule is None:
        raise KeyError(indication)
    week = ((on - first_on).days // 7 if first_on is not None else 0) + 1
    doses = rules.rule("D-ESK-DOSE")
    said = {name: plain(number.value) for name, number in rule.numbers.items()}
    said |= {"week": str(week), "low": plain(doses["low"]), "high": plain(doses["high"])}
    said |= {"day1": plain(rules.rule("D-ESK-DAY1")["limit"]), "second_from": plain(rule["first_weeks"] + 1)}
    return str(rule.words[_stretch(rule, week)]).format(**said)


def missed_words(
    indication: str, first_on: date | None, last_on: date | None, on: date, ruleset: RuleSet | None = None
) -> str:
    """What `A-ESK-MISSED` says of the time since the last visit; blank where none was missed."""
    if last_on is None:
        return ""
    rules = ruleset or library()
    rule = next(row for row in _rows(rules) if row.words["indication"] == indication)
    missed, days = rules.rule("A-ESK-MISSED"), (on - last_on).days
    limit = missed[_stretch(rule, ((last_on - (first_on or last_on)).days // 7) + 1)]
    if days <= limit:
        return ""
    return str(missed.words["because"]).format(value=days, limit=plain(limit))


def _stretch(rule: Rule, week: int) -> str:
    if week <= rule["first_weeks"]:
        return "first"
    if "second_weeks" in rule.numbers and week <= rule["second_weeks"]:
        return "second"
    return "later"


def _rows(rules: RuleSet) -> list[Rule]:
    return [rule for rule in rules.area("giving") if rule.words.get("kind") == "schedule"]
