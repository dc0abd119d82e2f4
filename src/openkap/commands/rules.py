"""`openkap rules [ID ...]`: print the rules; `--export` writes them as a set to review and sign.

`--export FILE` writes them there; with `--organisation ID` the set that practice has now. `--import FILE`
brings another practice's set in, as proposals on the medical director's desk: it holds once signed there.
What that set has as the library has it is left out, unless `--all`.
`--running-out DAY` prints the rows that hold to a day, or are to be read again, as they stand on that day.
"""

from __future__ import annotations

from pathlib import Path
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
    parser.add_argument(
        "--export", nargs="?", const="-", metavar="FILE", help="one JSON object that --rules takes"
    )
    parser.add_argument(
        "--import", dest="brings", metavar="FILE", help="another practice's set, as proposals"
    )
    parser.add_argument(
        "--all", dest="every", action="store_true", help="import also what the other set left at the library"
    )
    parser.add_argument("--organisation", metavar="ID", help="id or name of the practice, of this site")
    parser.add_argument("--by", metavar="USER", help="mail address of the medical director")
    parser.add_argument("--explain", action="store_true", help="print for people instead of JSON lines")
    parser.add_argument("--running-out", metavar="DAY", help="what runs out, as it stands on this day")
    parser.takes_rules()
    options = parser.parse_args(argv)
    if options.brings or options.organisation:
        from openkap.commands.rules_shared import share

        return share(options)
    rules = ruleset(options)
    if options.running_out:
        return _running_out(options.running_out, rules, options.explain)
    if options.export:
        from openkap.medicine.signed import export

        return written(options.export, export(rules))
    if strangers := sorted(set(options.ids) - {rule.id for rule in rules}):
        raise Unfit(f"No rule {strangers[0]} in {rules.name}.")
    for rule in rules:
        if not options.ids or rule.id in options.ids:
            write(_words(rule) if options.explain else to_json({**as_dict(rule), "ruleset": rules.name}))
    return 0


def written(name: str, data: dict[str, Any]) -> int:
    """Write a set to this file, or to standard output for `-`."""
    if name == "-":
        write(to_json(data))
        return 0
    try:
        Path(name).write_text(to_json(data) + "\n", "utf-8")
    except OSError as error:
        raise Unfit(f"{name} cannot be written: {error.strerror}.") from None
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
