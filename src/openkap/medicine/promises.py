"""Promises that nobody may make: found in a text, with the reason, unless the text says no to them.

Decided here: what counts as making a promise. The phrases are data (`library/evidence/promises.toml`), each
with its reason and sources (dossier 0.5, the FDA alerts, the project's own principle of honesty). A phrase
counts unless its own clause denies it ("is not a cure"), its sentence leaves it open ("whether it cures is
not known"), it is a question that is answered with no, or it is told of others and plainly called false
("Some say it cures. This is false."). Calling a denial false makes the promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from openkap.medicine.plain_words import plain
from openkap.medicine.rules import Document, documents
from openkap.medicine.sources import bibliography

AREA = "evidence"
KEYS = {"id", "language", "phrases", "unless", "why", "why_es", "instead", "instead_es", "sources"}
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
# What others say, what is quoted or called an idea: of these alone "this is false" takes the words back.
TOLD_OF_OTHERS = re.compile(
    r"^\W*[\"“«']|\b(?:says?|said|claim(?:s|ed)?|promise[sd]?|advertises?|read|hear|heard|told|idea|belief|"
    r"notion|dicen?|afirman?|prometen?|aseguran?|leer|leido|oir|oido|creencia)\b"
)
_WHAT = r"(?:this|that|it|which|these|those|esto|eso|lo cual|lo que)"
_FALSE = (
    r"(?:(?:is|are) (?:simply |just |plainly |all |both )?(?:false|not true|untrue|wrong|a myth|myths)"
    r"|(?:es|son) (?:falsos?|falsas?|mentira|un mito)|no es (?:cierto|verdad))"
)
# The same sentence ends so, or the next one says this and nothing else.
ENDS_FALSE = re.compile(
    rf"(?:[,;:—–\"”»]|\b(?:and|but|yet|though|pero|y|aunque)) ?{_WHAT} {_FALSE}\W*$"
    rf"|^\W*(?:the|any|every|la) (?:claim|idea|belief|promise|notion|creencia|promesa)s? .* {_FALSE}\W*$"
)
CALLS_FALSE = re.compile(rf"\W*(?:(?:{_WHAT} )?{_FALSE}|false|untrue|not true|falso)\W*$")
MYTH = re.compile(r"^\W*(?:myth|mito)\W*[:—–-]")
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


@lru_cache(maxsize=256)
def promises_found(text: str) -> tuple[Found, ...]:
    """Every promise that `text` makes, in whatever language, once each, in the order of the text."""
    sentences = [match[0] for match in SENTENCE.finditer(plain(text)) if match[0].strip()]
    found: dict[str, Found] = {}
    for number, sentence in enumerate(sentences):
        after = sentences[number + 1] if number + 1 < len(sentences) else ""
        if LEAVES_OPEN.search(sentence) or _only_asks(sentence, after):
            continue
        rejected = bool(ENDS_FALSE.search(sentence) or CALLS_FALSE.match(after))
        for promise in promises():
            if promise.id not in found and (words := _makes(sentence, promise, rejected)):
                found[promise.id] = Found(words, promise)
    return tuple(found.values())


def _only_asks(sentence: str, after: str) -> bool:
    """Whether this is a question that promises nothing: answered with no, or asked and not with yes."""
    if not sentence.rstrip().endswith("?"):
        return False
    return bool(SAYS_NO.match(after) or (ASKS.match(sentence) and not SAYS_YES.match(after)))


@lru_cache(maxsize=8192)
def _makes(sentence: str, promise: Promise, rejected: bool) -> str:
    """The words with which this sentence makes the promise; blank where it does not. `rejected`: what it says
    is called false at once."""
    said = next(
        (
            match[0]
            for phrase in promise.phrases
            for match in _pattern(phrase).finditer(sentence)
            if _meant(sentence[: match.start()], rejected)
        ),
        "",
    )
    # Hardly any sentence holds a phrase at all: what would excuse it is looked for last.
    excused = said and any(_pattern(phrase).search(sentence) for phrase in promise.unless)
    return "" if excused else said


def _meant(before: str, rejected: bool) -> bool:
    """Whether a phrase after these words is meant: in its own clause nothing says no to it, and nothing
    after takes it back. "It is not a cure. This is false." means it."""
    clause = BREAKS.split(NO_DENIAL.sub(" ", MYTH.sub("myth ", before)))[-1]
    denied = DENIES.search(clause) is not None
    if not rejected:
        return not denied
    return denied or TOLD_OF_OTHERS.search(before) is None


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """A phrase as it is written in the library: `*` any ending, `…` up to four words, `#` a number,
    `a|b` one or the other."""
    parts = []
    for word in plain(phrase).split():
        if word == "...":  # how "…" reads once it is made plain
            parts.append(GAP)
            continue
        either = "|".join(
            re.escape(one).replace(r"\*", r"\w*").replace(r"\#", r"\d+(?:[.,]\d+)?")
            for one in word.split("|")
        )
        parts.append(rf"\W+(?:{either})" if parts else rf"(?<!\w)(?:{either})")
    return re.compile("".join(parts) + r"(?![\w-])")
