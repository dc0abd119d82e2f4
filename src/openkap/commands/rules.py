"""`openkap rules [ID ...]`: print the rules; `--export` writes them as a set to review and sign."""

from __future__ import annotations

from typing import Any

from openkap.commands.stream import Options, Unfit, fit, ruleset, to_json, write
from openkap.medicine.rules import Rule


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("rules", "Print the rules, or export them as a set to review and sign.")
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these rules")
    parser.add_argument("--export", action="store_true", help="one JSON object that --rules takes")
    parser.add_argument("--explain", action="store_true", help="print for people instead of JSON lines")
    parser.takes_rules()
    options = parser.parse_args(argv)
    rules = ruleset(options)
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
