"""The library loader: rules are data, and unsound data is refused.

Decided here: what a rule must carry before anyone may lean on it. Every rule has an id, a version,
the dates it is in force, a status, a confidence and sources; every number has a unit, and its own
confidence, sources and status or its rule's. What the rules say lives in `library/<area>/*.toml`.
A clinic's signed set is laid over it by `medicine.signed`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from openkap.medicine.sources import bibliography
from openkap.medicine.verdict import Status

CONFIDENCES = ("H", "M", "L")
SAFER = ("lower", "higher", "")
RULE_KEYS = {
    "id",
    "version",
    "title",
    "effective_from",
    "effective_to",
    "status",
    "confidence",
    "sources",
    "numbers",
    "words",
}
NUMBER_KEYS = {"value", "unit", "confidence", "sources", "status", "safer"}


class Unsound(ValueError):
    """Library data that may not be used. Says which file, which line and why."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


@dataclass(frozen=True, slots=True)
class Number:
    """One number with its unit and who stands behind it. `safer` says which way is more careful."""

    value: Decimal
    unit: str
    confidence: str
    sources: tuple[str, ...]
    status: Status
    safer: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as the library states it. `rule["sbp_over"]` is a number's value; `words` is the rest."""

    id: str
    version: str
    title: str
    area: str
    effective_from: date
    effective_to: date | None
    status: Status
    confidence: str
    sources: tuple[str, ...]
    numbers: Mapping[str, Number]
    words: Mapping[str, Any]

    def __getitem__(self, name: str) -> Decimal:
        return self.numbers[name].value

    def number(self, name: str) -> Number:
        return self.numbers[name]

    def in_force(self, on: date) -> bool:
        """Half-open: the day of `effective_to` is the next version's."""
        return self.effective_from <= on and (self.effective_to is None or on < self.effective_to)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules under one name ("library 1"), from which every finding quotes."""

    name: str
    rules: tuple[Rule, ...]
    _versions: dict[str, list[Rule]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        versions: dict[str, list[Rule]] = {}
        for rule in sorted(self.rules, key=lambda rule: rule.effective_from):
            versions.setdefault(rule.id, []).append(rule)
        object.__setattr__(self, "_versions", versions)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def rule(self, id: str, on: date | None = None) -> Rule:
        """The rule `id` in force `on` that day (absent: the newest). Raises `KeyError`.

        Before its first version the first one answers: a rule must never be silent about an old case.
        """
        versions = self._versions.get(id, [])
        if on is not None and versions and on >= versions[0].effective_from:
            versions = [r for r in versions if r.in_force(on)]
        elif on is not None:
            versions = versions[:1]
        if not versions:
            raise KeyError(f"No rule {id} in {self.name}" + (f" on {on.isoformat()}." if on else "."))
        return versions[-1]

    def area(self, area: str, on: date | None = None) -> tuple[Rule, ...]:
        """The rules of one area in force `on` that day, in the order of the library."""
        in_area = [r for r in self.rules if r.area == area]
        ids = dict.fromkeys(
            r.id for r in in_area if on is None or r.effective_to is None or on < r.effective_to
        )
        return tuple(self.rule(id, on) for id in ids)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed library file, with its text to name lines from."""

    name: str
    text: str
    data: Mapping[str, Any]

    def line(self, *clues: str) -> int:
        """The line where the last clue stands, each looked for after the one before; 1 if nowhere."""
        at = 0
        for clue in clues:
            found = re.compile(clue, re.MULTILINE).search(self.text, at)
            at = found.start() if found else at
        return self.text.count("\n", 0, at) + 1

    def unsound(self, reason: str, *clues: str) -> Unsound:
        return Unsound(self.name, self.line(*clues), reason)


def library_folder() -> Traversable:
    return files("openkap.medicine.library")


