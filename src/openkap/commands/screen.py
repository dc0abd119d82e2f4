"""`openkap screen [FILE]`: say what speaks for or against dosing a person.

`--work-up` adds what this person and route ask to be looked into. `--keys` prints what a case may hold: each
key, its question and the rules that use it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openkap.commands.stream import Options, Unfit, answer_each, fit, ruleset, to_json, write
from openkap.medicine.rules import RuleSet
from openkap.medicine.screening import Screened, read_case, screen
from openkap.medicine.screening.questions import all_questions
from openkap.medicine.screening.workup import Item, work_up
from openkap.medicine.verdict import Finding, Level


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("screen", "Say what speaks for or against dosing a person.")
    parser.takes_cases()
    parser.add_argument("--keys", action="store_true", help="print the keys of a case and their questions")
    parser.add_argument(
        "--work-up", action="store_true", help="add what is to be looked into, and what is missing"
    )
    options = parser.parse_args(argv)
    rules = ruleset(options)
    if options.keys:
        return _keys(options.explain)
    return answer_each(options, lambda row: _answer(row.data, rules, options.work_up), _words, _no_csv)


def _no_csv(header: list[str]) -> None:
    raise Unfit("openkap screen takes JSON, not CSV.")


def _answer(data: Mapping[str, Any], rules: RuleSet, with_work_up: bool) -> dict[str, Any]:
    case = read_case(data)
    answer = as_dict(screen(case, rules))
    if with_work_up:
        answer["work_up"] = [item_as_dict(item) for item in work_up(case, ruleset=rules)]
    return answer


def item_as_dict(item: Item) -> dict[str, Any]:
    """One item of the work-up: what asks for it, and how it stands."""
    return {
        "rule": item.rule.id,
        "item": item.rule.title,
        "state": item.state,
        "why": item.why,
        "because": item.because,
        "action": item.action,
        "sources": list(item.rule.sources),
        "status": item.rule.status,
    }


def as_dict(screened: Screened) -> dict[str, Any]:
    """The shape that `openkap screen` prints. What is not known stands apart from what speaks."""
    spoken = [f for f in screened.verdict.speaking if f.level is not Level.UNKNOWN]
    silent = [f for f in screened.verdict.speaking if f.level is Level.UNKNOWN]
    return {
        "verdict": screened.verdict.level,
        "findings": [finding_as_dict(finding) for finding in spoken],
        "unknown": list(screened.unknown),
        "unknown_because": [
            {"rule": f.rule, "because": f.because, "could_be": f.could_be, "data": dict(f.data)}
            for f in silent
        ],
        "unrecognised_medications": list(screened.unrecognised_medications),
        "medication_guesses": dict(screened.guesses),
        "unrecognised_keys": list(screened.unrecognised_keys),
        "ruleset": screened.ruleset,
    }


def finding_as_dict(finding: Finding) -> dict[str, Any]:
    """One finding as every command prints it."""
    return {
        "rule": finding.rule,
        "verdict": finding.level,
        "because": finding.because,
        "data": dict(finding.data),
        "action": finding.action,
        "sources": list(finding.sources),
        "status": finding.status,
        "confidence": finding.confidence,
        "version": finding.version,
        "override": finding.override,
    }


def _keys(explain: bool) -> int:
    for question in all_questions():
        row = {
            "key": question.name,
            "question": question.asks,
            "rules": list(question.rules),
            "group": question.group,
            "kind": question.kind,
            "routes": list(question.routes),
        }
        write(
            f"{question.name:36} {question.asks} ({', '.join(question.rules)})" if explain else to_json(row)
        )
    return 0


VERDICTS = {
    "clear": "Nothing known speaks against it.",
    "caution": "Possible, with care.",
    "unknown": "Cannot say yet.",
    "hold": "Not today.",
    "stop": "Do not dose.",
}


def _words(out: Mapping[str, Any]) -> str:
    lines = [VERDICTS[out["verdict"]]]
    for finding in out["findings"]:
        proposed = ", proposed" if finding["status"] == "proposed" else ""
        lines.append(f"  {finding['rule']} {finding['verdict']}: {finding['because']} {finding['action']}")
        lines.append(f"      {', '.join(finding['sources'])}{proposed}")
    lines += [f"  {silent['rule']} not known: {silent['because']}" for silent in out["unknown_because"]]
    lines += [
        f"  {item['rule']} {item['state']}: {item['because']} {item['action']}"
        for item in out.get("work_up", ())
        if item["state"] != "done"
    ]
    if out["unrecognised_keys"]:
        lines.append(f"  No rule reads: {', '.join(out['unrecognised_keys'])}.")
    return "\n".join(lines)
