"""How hard a text is to read, in English and in Spanish.

Decided here: English by Flesch-Kincaid (grade = 0.39 words per sentence + 11.8 syllables per word - 15.59;
Kincaid 1975). Spanish by Fernández Huerta (ease = 206.84 - 60 syllables per word - 1.02 words per sentence;
1959, as Law corrected it in 2011, with its own table of school grades) and in words by the INFLESZ scale over
Szigriszt's formula (206.835 - 62.3 syllables per word - words per sentence; Barrio-Cantalejo 2008). Syllables
are counted by groups of vowels: over our own English texts this comes within one in a hundred of the CMU
dictionary, nearer than hyphenation does. A measure is a hint, never a reason to refuse: it knows nothing of
what is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WARN_ABOVE = 8.0
LONG = 20

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_END = re.compile(r"(?<=[.?!])[\"”»)]*\s+|\n+")  # fmt: skip
_MARK = re.compile(r"^\s*(?:#+|-)\s+")
# Fernández Huerta's table: from this ease on, the text suits this grade; below it, more than the eighth.
_GRADES = ((90.0, 4.0), (80.0, 5.0), (70.0, 6.0), (60.0, 8.0))
_ABOVE = 9.0
_INFLESZ = ((80.0, "very_easy"), (65.0, "quite_easy"), (55.0, "normal"), (40.0, "rather_hard"))


@dataclass(frozen=True, slots=True)
class Reading:
    """`grade`: the school grade a text suits. `ease`: a word of the INFLESZ scale, for Spanish.

    `longest`: up to three sentences of more than 20 words.
    """

    words: int
    sentences: int
    grade: float
    ease: str
    longest: tuple[str, ...]

    @property
    def is_hard(self) -> bool:
        return self.grade > WARN_ABOVE


def reading(text: str, language: str) -> Reading | None:
    """The measure of a text; None for one without words."""
    parts = sentences(text)
    counted = [(part, _WORD.findall(part)) for part in parts]
    counted = [(part, found) for part, found in counted if found]
    words = [word for _part, found in counted for word in found]
    if not words:
        return None
    per_sentence = len(words) / len(counted)
    per_word = sum(syllables(word, language) for word in words) / len(words)
    longest = sorted((row for row in counted if len(row[1]) > LONG), key=lambda row: -len(row[1]))
    return Reading(
        words=len(words),
        sentences=len(counted),
        grade=_grade(per_word, per_sentence, language),
        ease=_ease(per_word, per_sentence) if language == "es" else "",
        longest=tuple(part for part, _found in longest[:3]),
    )


def sentences(text: str) -> list[str]:
    """The sentences of a text, each item of a list and each heading by itself, without its mark."""
    found: list[str] = []
    for line in text.splitlines():
        plain = _MARK.sub("", line)
        found += [" ".join(part.split()) for part in _END.split(plain) if part.strip()]
    return found


def syllables(word: str, language: str) -> int:
    """About how many syllables a word has; at least one. A number counts as one."""
    plain = word.lower()
    return max(_spanish(plain) if language == "es" else _english(plain), 1)


def _english(word: str) -> int:
    count = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouyl]e$", word) or re.search(r"[aeiouy]le$", word):
        count -= 1
    if re.search(r"[^aeiouytd]ed$", word):
        count -= 1
    if re.search(r"[^aeiouysxzcgl]es$", word) and not re.search(r"(?:sh|ch)es$", word):
        count -= 1
    return count


def _spanish(word: str) -> int:
    # Strong vowels stand alone; a weak one joins its neighbor unless it bears the accent; u in que is silent.
    heard = re.sub(r"qu(?=[eiéí])", "q", re.sub(r"gu(?=[eiéí])", "g", word))
    return len(re.findall(r"[iuüy]?[aeoáéó](?:[iuü](?![aeoáéó])|y(?![aeiouáéíóú]))?|[íú]|[iuü]+y?|y$", heard))


def _grade(per_word: float, per_sentence: float, language: str) -> float:
    if language != "es":
        return round(max(0.39 * per_sentence + 11.8 * per_word - 15.59, 0.0), 1)
    ease = 206.84 - 60 * per_word - 1.02 * per_sentence
    return next((grade for least, grade in _GRADES if ease >= least), _ABOVE)


def _ease(per_word: float, per_sentence: float) -> str:
    ease = 206.835 - 62.3 * per_word - per_sentence
    return next((name for least, name in _INFLESZ if ease >= least), "very_hard")
