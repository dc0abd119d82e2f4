"""A clinic's signed set, laid over the library.

Decided here: what a medical director may change and what never. A signed set may approve a proposed
rule and move its numbers; it may not drop a rule, touch what a law or a label fixes, change a unit,
or make a number less careful without a second name and a reason. Authority: the dossier's list of
settings a medical director owns, and its rule that hard limits are only ever lowered.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from openkap.medicine.changed import Move, move_of
from openkap.medicine.rules import Number, Rule, RuleSet, Unsound
from openkap.medicine.verdict import Status

# A number of a clinic's own has at most so many digits before the point and after it, as on its page.
DIGITS, PLACES = 8, 4


@dataclass(frozen=True, slots=True)
class Slip:
    """Where in the clinic's file a refusal points."""

    file: str
    text: str

    def at(self, clue: str, reason: str) -> Unsound:
        found = max(self.text.find(f'"{clue}"'), 0)
        return Unsound(self.file, self.text.count("\n", 0, found) + 1, reason)


def read_signed(path: Path, base: RuleSet) -> RuleSet:
    """`base` with the clinic's set of `path` (JSON as exported, or TOML of the same shape) laid over it.

    Raises `Unsound`, naming the file, the line and the reason, and `OSError` where it cannot be read.
    """
    text = path.read_text("utf-8-sig")
    slip = Slip(path.name, text)
    data = _parse(slip, path.suffix == ".toml")
    for key in ("name", "version"):
        if not isinstance(data.get(key), str) or not data[key]:
            raise slip.at(key, f"the set has no {key}.")
    rows = data.get("rules")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise slip.at("rules", "the set has no list of rules.")
    changed = {row.get("id"): _lay_over(slip, data, row, base) for row in rows}
    if len(changed) != len(rows):
        raise slip.at("rules", "a rule stands twice in the set.")
    rules = tuple(changed.get(rule.id, rule) for rule in base.rules)
    name = f"{data['name']} {data['version']}"
    if name == base.name and rules != base.rules:
        raise slip.at("name", f"the set differs from {base.name} and needs a name or a version of its own.")
    return RuleSet(name, rules)


def export(ruleset: RuleSet, said: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, Any]:
    """The set as a file that `read_signed` takes, for a medical director to review, edit and sign.

    `said`: by rule, the reason of what a clinic changed, and its second_signature.
    """
    name, _, version = ruleset.name.rpartition(" ")
    return {"name": name, "version": version, "signed_by": None, "signed_on": None,
            "rules": [_exported(rule) | dict((said or {}).get(rule.id, {})) for rule in ruleset]}  # fmt: skip


def _exported(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "version": rule.version,
        "status": rule.status,
        "numbers": {
            name: {"value": str(number.value), "unit": number.unit, "safer": number.safer}
            for name, number in rule.numbers.items()
        },
    }


def _parse(slip: Slip, toml: bool) -> Mapping[str, Any]:
    try:
        data = (
            tomllib.loads(slip.text, parse_float=Decimal)
            if toml
            else json.loads(slip.text, parse_float=Decimal)
        )
    except (ValueError, RecursionError) as error:
        raise Unsound(slip.file, getattr(error, "lineno", 1), f"not readable. {error}") from None
    if not isinstance(data, dict):
        raise slip.at("rules", "the set must be one object.")
    return data


def _lay_over(slip: Slip, data: Mapping[str, Any], row: Mapping[str, Any], base: RuleSet) -> Rule:
    id = str(row.get("id"))
    try:
        rule = base.rule(id)
    except KeyError:
        raise slip.at(id, f"{id} is not a rule of {base.name}.") from None
    status = row.get("status", rule.status)
    if status not in list(Status):
        raise slip.at(id, f"{id}: status must be proposed, approved or fixed.")
    if (status == Status.FIXED) != (rule.status is Status.FIXED):
        raise slip.at(id, f"{id}: only the library says what a law or a label fixes.")
    if status == Status.APPROVED and not (data.get("signed_by") and data.get("signed_on")):
        raise slip.at(id, f"{id} is approved, but the set is not signed (signed_by, signed_on).")
    numbers = dict(rule.numbers)
    entries = row.get("numbers", {})
    if not isinstance(entries, dict):
        raise slip.at(id, f"{id}: numbers must be an object of name and number.")
    for name, entry in entries.items():
        if name not in numbers:
            raise slip.at(name, f"{id} has no number {name!r}.")
        numbers[name] = _move(slip, rule, name, entry, row)
    version = str(row.get("version", rule.version))
    if numbers != dict(rule.numbers) and version == rule.version:
        raise slip.at(id, f"{id}: a changed number needs a new version.")
    if status == Status.APPROVED:
        numbers = {name: _approved(number) for name, number in numbers.items()}
    return replace(rule, status=Status(status), version=version, numbers=numbers)


def _approved(number: Number) -> Number:
    return replace(number, status=Status.APPROVED) if number.status is Status.PROPOSED else number


def _move(slip: Slip, rule: Rule, name: str, entry: Any, row: Mapping[str, Any]) -> Number:
    number = rule.numbers[name]
    if not isinstance(entry, dict) or "value" not in entry:
        raise slip.at(name, f"{rule.id}: {name} needs a value.")
    if entry.get("unit", number.unit) != number.unit:
        raise slip.at(name, f"{rule.id}: {name} is in {number.unit}, not {entry['unit']}.")
    try:
        value = Decimal(str(entry["value"]))
    except InvalidOperation:
        raise slip.at(name, f"{rule.id}: {name} is not a number.") from None
    if not value.is_finite():
        raise slip.at(name, f"{rule.id}: {name} is not a number.")
    if value == number.value:
        return number
    if value.adjusted() >= DIGITS or value != round(value, PLACES):
        raise slip.at(name, f"{rule.id}: {name} has too many digits.")
    move = move_of(number, value)
    if move is Move.ABSURD:
        raise slip.at(name, f"{rule.id}: {name} cannot be {value}.")
    if move is Move.PART:
        raise slip.at(name, f"{rule.id}: {name} is a whole number. It says {value}.")
    if move is Move.FIXED:
        raise slip.at(name, f"{rule.id}: {name} is fixed by law or label.")
    if move is Move.LOOSER and not (row.get("second_signature") and row.get("reason")):
        raise slip.at(
            name,
            f"{rule.id}: {name} is less careful than the library. "
            "That needs a second_signature and a reason.",
        )
    return replace(number, value=value)
