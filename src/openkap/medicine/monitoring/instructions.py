"""What a person takes home in writing after a dose, by route.

Decided here: how the texts of `library/discharge/texts` are read. The words are the library's; each part
names who stands behind it. A language that has none falls back to English, and says which it is. What speaks
of therapy is told where there is therapy.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache

from openkap.medicine.rules import library_folder
from openkap.medicine.sources import resolve

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, its lines, and the keys of their sources. `with_therapy`: lines where there is therapy."""

    title: str
    lines: tuple[str, ...]
    sources: tuple[str, ...]
    with_therapy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instructions:
    """One text. `name` is what a record keeps of it: which text, which version, which language."""

    id: str
    version: str
    language: str
    title: str
    status: str
    routes: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        return f"{self.id} {self.version} {self.language}"

    @property
    def sources(self) -> tuple[str, ...]:
        """Every key once, in the order the text leans on them."""
        return tuple(dict.fromkeys(key for part in self.parts for key in part.sources))


def instructions(route: str, language: str = FALLBACK, *, therapy: bool = True) -> Instructions:
    """The text for this route, whole, or as it is without therapy. `KeyError` for a route that has none."""
    for spoken in (language, FALLBACK):
        for text in _texts(spoken):
            if route in text.routes:
                return replace(text, parts=tuple(_said(part, therapy) for part in text.parts))
    raise KeyError(f"No going-home text for {route!r}.")


def _said(part: Part, therapy: bool) -> Part:
    return replace(part, lines=part.lines + part.with_therapy, with_therapy=()) if therapy else part


@cache
def _texts(language: str) -> tuple[Instructions, ...]:
    folder = library_folder() / "discharge" / "texts" / language
    if not folder.is_dir():
        return ()
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(_read(file.read_text("utf-8")) for file in files)


def _read(text: str) -> Instructions:
    data = tomllib.loads(text)
    parts = tuple(
        Part(p["title"], tuple(p["lines"]), tuple(p["sources"]), tuple(p.get("with_therapy", ())))
        for p in data["part"]
    )
    for part in parts:
        for key in part.sources:
            resolve(key)
    return Instructions(
        data["id"], data["version"], data["language"], data["title"], data["status"],
        tuple(data["routes"]), parts,
    )  # fmt: skip
