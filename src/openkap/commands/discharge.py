"""`openkap discharge [FILE]`: say whether a person may go home.

Input: one JSON object or JSON lines, a person each. Output: the verdict and every item; what is
absent is not met.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openkap.commands.stream import Options, answer_each, fit, ruleset
from openkap.medicine.monitoring.discharge import GoingHome, check
from openkap.medicine.rules import RuleSet

VERDICTS = {"clear": "May go home, once the prescriber signs.", "hold": "Not yet."}


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("discharge", "Say whether a person may go home.")
    parser.takes_cases()
    options = parser.parse_args(argv)
    rules = ruleset(options)
    return answer_each(options, lambda row: _answer(row.data, rules), _words)


def _answer(data: Mapping[str, Any], rules: RuleSet) -> dict[str, Any]:
    ready = check(GoingHome.read(data), rules)
    return {
        "verdict": ready.level,
        "items": [item.as_json() for item in ready.items],
        "ruleset": ready.ruleset,
    }


def _words(out: Mapping[str, Any]) -> str:
    lines = [VERDICTS[out["verdict"]]]
    for item in out["items"]:
        fixed = " (fixed by law or label)" if item["fixed"] and not item["met"] else ""
        name = item["item"].replace("_", " ")
        lines.append(f"  {'met' if item['met'] else 'not met':8} {name}: {item['because']}{fixed}")
    return "\n".join(lines)
