"""Reads what a patient calls their medicines, and says plainly which words it does not know.

Decided here: an entry is recognized only when every word in it is a medicine's name, a number, or a
word of dose, form or schedule. A medicine that bears on no rule is recognized all the same, from the
names kept in the `drug_named_entity_recognition` package (its data file only, read offline). A
likely misspelling is named with a guess and still counts as unrecognized until a person confirms.
"""

from __future__ import annotations

import bz2
import pickle
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from openkap.medicine.rules import documents, read_backing

NAMES_PACKAGE = "drug_named_entity_recognition"
NAMES_FILE = "drug_ner_dictionary.pkl.bz2"
LONGEST_NAME = 10

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drug:
    """A generic as the library lists it, with the rules it bears on (none: it only stops a false hit)."""

    generic: str
    group: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Medicine:
    """One entry as typed. `unknown` are the words nobody knows; `guess` what they may have meant.

    `watched` are names that are known but belong to a class a rule watches, with no row to say which.
    """

    text: str
    drugs: tuple[Drug, ...] = ()
    others: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    guess: str | None = None

    @property
    def recognized(self) -> bool:
        return not self.unknown and not self.watched and bool(self.drugs or self.others)


@lru_cache(maxsize=4096)
def read_medicine(text: str) -> Medicine | None:
    """What an entry names; `None` where it says that there is no medicine."""
    words = words_of(text)
    if " ".join(words) in vocabulary()["none"]:
        return None
    if not words:
        return Medicine(text, unknown=(text,))
    names, rest = _find(words, drug_names())
    others: list[Words] = []
    if _leftover(rest) or not names:
        others, rest = _find(rest, ordinary_names(), salts_too=not names)
    if _leftover(rest) or not (names or others):
        more, rest = _find(rest, package_names(), salts_too=not (names or others))
        others += more
    watched = tuple(word for name in others for word in name if _is_watched(word))
    unknown = _leftover(rest)
    if not (unknown or names or others):
        unknown = words
    drugs = {drug.generic: drug for found in names for drug in drug_names()[found]}
    found_others = tuple(" ".join(name) for name in others)
    return Medicine(text, tuple(drugs.values()), found_others, unknown, watched, _guess(unknown))


def words_of(text: str) -> Words:
    """Lower-case words without marks: "St. John's wort" gives ("st", "johns", "wort")."""
    plain = text.casefold().replace("'", "").replace("’", "")
    return tuple(re.findall(r"[^\W\d_]+\d*|\d+(?:\.\d+)?", plain))


@cache
def drug_names() -> dict[Words, tuple[Drug, ...]]:
    """Every generic and brand name of the library. A shared brand leads to each of its drugs."""
    names: dict[Words, tuple[Drug, ...]] = {}
    for document in documents("drugs"):
        for group in document.data.get("class", ()):
            read_backing(document, group["name"], group, re.escape(group["name"]))
            for generic, entry in group["drugs"].items():
                drug = Drug(generic, group["name"], tuple(entry["rules"]))
                for name in {words_of(n) for n in (*entry["names"], *entry["brands"])} - {()}:
                    names[name] = (*names.get(name, ()), drug)
    return names


@cache
def _coded() -> Mapping[str, str]:
    """Generics by their RxNorm ingredient, as far as one was read."""
    groups = (group for document in documents("drugs") for group in document.data.get("class", ()))
    rows = ((entry.get("rxnorm"), generic) for group in groups for generic, entry in group["drugs"].items())
    return {code: generic for code, generic in rows if code}


def with_codes(text: str, rxnorm: Iterable[str]) -> str:
    """What an entry is called, with the drugs its codes name where its words do not name them.

    A code that is not in the table adds nothing: such an entry is read by its words alone.
    """
    read = read_medicine(text) if text.strip() else None
    said = {drug.generic for drug in read.drugs} if read is not None else set()
    added = [_coded()[code] for code in dict.fromkeys(rxnorm) if code in _coded()]
    added = [generic for generic in added if generic not in said]
    if not text.strip():
        return ", ".join(added)
    return f"{text} ({', '.join(added)})" if added else text


@cache
def _words() -> Mapping[str, Any]:
    return next(d for d in documents("drugs") if d.name.endswith("words.toml")).data


@cache
def vocabulary() -> Mapping[str, frozenset[str]]:
    """Words that are no medicine, by kind."""
    return {kind: frozenset(words) for kind, words in _words().items() if isinstance(words, list)}


@cache
def _plain_words(salts: bool = True) -> frozenset[str]:
    kinds = ("units", "forms", "schedule", "reasons", *(("salts",) if salts else ()))
    return frozenset().union(*(vocabulary()[kind] for kind in kinds))


def _is_watched(word: str) -> bool:
    return any(stem in word for stem in vocabulary()["watched_stems"])


@cache
def ordinary_names() -> dict[Words, None]:
    return {words_of(name): None for name in vocabulary()["ordinary"]}


@cache
def package_names() -> dict[Words, None]:
    """Names of real medicines from the kept package; empty where it is not installed.

    Only its data file is read: importing the package would open files in the home folder.
    """
    spec = find_spec(NAMES_PACKAGE)
    if spec is None or spec.origin is None:
        return {}
    with bz2.open(Path(spec.origin).with_name(NAMES_FILE)) as file:
        data: dict[str, Any] = pickle.load(file)  # noqa: S301  a pinned, hashed package's own file
    return {words_of(name): None for name in data["drug_variant_to_canonical"]}


def _find(words: Words, names: Mapping[Words, Any], salts_too: bool = False) -> tuple[list[Words], Words]:
    """Names found, longest first at each place, and the words that are left.

    A word like "calcium" is part of another name, unless it is the only name there is.
    """
    plain = _plain_words(not salts_too)
    found: list[Words] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            if (name := words[at : at + length]) in names and not _is_plain(name, plain):
                found.append(name)
                rest.append("")  # a name does not join the words on either side of it
                at += length
                break
        else:
            rest.append(words[at])
            at += 1
    return found, tuple(rest)


def _is_plain(name: Words, plain: frozenset[str]) -> bool:
    return all(not word or word.rstrip("0123456789.") in plain | {""} for word in name)


def _leftover(words: Words) -> Words:
    return tuple(word for word in words if not _is_plain((word,), _plain_words()))


def _guess(unknown: Words) -> str | None:
    """The name the unknown words are most like, where they are like one at all."""
    if not unknown:
        return None
    from rapidfuzz import fuzz, process  # only where a guess is wanted: it keeps the start quick

    guess = _words()["guess"]
    likeness = guess["likeness_percent"]
    candidates = [w for w in dict.fromkeys((*unknown, " ".join(unknown))) if len(w) >= guess["shortest_word"]]
    for names in (drug_names(), package_names()):
        choices = [" ".join(name) for name in names]
        for candidate in candidates:
            best = process.extractOne(candidate, choices, scorer=fuzz.ratio, score_cutoff=likeness)
            if best and best[0] not in unknown:
                return str(best[0])
    return None
