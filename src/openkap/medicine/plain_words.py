"""A text as it sounds when read: small letters, whole words, shares of a hundred in figures.

Decided here: what a reader takes in is what counts, not how it is spelled. Letters of other alphabets that
look like ours, letters parted by signs ("c-u-r-e-s"), accents, marks of emphasis and numbers in words hide
nothing.
"""

from __future__ import annotations

import re
import unicodedata

# A line at least this long, without a full stop, goes on in the next one.
WRAPPED = 50
# Letters of other alphabets that look like ours, and marks of emphasis that look like part of a word.
LOOK_ALIKE = str.maketrans("асеорхуіјѕһοαιν_", "aceopxyijshoaiv ")
# One sign between each two of at least three letters; and the full stop of an abbreviation within a sentence.
PARTED = re.compile(r"(?<!\w)[a-z](?P<sign>[-.*/·•|~+ ]{1,2})[a-z](?:(?P=sign)[a-z])+(?!\w)")
ABBREVIATED = re.compile(r"((?:\b[^\W\d]\.)+[^\W\d])\.(?= [a-z])")
UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis "
    "diecisiete dieciocho diecinueve",
)
TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety hundred",
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
)
NUMBERS = {word: number for line in UNITS for number, word in enumerate(line.split(), 1)} | {
    word: 10 * tens for line in TENS for tens, word in enumerate(line.split(), 2)
}
_NAMED = "|".join(NUMBERS)
# Numbers in words mean a share only before "percent"; "to" and "or" join two of them.
IN_WORDS = rf"(?:(?:an?|one|un) )?(?:{_NAMED})(?:(?:-| | y )(?:{_NAMED}))?"
SHARE = re.compile(
    rf"(?<!\w)(?:(?P<low>{IN_WORDS})(?P<to> (?:to|or|a|o) ))?(?P<number>\d+(?:[.,]\d+)?|{IN_WORDS})"
    r"(?: ?%| (?:percent|per cent|por ciento|por cien)(?!\w))"
)


def plain(text: str) -> str:
    """Small letters without accents, one kind of apostrophe, hyphen and space, and nothing that nobody sees;
    lines stay lines, and a share of a hundred is written `100%`."""
    bare = unicodedata.normalize("NFKD", ABBREVIATED.sub(r"\1", _unwrapped(text)).casefold())
    bare = "".join(
        one for one in bare if not unicodedata.combining(one) and unicodedata.category(one) != "Cf"
    )
    bare = bare.translate(LOOK_ALIKE)
    bare = bare.replace("’", "'").replace("‘", "'").replace("can not", "cannot")
    bare = re.sub(r"[^\S\n]+", " ", re.sub(r"[‐‑–](?=\w)", "-", bare))
    return SHARE.sub(_share, PARTED.sub(_whole, bare))


def _whole(parted: re.Match[str]) -> str:
    return parted[0].replace(parted["sign"], "")


def _share(found: re.Match[str]) -> str:
    low = f"{_figure(found['low'])}{found['to']}" if found["low"] else ""
    return f"{low}{_figure(found['number'])}%"


def _figure(number: str) -> str:
    if number[0].isdigit():
        return number
    named = [NUMBERS[word] for word in re.split(r"[- ]", number) if word in NUMBERS]
    return str(100 if 100 in named else sum(named))


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
