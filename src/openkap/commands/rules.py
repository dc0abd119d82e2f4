"""`openkap rules [ID ...]`: print the rules; `--export` writes them as a set to review and sign.

`--running-out DAY` prints the rows that hold to a day, or are to be read again, as they stand on that day.
"""

from __future__ import annotations

from typing import Any

from openkap.commands.stream import Options, Unfit, fit, ruleset, to_json, write
from openkap.medicine.dated import dated
from openkap.medicine.inputs import Unusable, a_day
from openkap.medicine.rules import Rule, RuleSet


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("rules", "Print the rules, or export them as a set to review and sign.")
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these rules")
    parser.add_argument("--export", action="store_true", help="one JSON object that --rules takes")
    parser.add_argument("--explain", action="store_true", help="print for people instead of JSON lines")
    parser.add_argument("--running-out", metavar="DAY", help="what runs out, as it stands on this day")
    parser.takes_rules()
    options = parser.parse_args(argv)
    rules = ruleset(options)
    if options.running_out:
        return _running_out(options.running_out, rules, options.explain)
    if options.export:
        from openkap.medicine.signed import export

        write(to_json(export(rules)))
        return 0
    if strangers := sorted(set(options.ids) - {rule.id for rule in rules}):
        raise Unfit(f"No rule {strangers[0]} in {rules.name}.")
    for rule in rules:
        if not options.ids or rule.id in options.ids:
            write(_words(rule) if options.explain else to_json({**as_dict(rule), "ruleset": rules.name}))
    return 0


def _running_out(day: str, rules: RuleSet, explain: bool) -> int:
    """The dated rows on one day, the nearest first."""
    try:
        on = a_day("--running-out", day)
    except Unusable as unusable:
        raise Unfit(unusable.sentence) from None
    for row in dated(on, rules):
        shown = {
            "id": row.rule.id,
            "title": row.rule.title,
            "state": row.state,
            "until": row.until,
            "days_left": row.days,
            "ends": row.ends,
            "about": row.about,
            "then": row.then,
            "sources": list(row.rule.sources),
            "ruleset": rules.name,
        }
        write(f"{row.rule.id} {row.state}, until {row.until}: {row.then}" if explain else to_json(shown))
    return 0


def as_dict(rule: Rule) -> dict[str, Any]:
    """A rule as people and programs review it."""
    return {
        "id": rule.id,
        "version": rule.version,
        "title": rule.title,
        "area": rule.area,
        "status": rule.status,
        "confidence": rule.confidence,
        "sources": list(rule.sources),
        "effective_from": rule.effective_from,
        "effective_to": rule.effective_to,
        "numbers": {
            name: {
                "value": str(number.value),
                "unit": number.unit,
                "status": number.status,
                "confidence": number.confidence,
                "sources": list(number.sources),
            }
            for name, number in rule.numbers.items()
        },
        "action": rule.words.get("action", ""),
    }


def _words(rule: Rule) -> str:
    lines = [f"{rule.id} {rule.title} ({rule.status}, {rule.confidence}; {', '.join(rule.sources)})"]
    lines += [f"  {name.replace('_', ' ')}: {n.value} {n.unit}" for name, n in rule.numbers.items()]
    if action := rule.words.get("action"):
        lines.append(f"  {action}")
    return "\n".join(lines)
