"""Agreements beside the consent to treatment: someone in training, a recording, visits by video or phone.

Decided here: each is a document of its own with questions of its own, since a yes to treatment is no yes to
these (dossier 6.1, rows 11, 13 and 20). What is said of remote prescribing holds to its last day and fails
closed: after it an examination in person comes first (row `X-TELEMEDICINE`, dossier 6.4).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from openkap.medicine.consent.compose import Composed, Question, Section
from openkap.medicine.consent.elements import frame
from openkap.medicine.dated import has_run_out
from openkap.medicine.rules import RuleSet, library, library_folder

AGREEMENTS = ("agree.trainee", "agree.recording", "agree.telehealth")


def agreement(id: str, language: str, on: date, ruleset: RuleSet | None = None) -> Composed:
    """The text of one agreement on a day of the practice's calendar. Raises `KeyError`."""
    row = _rows(language)[id]
    text = str(row["text"]).strip().replace("{remote}", _remote(language, on, ruleset))
    questions = tuple(
        Question(each["id"], each["ask"], tuple(each["choices"]), each["right"], each["why"])
        for each in row["question"]
    )
    return Composed(language, row["title"], sections_of(text), questions)


def sections_of(text: str) -> tuple[Section, ...]:
    """A text parted at its headings. What they cover is not known from the text alone."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in text.strip().splitlines():
        if line.startswith("# "):
            found.append((line[2:].strip(), []))
        else:
            found[-1][1].append(line)
    sections = [(heading, "\n".join(lines).strip()) for heading, lines in found]
    return tuple(
        Section(f"own-{n}", heading, words)
        for n, (heading, words) in enumerate(sections, 1)
        if heading or words
    )


def _remote(language: str, on: date, ruleset: RuleSet | None) -> str:
    if has_run_out("X-TELEMEDICINE", on, ruleset):
        return str(frame(language)["remote_over"])
    last: date = (ruleset or library()).rule("X-TELEMEDICINE").words["last_day"]
    return str(frame(language)["remote_open"]).replace("{last_day}", _said(last, language))


def _said(day: date, language: str) -> str:
    if language == "es":
        return f"{day.day} de {_MESES[day.month - 1]} de {day.year}"
    return f"{day:%B} {day.day}, {day.year}"


_MESES = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


@cache
def _rows(language: str) -> Mapping[str, Mapping[str, Any]]:
    file = library_folder().joinpath("consent", "agreements", f"{language}.toml")
    return {row["id"]: row for row in tomllib.loads(file.read_text("utf-8"))["agreement"]}