def read_document(name: str, text: str) -> Document:
    """Parse TOML exactly (decimals stay decimals). Raises `Unsound` naming the line of a slip."""
    try:
        return Document(name, text, tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as slip:
        line = re.search(r"line (\d+)", str(slip))
        raise Unsound(name, int(line[1]) if line else 1, f"not readable as TOML. {slip}") from None


def documents(area: str) -> Iterator[Document]:
    """Every TOML file of one area, by name."""
    folder = library_folder().joinpath(area)
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            yield read_document(f"{area}/{file.name}", file.read_text("utf-8"))


@cache
def library() -> RuleSet:
    """All rules of the library: every folder whose files hold `[[rule]]` tables."""
    rules: list[Rule] = []
    for area in rule_areas():
        for document in documents(area):
            rules.extend(read_rules(document, area))
    refuse_overlaps(rules)
    return RuleSet(library_name(), tuple(rules))


def of_kind(area: str, kind: str, ruleset: RuleSet | None = None) -> tuple[Rule, ...]:
    """The rows of one area that are of this kind, in the order of the library."""
    return tuple(r for r in (ruleset or library()).area(area) if r.words.get("kind") == kind)


def listed(id: str, key: str, ruleset: RuleSet | None = None) -> tuple[str, ...]:
    """What a row lists under a word, as it stands there."""
    return tuple((ruleset or library()).rule(id).words[key])


@cache
def library_name() -> str:
    """What every output calls the library's own set ("library 1")."""
    return f"library {_contents()['version']}"


def rule_areas() -> tuple[str, ...]:
    """Areas that hold rules; instruments, drugs and protocols have shapes and loaders of their own."""
    known: list[str] = _contents()["rule_areas"]
    return tuple(area for area in known if library_folder().joinpath(area).is_dir())


@cache
def _contents() -> dict[str, Any]:
    return tomllib.loads(library_folder().joinpath("library.toml").read_text("utf-8"))


def read_rules(document: Document, area: str) -> list[Rule]:
    """The rules of one file. Raises `Unsound`."""
    strangers = set(document.data) - {"rule", "about"}
    if strangers:
        raise document.unsound(f"unknown table {sorted(strangers)[0]!r}.", rf"^\[*{sorted(strangers)[0]}")
    return [_read_rule(document, area, row) for row in document.data.get("rule", [])]


def refuse_overlaps(rules: list[Rule]) -> None:
    """Two versions of one rule may follow each other but never be in force on the same day."""
    seen: dict[str, list[Rule]] = {}
    for rule in rules:
        for other in seen.setdefault(rule.id, []):
            if rule.in_force(other.effective_from) or other.in_force(rule.effective_from):
                raise Unsound(rule.area, 1, f"{rule.id} is in force twice on the same day.")
        seen[rule.id].append(rule)


def _read_rule(document: Document, area: str, row: Mapping[str, Any]) -> Rule:
    id = row.get("id")
    if not isinstance(id, str) or not id:
        raise document.unsound("a rule has no id.", r"^\[\[rule\]\]")
    here = rf'^id = "{re.escape(id)}"'
    if strangers := sorted(set(row) - RULE_KEYS):
        raise document.unsound(f"{id}: unknown key {strangers[0]!r}.", here, rf"^{strangers[0]}")
    status, confidence, sources = read_backing(document, id, row, here)
    starts, ends = _read_dates(document, id, row, here)
    for key in ("version", "title"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise document.unsound(f"{id}: {key} is missing or not text.", here)
    words = row.get("words", {})
    if path := _bare_number(words):
        raise document.unsound(f"{id}: {path} is a number outside `numbers`.", here, rf"^{path}\b")
    numbers = {
        name: _read_number(document, id, name, entry, (status, confidence, sources), here)
        for name, entry in row.get("numbers", {}).items()
    }
    return Rule(
        id, row["version"], row["title"], area, starts, ends, status, confidence, sources, numbers, words
    )


def read_backing(
    document: Document, what: str, row: Mapping[str, Any], here: str
) -> tuple[Status, str, tuple[str, ...]]:
    """Who stands behind a row: status, confidence, sources. Raises `Unsound` where one is missing."""
    if row.get("status") not in list(Status):
        raise document.unsound(f"{what}: status must be proposed, approved or fixed.", here, "^status")
    if row.get("confidence") not in CONFIDENCES:
        raise document.unsound(f"{what}: confidence must be H, M or L.", here, "^confidence")
    sources = row.get("sources")
    if not isinstance(sources, list) or not sources:
        raise document.unsound(f"{what}: no source. Write PROPOSED where none states it.", here)
    for key in sources:
        if key not in bibliography():
            raise document.unsound(f"{what}: source {key!r} is not in the bibliography.", here, "^sources")
    return Status(row["status"]), row["confidence"], tuple(sources)


def _read_dates(document: Document, id: str, row: Mapping[str, Any], here: str) -> tuple[date, date | None]:
    starts, ends = row.get("effective_from"), row.get("effective_to")
    if type(starts) is not date:
        raise document.unsound(f"{id}: effective_from must be a date.", here, "^effective_from")
    if ends is not None and (type(ends) is not date or ends <= starts):
        raise document.unsound(f"{id}: effective_to must be a later date.", here, "^effective_to")
    return starts, ends


def _read_number(
    document: Document,
    id: str,
    name: str,
    entry: Any,
    inherited: tuple[Status, str, tuple[str, ...]],
    here: str,
) -> Number:
    there = (here, rf"^{re.escape(name)}\b")
    if not isinstance(entry, dict) or not {"value", "unit"} <= set(entry) <= NUMBER_KEYS:
        raise document.unsound(f"{id}: {name} needs a value and a unit.", *there)
    value = entry["value"]
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not Decimal(value).is_finite():
        raise document.unsound(f"{id}: {name} is not a number.", *there)
    if entry.get("safer", "") not in SAFER:
        raise document.unsound(f"{id}: {name}: safer must be lower or higher.", *there)
    status, confidence, sources = inherited
    own = {"status": status, "confidence": confidence, "sources": list(sources)} | entry
    status, confidence, sources = read_backing(document, f"{id}: {name}", own, there[0])
    return Number(Decimal(value), str(entry["unit"]), confidence, sources, status, entry.get("safer", ""))


def _bare_number(value: Any, path: str = "words") -> str:
    """The path of the first number in `value`, which must hold none."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return path
    inner: Iterator[tuple[str, Any]] = iter(())
    if isinstance(value, Mapping):
        inner = iter(value.items())
    elif isinstance(value, list):
        inner = ((path, entry) for entry in value)
    return next((found for name, entry in inner if (found := _bare_number(entry, name))), "")
