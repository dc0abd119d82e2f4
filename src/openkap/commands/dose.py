"""`openkap dose [FILE]`: work out a dose and check its limits.

Input: one JSON object or JSON lines, an order each. Output: the verdict, milligrams and milliliters
with two decimals, and what every limit says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openkap.commands.screen import finding_as_dict
from openkap.commands.stream import Options, Row, answer_each, fit, ruleset
from openkap.medicine.dosing import Checked, Order, check
from openkap.medicine.rules import RuleSet

CENT = Decimal("0.01")
KEYS = frozenset(field.name for field in fields(Order))
TRUTHS = {"true": True, "false": False}
VERDICTS = {
    "clear": "Within every limit.",
    "caution": "Possible, with a reason written down.",
    "unknown": "Cannot say yet.",
    "hold": "Not today.",
    "stop": "Refused.",
}


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("dose", "Work out a dose and check its limits.")
    parser.takes_cases()
    options = parser.parse_args(argv)
    rules = ruleset(options)
    return answer_each(options, lambda row: _answer(row, rules), _words)


def _answer(row: Row, rules: RuleSet) -> dict[str, Any]:
    data = _from_csv(row.data) if row.from_csv else row.data
    strangers = sorted(set(data) - KEYS)
    return as_dict(check(Order.read(data), rules)) | ({"unrecognised_keys": strangers} if strangers else {})


def as_dict(checked: Checked) -> dict[str, Any]:
    """The shape that `openkap dose` prints. Decimals of doses are text, with two decimals."""
    return {
        "verdict": checked.verdict.level,
        "mg": _two(checked.mg),
        "ml": _two(checked.ml),
        "mg_per_kg": _two(checked.mg_per_kg),
        "iv_equivalent_mg_per_kg": _two(checked.iv_equivalent_mg_per_kg),
        "findings": [finding_as_dict(finding) for finding in checked.verdict.findings],
        "arithmetic": list(checked.arithmetic),
        "ruleset": checked.ruleset,
    }


def _two(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.quantize(CENT, ROUND_HALF_UP):f}"


def _from_csv(cells: Mapping[str, Any]) -> dict[str, Any]:
    """A blank cell is absent; true and false are yes and no."""
    return {key: TRUTHS.get(cell.strip().lower(), cell) for key, cell in cells.items() if cell.strip()}


def _words(out: Mapping[str, Any]) -> str:
    lines = [VERDICTS[out["verdict"]], *(f"  {line}" for line in out["arithmetic"])]
    for found in out["findings"]:
        proposed = ", proposed" if found["status"] == "proposed" else ""
        said = "not known" if found["verdict"] == "unknown" else found["verdict"]
        lines.append(f"  {found['rule']} {said}: {found['because']} {found['action']}".rstrip())
        lines.append(f"      {', '.join(found['sources'])}{proposed}")
    return "\n".join(lines)
