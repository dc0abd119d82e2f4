"""The words of an instrument, apart from its numbers: a pack of their own, with the licence they stand under.

Decided here: where words come from. First the clinic's own folder of licensed texts (`take_local`), then
the library (`library/instruments/texts/<instrument>/`: `licence.toml` and a file for each language). Words
are the authors' own, whole and unchanged; a language without an official translation has no file. A build
may leave out the packs that are not for commercial use: then a form asks for its numbers only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from openkap.medicine.instruments.instrument import Instrument, Value
from openkap.medicine.instruments.pack import UnknownInstrument, instrument, instrument_ids
from openkap.medicine.rules import Document, Unsound, library, library_folder, read_document

ENGLISH = "en"
LARGEST = 1_000_000


def _said(value: Any) -> bool:
    return isinstance(value, str)


def _listed(value: Any) -> bool:
    return isinstance(value, list) and all(map(_said, value))


def _by_item(each: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(map(each, value.values()))


# What each part of a pack is: words, a row of words, or either by item.
SHAPES: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("language", "title", "recall", "intro", "notice"), _said),
    **dict.fromkeys(("spdx", "terms", "holder", "checked_by", "caution"), _said),
    **dict.fromkeys(("options", "ends", "evidence"), _listed),
    **dict.fromkeys(("items", "headings", "hints"), _by_item(_said)),
    **dict.fromkeys(("item_options", "item_ends"), _by_item(_listed)),
    "checked_on": lambda value: isinstance(value, date),
}


@dataclass(frozen=True, slots=True)
class Option:
    """An answer as printed on the form: the value that is kept and the words beside it."""

    value: Value
    label: str


@dataclass(frozen=True, slots=True)
class Licence:
    """On what terms words may be shown. `notice` must stand with them; `caution` is for whoever reads scores.

    `spdx` is an SPDX id or "custom", then `terms` says it in words.
    """

    spdx: str
    terms: str
    holder: str
    notice: str
    non_commercial: bool
    no_derivatives: bool
    evidence: tuple[str, ...]
    checked_on: date
    checked_by: str
    caution: str


@dataclass(frozen=True, slots=True)
class Text:
    """The words of an instrument in one language.

    `options` are by item; on a scale with words at its ends only (`ends`) each option is its number.
    `headings` stand before the item they are named by; `hints` are the small print of an item.
    """

    instrument: str
    language: str
    title: str
    recall: str
    intro: str
    items: Mapping[str, str]
    options: Mapping[str, tuple[Option, ...]]
    ends: Mapping[str, tuple[str, str]]
    headings: Mapping[str, str]
    hints: Mapping[str, str]
    notice: str
    licence: Licence
    local: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of a clinic's own folder, and why the rest was not."""

    texts: tuple[Text, ...]
    refused: tuple[str, ...]


_LOCAL: dict[tuple[str, str], Text] = {}


def text(id: str, language: str = ENGLISH) -> Text:
    """The words of instrument `id`. Raises `UnknownInstrument` where that language has no pack."""
    form = instrument(id)
    found = _LOCAL.get((id, language)) or _library().get((id, language))
    if found is None:
        raise UnknownInstrument(f"{form.name} has no text pack in {language!r}.")
    return found


def languages(id: str) -> tuple[str, ...]:
    """The languages its words are there in, English first; empty where only numbers can be entered."""
    found = {language for name, language in (*_LOCAL, *_library()) if name == id}
    return tuple(sorted(found, key=lambda language: (language != ENGLISH, language)))


def best_text(id: str, language: str) -> Text | None:
    """In this language, else in English; None where there are no words at all."""
    spoken = [each for each in (language.split("-")[0], ENGLISH) if each in languages(id)]
    return text(id, spoken[0]) if spoken else None


def take_local(folder: Path | None) -> Taken:
    """Lay the clinic's own packs over the library's; None takes them away.

    A pack that does not fit its scoring pack is not taken, and told by its file and line; the others are.
    """
    found: dict[tuple[str, str], Text] = {}
    refused: list[str] = []
    places: list[Traversable] = []
    try:
        if folder is not None and not folder.is_dir():
            refused.append(f"{folder} is no folder.")
        elif folder is not None:
            places = _places(folder)
    except OSError as unfit:
        refused.append(f"{folder} cannot be read: {unfit.strerror}.")
    for place in places:
        try:
            found |= {(words.instrument, words.language): words for words in _pack(place, local=True)}
        except (Unsound, OSError, UnicodeDecodeError, RecursionError) as unfit:
            refused.append(f"{place.name}: {unfit}" if not isinstance(unfit, Unsound) else str(unfit))
    _LOCAL.clear()
    _LOCAL.update(found)
    return Taken(tuple(found.values()), tuple(refused))


@cache
def _library() -> Mapping[tuple[str, str], Text]:
    folder = library_folder().joinpath("instruments", "texts")
    found = read_packs(folder)
    for id in instrument_ids():
        if (scale := _of_scale(instrument(id))) is not None:
            found[id, ENGLISH] = scale
    return found


def read_packs(folder: Traversable, *, local: bool = False) -> dict[tuple[str, str], Text]:
    """Every pack of a folder by instrument and language. Raises `Unsound` at the first that does not fit."""
    packs = (words for place in _places(folder) for words in _pack(place, local=local))
    return {(words.instrument, words.language): words for words in packs}


def _places(folder: Traversable) -> list[Traversable]:
    """The folders of packs, each of an instrument's name."""
    return sorted((place for place in folder.iterdir() if place.is_dir()), key=lambda place: place.name)


