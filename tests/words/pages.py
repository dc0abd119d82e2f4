"""What a page says aloud: its text and the attributes that are read, and which of it is still English.

Decided here: what stands in an element with another `lang`, or with `translate="no"`, is left out: a name, a
quoted form that exists in one language only. English is told by three signs: words that Spanish does not
have, a word that our catalog has in English and never in Spanish, and a line that is the same on the English
page and is nobody's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html.parser import HTMLParser

from tests.words.catalog import catalog

READ_ALOUD = ("aria-label", "alt", "title", "placeholder", "aria-description", "label", "data-label")
SILENT = {"script", "style", "template"}
VOID = {"meta", "link", "input", "br", "hr", "img", "col", "source", "area", "base", "wbr"}
# Common in English, and no word of Spanish, nor of a name in the invented cast.
ENGLISH = re.compile(
    r"\b(the|your?|and|of|with|is|are|was|were|this|that|it|for|from|not|they|what|who|when|can|have|has"
    r"|will|here|today|yesterday|tomorrow|no longer|nothing|only|until|since|by|on|at|to|or|any|all|hour"
    r"|minutes?|hours?|days?|weeks?|into|in|an|out|up|if|be|so|we|them|their|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|May"
    r"|June|July|August|September|October|November|December)\b",
    re.IGNORECASE,
)


class _Reader(HTMLParser):
    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=True)
        self.language, self.said = language, []  # type: str, list[str]
        self.heard: list[bool] = [True]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        heard = self.heard[-1] and tag not in SILENT and given.get("translate") != "no"
        heard = heard and (given.get("lang") or self.language).split("-")[0] == self.language
        if heard:
            self.said += [given[name] or "" for name in READ_ALOUD if given.get(name)]
            if tag == "input" and given.get("type") in ("submit", "button"):
                self.said.append(given.get("value") or "")
        if tag not in VOID:
            self.heard.append(heard)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.heard) > 1:
            self.heard.pop()

    def handle_data(self, data: str) -> None:
        if self.heard[-1]:
            self.said.append(data)


def said(page: str, language: str = "es") -> list[str]:
    """Every piece of text a reader or a screen reader meets, in the order of the page."""
    reader = _Reader(language)
    reader.feed(page)
    return [words for piece in reader.said if (words := " ".join(piece.split()))]


@cache
def only_english() -> frozenset[str]:
    """Words of four letters or more that stand in what is translated and in no translation."""
    known = catalog()
    spanish = {word for forms in known.values() for form in forms for word in _words(form)}
    return frozenset({word for msgid in known for word in _words(msgid)} - spanish)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{4,}", re.sub(r"%\(\w+\)[sd]|<[^>]*>", " ", text).lower())


def english_in(page: str, names: Iterable[str], same: Iterable[str] = ()) -> list[str]:
    """Pieces of a Spanish page that are English. `names` are no language's words; `same` is what the English
    page says."""
    known = sorted({name for name in names if name}, key=len, reverse=True)
    english = set(same)
    found = []
    for piece in said(page):
        words = piece
        for name in known:
            words = words.replace(name, " ")
        if (
            ENGLISH.search(words)
            or only_english().intersection(_words(words))
            or (piece in english and re.search(r"[^\W\d]{3}", words))
        ):
            found.append(piece)
    return found
