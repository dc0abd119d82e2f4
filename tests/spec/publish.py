"""Publishes the tables as the first pages of the safety manual, and the rules as a reference.

Run `python -m tests.spec.publish FOLDER` when the documentation is built; nothing it writes is kept
by hand. A page a rule: what it says, who stands behind each number, the table that holds it to that,
and the sources spelled out. The pages of the root that readers of the documents want stand beside them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openkap.medicine.instruments import Instrument, instrument, instrument_ids, text
from openkap.medicine.instruments.instrument import Backing, ChangeRule
from openkap.medicine.instruments.text_pack import languages
from openkap.medicine.protocols.protocol import rows as protocol_rows
from openkap.medicine.rules import Number, Rule, library
from openkap.medicine.sources import resolve
from tests.spec.tables import tables

ROOT = Path(__file__).resolve().parent.parent.parent
# Pages of the root, and where they stand among the documents.
BROUGHT = {
    "GLOSSARY.md": "reference/glossary.md",
    "SAFETY.md": "reference/safety.md",
    "SECURITY.md": "reference/security.md",
    "ARCHITECTURE.md": "reference/architecture.md",
}
STATUS = {
    "proposed": "Proposed: a medical director has not signed it yet",
    "approved": "Approved by a medical director",
    "fixed": "Fixed by a law, a label or the authors",
}
CONFIDENCE = {"H": "high", "M": "medium", "L": "low"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Write the safety manual's rule pages and the rule reference."
    )
    parser.add_argument("docs", nargs="?", type=Path, default=Path("docs"))
    docs: Path = parser.parse_args().docs
    for name, written in pages().items():
        place = docs / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(written, "utf-8")


def pages() -> dict[str, str]:
    """Every page by its place under docs/."""
    written = {f"manual/{rule.area}/{rule.id}.md": rule_page(rule) for rule in library()}
    written |= {f"manual/protocols/{rule.id}.md": rule_page(rule) for rule in protocol_rows()}
    written |= {f"manual/instruments/{id}.md": instrument_page(instrument(id)) for id in instrument_ids()}
    known = {rule.id for rule in (*library(), *protocol_rows())}
    others = set(tables()) - known - set(instrument_ids())
    written |= {
        f"manual/{tables()[name].parent.name}/{name}.md": _plain_page(name) for name in sorted(others)
    }
    written["manual/index.md"] = index(written)
    written["reference/rules.md"] = reference()
    return written | {place: brought(page) for page, place in BROUGHT.items()}


def brought(page: str) -> str:
    """A page of the root, its links led from where it stands among the documents."""
    text = (ROOT / page).read_text("utf-8").replace("](docs/", "](../")
    for other, place in BROUGHT.items():
        text = text.replace(f"]({other})", f"]({Path(place).name})")
    return text


def rule_page(rule: Rule) -> str:
    """One rule as a clinician checks it."""
    parts = [f"# {rule.id}. {rule.title}", _standing(rule.status, rule.confidence, rule.version)]
    if about := rule.words.get("about"):
        parts.append(str(about))
    if said := _says(rule):
        parts.append(f"## What it says\n\n{said}")
    if action := rule.words.get("action"):
        parts.append(f"**What to do.** {action}")
    parts.append(f"## Why\n\n{rule.words.get('why', '')} {_why(rule)}".replace("\n\n ", "\n\n"))
    if rule.numbers:
        parts.append(_numbers(rule))
    parts += [f"## Its table\n\n{_table(rule.id)}", _sources(_cited(rule))]
    return _joined(parts)


def _says(rule: Rule) -> str:
    """Every sentence the rule can say, with its level and who may go ahead; blank where it says none."""
    words = rule.words
    rows = [_row(c["level"], c["because"], _who(c)) for c in words.get("clauses", ())]
    states = words.get("says", {})
    rows += [
        _row(state.get("level", ""), state["because"], _who(state))
        for state in states.values()
        if isinstance(state, Mapping)
    ]
    for name, sentence in words.items():
        if name.startswith(("because", "unknown", "asks")) and isinstance(sentence, str):
            level = "unknown" if name == "unknown" else words.get("level", "")
            rows.append(_row(level, sentence, _who(words)))
    return "\n".join(["| Level | Sentence | Who may go ahead |", "| --- " * 3 + "|", *rows]) if rows else ""


def _who(words: Mapping[str, Any]) -> str:
    if words.get("level") not in ("stop", "hold"):
        return ""
    return str(words.get("override", "nobody")).replace("_", " ")


def _why(rule: Rule) -> str:
    """On whose word, and how well that was read."""
    cited = dict.fromkeys(_cited(rule))
    settled = [key for key in cited if resolve(key).kind.startswith("settled")]
    others = [key for key in cited if key != "PROPOSED" and key not in settled]
    parts = [f"{STATUS[rule.status]}. Confidence that the sources say so: {CONFIDENCE[rule.confidence]}."]
    if settled:
        parts.append(f"Settled against the full text: {', '.join(settled)}.")
    if others:
        parts.append(f"Read in a copy, an abstract, a page or a summary: {', '.join(others)}.")
    if "PROPOSED" in cited:
        parts.append("At least one number or step is a proposal that no source states.")
    return " ".join(parts)


def instrument_page(form: Instrument) -> str:
    """One instrument: bands, change rules, alerts, and the table of answers and scores."""
    parts = [f"# {form.name}", _scored(form)]
    if form.bands:
        rows = [_row(b.name.replace("_", " "), b.lowest, b.highest) for b in form.bands]
        parts.append("\n".join(["| Band | From | To |", "| --- | --- | --- |", *rows]))
    if form.changes:
        rows = [
            _row(c.id, _threshold(c), c.backing.status, ", ".join(c.backing.sources)) for c in form.changes
        ]
        parts.append("\n".join(["| Change rule | Threshold | Status | Sources |", "| --- " * 4 + "|", *rows]))
    if form.ends:
        rows = [
            _row(
                e.id,
                f"{e.at_most} or less" if e.at_least is None else f"{e.at_least} or more",
                *_said(e.backing),
            )
            for e in form.ends
        ]
        parts.append("\n".join(["| End | Total | Status | Sources |", "| --- " * 4 + "|", *rows]))
    if form.alerts:
        rows = [
            _row(a.id, a.level, a.action, a.backing.status, ", ".join(a.backing.sources)) for a in form.alerts
        ]
        parts.append(
            "\n".join(["| Alert | Level | What to do | Status | Sources |", "| --- " * 5 + "|", *rows])
        )
    named = (*form.changes, *form.alerts, *form.flags, *form.ends)
    backings = [*form.backing.values(), *(each.backing for each in named)]
    parts += [_table(form.id), _sources(key for backing in backings for key in backing.sources)]
    return _joined(parts)


def _scored(form: Instrument) -> str:
    """How answers become a total, who answers, and in which words it may be shown."""
    spoken = languages(form.id)
    ranged = "" if form.total.maximum is None else f", {form.lowest_total} to {form.highest_total}"
    total = {"none": "No total", "entered": "The total is typed in"}.get(
        form.total.how, f"Total: {form.total.how}"
    )
    parts = [
        f"Version {form.version}. {_counted(form)}, answered by {', '.join(form.respondent)}.",
        f"{total}{ranged}. Answers that may be missing: {form.may_miss}.",
        f"Never guessed: {', '.join(form.safety)}." if form.safety else "",
        f"Words: {', '.join(spoken)}. {text(form.id, spoken[0]).licence.terms}"
        if spoken
        else "Numbers only.",
    ]
    return " ".join(filter(None, parts))


def _counted(form: Instrument) -> str:
    return f"{len(form.items)} items" if form.items else "One number"


def _said(backing: Backing) -> tuple[str, str]:
    return backing.status, ", ".join(backing.sources)


def index(written: Iterable[str]) -> str:
    """The manual's first page: every page it has, by area."""
    areas: dict[str, list[str]] = {}
    for name in written:
        _, area, page = name.split("/")
        areas.setdefault(area, []).append(page)
    titles = {rule.id: f"{rule.id}. {rule.title}" for rule in (*library(), *protocol_rows())}
    titles |= {id: instrument(id).name for id in instrument_ids()}
    parts = [
        "# Safety manual",
        "What the software says, when, and on whose word. Every line of every table is a test.",
        _open_ones(),
    ]
    for area, names in areas.items():
        listed = [f"- [{titles.get(n[:-3], _title(n[:-3]))}]({area}/{n})" for n in sorted(names)]
        parts.append(f"## {_title(area)}\n\n" + "\n".join(listed))
    alone = [rule for rule in library() if _is_alone(rule)]
    listed = [f"- [{titles[rule.id]}]({rule.area}/{rule.id}.md)" for rule in alone]
    parts.append("## Rules that no source states\n\n" + "\n".join(listed))
    return _joined(parts)