def _pack(place: Traversable, *, local: bool) -> Iterator[Text]:
    files = {file.name: file for file in place.iterdir()}
    spoken = sorted(name for name in files if name.endswith(".toml") and name != "licence.toml")
    if not spoken:
        return
    if place.name not in instrument_ids():
        raise Unsound(place.name, 1, "no instrument has this name.")
    form = instrument(place.name)
    if "licence.toml" not in files:
        raise Unsound(f"{place.name}/licence.toml", 1, "the licence of these words is missing.")
    licence = read_licence(_document(place.name, files["licence.toml"]))
    for name in spoken:
        yield read_text(_document(place.name, files[name]), form, licence, local=local)


def _document(folder: str, file: Traversable) -> Document:
    name = f"instruments/texts/{folder}/{file.name}"
    if not file.is_file():
        raise Unsound(name, 1, "this is no file.")
    with file.open("rb") as kept:
        held = kept.read(LARGEST + 1)
    if len(held) > LARGEST:
        raise Unsound(name, 1, f"the words of one form are no longer than {LARGEST} bytes.")
    document = read_document(name, held.decode("utf-8"))
    for key, value in document.data.items():
        if key in SHAPES and not SHAPES[key](value):
            raise document.unsound(f"{key} is not as it stands in the library’s own packs.", rf"^\[?{key}")
    return document


def read_licence(document: Document) -> Licence:
    """The record of a pack. Raises `Unsound` where a part of it is missing."""
    data = document.data
    for key in ("spdx", "terms", "holder", "notice", "evidence", "checked_on", "checked_by"):
        if not data.get(key):
            raise document.unsound(f"licence: {key} is missing.", rf"^{key}")
    for key in ("non_commercial", "no_derivatives"):
        if not isinstance(data.get(key), bool):
            raise document.unsound(f"licence: {key} must be true or false.", rf"^{key}")
    return Licence(
        spdx=data["spdx"],
        terms=data["terms"],
        holder=data["holder"],
        notice=data["notice"],
        non_commercial=data["non_commercial"],
        no_derivatives=data["no_derivatives"],
        evidence=tuple(data["evidence"]),
        checked_on=data["checked_on"],
        checked_by=data["checked_by"],
        caution=data.get("caution", ""),
    )


def read_text(document: Document, form: Instrument, licence: Licence, *, local: bool = False) -> Text:
    """The words of `form` from a text pack. Raises `Unsound` where an item or an option has none."""
    data = document.data
    for key in ("language", "title", "recall", "intro", "items"):
        if key not in data:
            raise document.unsound(f"{key} is missing.")
    asked = (*form.items, *form.optional)
    for item in data["items"]:
        if item not in asked:
            raise document.unsound(f"{form.name} has no item {item!r}.", r"^\[items\]", rf"^{item} =")
    for item in asked:
        if not data["items"].get(item):
            raise document.unsound(f"item {item} has no words.", r"^\[items\]")
    own = data.get("item_options", {})
    ends = {item: _ends(data, item) for item in asked if _ends(data, item)}
    options = {
        item: _numbers(form, item)
        if item in ends
        else _options(document, form, item, own.get(item, data.get("options", [])))
        for item in asked
    }
    return Text(
        instrument=form.id,
        language=data["language"],
        title=data["title"],
        recall=data["recall"],
        intro=data["intro"],
        items={item: data["items"][item] for item in asked},
        options=options,
        ends={item: (end[0], end[1]) for item, end in ends.items()},
        headings=data.get("headings", {}),
        hints=data.get("hints", {}),
        notice=data.get("notice", licence.notice),
        licence=licence,
        local=local,
    )


def _ends(data: Mapping[str, Any], item: str) -> list[str]:
    found: list[str] = data.get("item_ends", {}).get(item, data.get("ends", []))
    return found if len(found) == 2 else []


def _numbers(form: Instrument, item: str) -> tuple[Option, ...]:
    return tuple(Option(value, str(value)) for value in form.questions[item].values)


def _options(document: Document, form: Instrument, item: str, labels: list[str]) -> tuple[Option, ...]:
    """The words of each value, lowest first, and then of what is kept outside the scale."""
    question, own = form.questions[item], document.data.get("item_options", {})
    values = (*question.values, *question.also.values())
    if len(labels) != len(values):
        raise document.unsound(
            f"{form.name} item {item} has {len(values)} options, not {len(labels)}.",
            *((r"^\[item_options\]", rf"^{item} =") if item in own else ("^options",)),
        )
    return tuple(Option(value, label) for value, label in zip(values, labels, strict=True))


def _of_scale(form: Instrument) -> Text | None:
    """The words of a scale that the library has as a rule row: they stand there and nowhere else."""
    if not form.scale:
        return None
    row = library().rule(form.scale)
    steps = {int(step["value"]): step["says"] for step in row.words.get("steps", ())}
    named = row.words.get("items", (row.title,))
    if len(named) != len(form.items):
        return None
    return Text(
        instrument=form.id,
        language=ENGLISH,
        title=row.title,
        recall="",
        intro=row.words.get("about", ""),
        items=dict(zip(form.items, named, strict=True)),
        options={
            id: tuple(Option(value, steps.get(int(value), str(value))) for value in form.questions[id].values)
            for id in form.items
        },
        ends={},
        headings={},
        hints={},
        notice="",
        licence=_ours(row.sources, row.effective_from),
    )


def _ours(sources: tuple[str, ...], on: date) -> Licence:
    return Licence(
        spdx="Apache-2.0",
        terms="Short facts in words of our own. Cite the scale.",
        holder="OpenKAP",
        notice="",
        non_commercial=False,
        no_derivatives=False,
        evidence=sources,
        checked_on=on,
        checked_by="OpenKAP",
        caution="",
    )
