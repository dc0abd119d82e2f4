"""Promises that nobody may make: found in a text, with the reason, unless the text says no to them.

Decided here: what counts as making a promise. The phrases are data (`library/evidence/promises.toml`), each
with its reason and sources (dossier 0.5, the FDA alerts, the project's own principle of honesty). A phrase
counts unless its own clause denies it ("is not a cure"), its sentence leaves it open ("whether it cures is
not known"), or it is a question that is answered with no.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from openkap.medicine.rules import Document, documents
from openkap.medicine.sources import bibliography

AREA = "evidence"
KEYS = {"id", "language", "phrases", "unless", "why", "why_es", "instead", "instead_es", "sources"}
# A line at least this long, without a full stop, goes on in the next one.
WRAPPED = 50
GAP = r"(?:\W+\w+){0,4}?"
# Words between the denial and the phrase after which the denial no longer reaches it.
BREAKS = re.compile(
    r"[;:()–—]|\bbut\b|\byet\b|\bbecause\b|\bso\b|\bpero\b|\bporque\b|\bsino\b"
    r"|(?:,|\band\b|\by\b) (?=(?:it|is|was|will|can|we|you|they|this|that|our|has|have|all|most|many|nearly|"
    r"everyone|ketamine|es|era|puede|usted|nosotros|ellos|esto|todos|la ketamina|ha|han)\b)"
)
DENIES = re.compile(
    r"\b(?:not|no|never|nobody|none|nothing|neither|nor|cannot|without|hardly|beware|wary|myth|false|\w+n't|"
    r"nunca|jamas|ni|nadie|ningun|ninguna|tampoco|sin|falso|desconfie)\b"
)
# They look like a denial and are none.
NO_DENIAL = re.compile(
    r"\b(?:not (?:only|just|merely|simply)|no (?:doubt|wonder|question|better|other|safer|faster|longer)"
    r"|without (?:a )?(?:doubt|question)|without fail|nothing but"
    r"|(?:nobody|no one) (?:denies|doubts)|no (?:solo|solamente)|sin duda"
    r"|ningun otro|ninguna otra)\b"
)
LEAVES_OPEN = re.compile(
    r"\bwhether\b(?!\W+(?:you|your)\b.*,)|\b(?:not known|unknown|not proven|unproven|not shown|nobody knows|"
    r"no one knows|remains unclear|no se sabe|no esta (?:probado|demostrado)|nadie sabe|se desconoce)\b"
)
SAYS_NO = re.compile(r"\W*(?:no|not|never|nobody|nunca|nadie)\b")
SAYS_YES = re.compile(
    r"\W*(?:yes|si|absolutely|definitely|certainly|of course|sure|it does(?! not)|claro|por supuesto)\b"
)
ASKS = re.compile(r"\W*(?:is|are|does|do|can|will|has|how|what|why|who|es|son|cura|ayuda|puede|que|como)\b")
# Letters of other alphabets that look like ours, and marks of emphasis that look like part of a word.
LOOK_ALIKE = str.maketrans("асеорхуіјѕһοαιν_", "aceopxyijshoaiv ")
SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\d)[^.!?\n]+)*[.!?]*|\n")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise that is refused: its phrases, and what it is refused for, in words for each language."""

    id: str
    language: str
    phrases: tuple[str, ...]
    unless: tuple[str, ...]
    why: str
    why_es: str
    instead: str
    instead_es: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A promise as it stands in the text: its words, and which promise it is."""

    words: str
    promise: Promise


@cache
def promises() -> tuple[Promise, ...]:
    """Every promise that is refused, in the order of the file."""
    return tuple(promise for document in documents(AREA) for promise in read_promises(document))


def read_promises(document: Document) -> Iterator[Promise]:
    """The promises of one file. Raises `Unsound`."""
    for row in document.data.get("promise", ()):
        here = rf'^id = "{re.escape(str(row.get("id", "")))}"'
        if set(row) - {"unless"} != KEYS - {"unless"}:
            wrong = ", ".join(sorted(set(row) ^ KEYS))
            raise document.unsound(f"{row.get('id')}: {wrong} is missing or unknown.", here)
        for key in row["sources"]:
            if key not in bibliography():
                raise document.unsound(f"{row['id']}: source {key!r} is not in the bibliography.", here)
        lists = {key: tuple(row.get(key, ())) for key in ("phrases", "unless", "sources")}
        yield Promise(**{**row, **lists})


def promises_found(text: str) -> tuple[Found, ...]:
    """Every promise that `text` makes, in whatever language, once each, in the order of the text."""
    sentences = [match[0] for match in SENTENCE.finditer(_plain(text)) if match[0].strip()]
    found: dict[str, Found] = {}
    for number, sentence in enumerate(sentences):
        after = sentences[number + 1] if number + 1 < len(sentences) else ""
        if LEAVES_OPEN.search(sentence) or _only_asks(sentence, after):
            continue
        for promise in promises():
            if promise.id not in found and (words := _makes(sentence, promise)):
                found[promise.id] = Found(words, promise)
    return tuple(found.values())


def _only_asks(sentence: str, after: str) -> bool:
    """Whether this is a question that promises nothing: answered with no, or asked and not with yes."""
    if not sentence.rstrip().endswith("?"):
        return False
    return bool(SAYS_NO.match(after) or (ASKS.match(sentence) and not SAYS_YES.match(after)))


@lru_cache(maxsize=8192)
def _makes(sentence: str, promise: Promise) -> str:
    """The words with which this sentence makes the promise; blank where it does not."""
    said = next(
        (
            match[0]
            for phrase in promise.phrases
            for match in _pattern(phrase).finditer(sentence)
            if not _denied(sentence[: match.start()])
        ),
        "",
    )
    # Hardly any sentence holds a phrase at all: what would excuse it is looked for last.
    excused = said and any(_pattern(phrase).search(sentence) for phrase in promise.unless)
    return "" if excused else said


def _denied(before: str) -> bool:
    """Whether what stands before the phrase, in its own clause, says no to it."""
    clause = BREAKS.split(NO_DENIAL.sub(" ", before))[-1]
    return DENIES.search(clause) is not None


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """A phrase as it is written in the library: `*` any ending, `…` up to four words, `#` a number,
    `a|b` one or the other."""
    parts = []
    for word in _plain(phrase).split():
        if word == "...":  # how "…" reads once it is made plain
            parts.append(GAP)
            continue
        either = "|".join(
            re.escape(one).replace(r"\*", r"\w*").replace(r"\#", r"\d+(?:[.,]\d+)?")
            for one in word.split("|")
        )
        parts.append(rf"\W+(?:{either})" if parts else rf"(?<!\w)(?:{either})")
    return re.compile("".join(parts) + r"(?![\w-])")


def _plain(text: str) -> str:
    """Small letters without accents, one kind of apostrophe, hyphen and space, and nothing that nobody sees;
    lines stay lines."""
    bare = unicodedata.normalize("NFKD", _unwrapped(text).casefold())
    bare = "".join(
        one for one in bare if not unicodedata.combining(one) and unicodedata.category(one) != "Cf"
    )
    bare = bare.translate(LOOK_ALIKE)
    bare = bare.replace("’", "'").replace("‘", "'").replace("can not", "cannot")
    return re.sub(r"[^\S\n]+", " ", re.sub(r"[‐‑–](?=\w)", "-", bare))


def _unwrapped(text: str) -> str:
    """A long line that goes on in the next is one line; headings, lists and short lines stand alone."""
    lines: list[str] = []
    for line in text.splitlines():
        last = lines[-1].rstrip() if lines else ""
        wrapped = len(last) >= WRAPPED and last[0] != "#" and last[-1] not in ".!?:"
        if wrapped and line.strip() and line.lstrip()[0] not in "#-*":
            lines[-1] = f"{lines[-1].rstrip()} {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)