def _is_alone(rule: Rule) -> bool:
    return set(_cited(rule)) == {"PROPOSED"}


def _open_ones() -> str:
    """How many rules stand on what, and how many lean on no source at all."""
    rules = list(library())
    count = {status: sum(rule.status == status for rule in rules) for status in STATUS}
    alone = sum(_is_alone(rule) for rule in rules)
    counted = ", ".join(f"{n} {status}" for status, n in count.items() if n)
    return (
        f"{len(rules)} rules: {counted}. A proposed rule is evaluated and shown as proposed; a medical"
        f" director signs it before care under it begins. {alone} lean on no source at all;"
        " [they are listed last](#rules-that-no-source-states)."
    )


def reference() -> str:
    """Every rule in one table."""
    rows = [
        _row(rule.id, rule.title, rule.status, rule.confidence, _figures(rule), ", ".join(rule.sources))
        for rule in library()
    ]
    head = ["| Rule | What | Status | Confidence | Numbers | Sources |", "| --- " * 6 + "|"]
    return _joined(["# Rules", f"The set `{library().name}`.", "\n".join([*head, *rows])])


def _standing(status: str, confidence: str, version: str) -> str:
    return f"*{STATUS[status]}. Confidence {CONFIDENCE[confidence]}. Version {version}.*"


def _numbers(rule: Rule) -> str:
    rows = [
        _row(name.replace("_", " "), f"{n.value} {n.unit}", n.status, n.confidence, ", ".join(n.sources))
        for name, n in rule.numbers.items()
    ]
    return "\n".join(["| Number | Value | Status | Confidence | Sources |", "| --- " * 5 + "|", *rows])


def _figures(rule: Rule) -> str:
    def figure(name: str, number: Number) -> str:
        return f"{name.replace('_', ' ')} {number.value} {number.unit}"

    return "; ".join(figure(name, number) for name, number in rule.numbers.items())


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _threshold(rule: ChangeRule) -> str:
    return f"{rule.points} points" if rule.points is not None else f"{rule.percent}%"


def _table(name: str) -> str:
    path = tables().get(name)
    return path.read_text("utf-8").strip() if path else "Held by the tests of the protocols, not by a table."


def _cited(rule: Rule) -> list[str]:
    return [*rule.sources, *(key for number in rule.numbers.values() for key in number.sources)]


def _sources(keys: Iterable[str]) -> str:
    listed = [f"- **{key}** {resolve(key).text}" for key in dict.fromkeys(keys)]
    return "## Sources\n\n" + "\n".join(listed)


def _plain_page(name: str) -> str:
    return _joined([f"# {_title(name)}", _table(name)])


def _title(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
