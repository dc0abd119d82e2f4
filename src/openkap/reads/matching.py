"""Matching what someone typed with a name or a birth date, spelling forgiven.

Decided here: how close a word must be to a word of a name, and in which spellings a birth date is
read. Pure: no database, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from openkap.records.people import name_key

CLOSE = 0.84
_MONTHS = {
    name: place
    for place, names in enumerate(
        ("jan ene january enero", "feb february febrero", "mar march marzo", "apr abr april abril",
         "may mayo", "jun june junio", "jul july julio", "aug ago august agosto",
         "sep sept september septiembre", "oct october octubre", "nov november noviembre",
         "dec dic december diciembre"), start=1)
    for name in names.split()
}  # fmt: skip


def dates_in(text: str, today: date, country: str = "US") -> tuple[tuple[date, ...], str]:
    """The birth dates `text` may mean, the likelier first, and the words left beside them."""
    pattern = (
        r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\b\d{8}\b"
        r"|\b\d{1,2}(?:st|nd|rd|th)?\.?\s+(?:de\s+)?[^\W\d_]{3,}\.?,?\s+(?:de\s+)?\d{4}"
        r"|\b[^\W\d_]{3,}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}"
    )
    for match in re.finditer(pattern, text):
        found = tuple(dict.fromkeys(_readings(match[0], today, country)))
        if found:
            return found, (text[: match.start()] + " " + text[match.end() :]).strip()
    return (), text.strip()


def _readings(text: str, today: date, country: str) -> Iterable[date]:
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    month = next((m for w in re.findall(r"[^\W\d_]+", text) if (m := _MONTHS.get(name_key(w)))), None)
    if month is not None and len(numbers) == 2:
        orders = [(numbers[1], month, numbers[0])]
    elif len(text) == 8 and text.isdigit():
        y, m, d = int(text[:4]), int(text[4:6]), int(text[6:])
        last, one, two = int(text[4:]), int(text[:2]), int(text[2:4])
        orders = [(y, m, d), (last, one, two), (last, two, one)]
    elif len(numbers) == 3 and numbers[0] > 31:
        orders = [(numbers[0], numbers[1], numbers[2])]
    elif len(numbers) == 3:
        year = _full_year(numbers[2], today)
        orders = [(year, numbers[0], numbers[1]), (year, numbers[1], numbers[0])]
        if country != "US" or "." in text:
            orders.reverse()
    else:
        return
    for year, month_, day_ in orders:
        try:
            read = date(year, month_, day_)
        except ValueError:
            continue
        if date(1900, 1, 1) <= read <= today:
            yield read


def _full_year(year: int, today: date) -> int:
    """Two digits are the last such year that is not still to come."""
    if year > 99:
        return year
    return 2000 + year if 2000 + year <= today.year else 1900 + year


def name_score(asked: str, known: str) -> float:
    """How well every word of `asked` is met by a word of `known`: 1 is to the letter, 0 says one is not."""
    words, names = asked.split(), known.split()
    if not words or not names:
        return 0.0
    best = [max(_word_score(word, name) for name in names) for word in words]
    return 0.0 if min(best) < CLOSE else sum(best) / len(best)


def close_to(word: str, names: Iterable[str]) -> list[str]:
    """Those of `names` (single words) that `name_score` takes for `word`."""
    every = list(names)
    if len(word) < 3:
        return [name for name in every if name.startswith(word)]
    like = JaroWinkler.normalized_similarity
    whole = process.extract_iter(word, every, scorer=like, score_cutoff=CLOSE)
    begun = [name[: len(word)] for name in every]
    part = process.extract_iter(word, begun, scorer=like, score_cutoff=CLOSE / 0.95)
    near = {every[place] for _said, _score, place in (*whole, *part)}
    return [name for name in near if _word_score(word, name) >= CLOSE]


@lru_cache(maxsize=1 << 16)
def _word_score(word: str, name: str) -> float:
    if name.startswith(word):
        return 1.0 if word == name else 0.97
    if len(word) < 3:
        return 0.0
    # "alderbrok" is compared with the whole, "aldrb" with as much of it as was typed.
    part = name[: len(word)] if len(word) < len(name) - 2 else name
    like = JaroWinkler.normalized_similarity
    return max(like(word, name), 0.95 * like(word, part))
