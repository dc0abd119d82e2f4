"""Loads instruments and their words, and refuses what is unsound.

Decided here: what an instrument file must hold before anyone is scored by it: every block of
numbers says who stands behind it, bands cover the whole total without gap or overlap, and nothing
names an item that the form does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

from openkap.medicine.instruments.instrument import (
    AlertRule,
    Backing,
    Band,
    ChangeRule,
    Count,
    Flag,
    Instrument,
    Option,
    Text,
    Tier,
)
from openkap.medicine.rules import Document, library_folder, read_backing, read_document

LEVELS = ("L1", "L2", "L3")


class UnknownInstrument(LookupError):
    """An instrument, or its words in a language, that the library does not have."""


@cache
def instrument_ids() -> tuple[str, ...]:
    """Every instrument the library can score, by id."""
    folder = library_folder().joinpath("instruments")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


@cache
def instrument(id: str) -> Instrument:
    """The instrument `id`. Raises `UnknownInstrument`, or `Unsound` where its file may not be used."""
    if id not in instrument_ids():
        known = ", ".join(instrument_ids())
        raise UnknownInstrument(f"No instrument {id!r}. The library has {known}.")
    file = library_folder().joinpath("instruments", f"{id}.toml")
    return read_instrument(read_document(f"instruments/{id}.toml", file.read_text("utf-8")))


@cache
def text(id: str, language: str = "en") -> Text:
    """The words of instrument `id`. Raises `UnknownInstrument` where that language has no pack."""
    form = instrument(id)
    file = library_folder().joinpath("instruments", "texts", language, f"{id}.toml")
    if not language.isalpha() or not file.is_file():
        raise UnknownInstrument(f"{form.name} has no text pack in {language!r}.")
    return read_text(read_document(f"instruments/texts/{language}/{id}.toml", file.read_text("utf-8")), form)


def read_instrument(document: Document) -> Instrument:
    """An instrument from its file. Raises `Unsound`."""
    data = document.data
    for key in ("id", "version", "name", "direction", "items", "missing", "total"):
        if key not in data:
            raise document.unsound(f"{key} is missing.")
    items, total = data["items"], data["total"]
    blocks = {name: _backing(document, name, data[name]) for name in ("items", "missing", "total")}
    for name in ("bands", "tiers", "subscales", "response", "remission"):
        if name in data:
            blocks[name] = _backing(document, name, data[name])
    subscales = {n: tuple(v) for n, v in data.get("subscales", {}).items() if n not in _BACKING}
    form = Instrument(
        id=data["id"],
        version=data["version"],
        name=data["name"],
        respondent=tuple(data.get("respondent", ())),
        lower_is_better=data["direction"] == "lower_is_better",
        kind=items["kind"],
        items=tuple(items["ids"]),
        optional=tuple(items.get("optional", ())),
        safety=tuple(items.get("safety", ())),
        skips={row["when_no"]: tuple(row["skip"]) for row in items.get("skips", ())},
        minimum=items["minimum"],
        maximum=items["maximum"],
        may_miss=data["missing"]["may_miss"],
        sums=total["how"] == "sum",
        highest_total=total.get("maximum", 0),
        bands=tuple(Band(b["name"], b["from"], b["to"]) for b in data.get("bands", {}).get("rows", ())),
        tiers=tuple(Tier(t["name"], tuple(t["any"])) for t in data.get("tiers", {}).get("rows", ())),
        no_tier=data.get("tiers", {}).get("none", ""),
        subscales=subscales,
        flags=tuple(_flag(document, name, row) for name, row in data.get("flags", {}).items()),
        alerts=tuple(_alert(document, row) for row in data.get("alert", ())),
        changes=tuple(_change(document, row) for row in data.get("change", ())),
        response_percent=_decimal(data.get("response", {}).get("falls_percent")),
        remission_at_most=data.get("remission", {}).get("at_most"),
        backing=blocks,
        codes=data.get("codes", {}),
    )
    _refuse_gaps(document, form)
    _refuse_strangers(document, form)
    return form


def read_text(document: Document, form: Instrument) -> Text:
    """The words of `form` from a text pack. Raises `Unsound` where an item or an option has none."""
    data = document.data
    for key in ("language", "title", "recall", "intro", "notice", "options", "items", "licence"):
        if not data.get(key):
            raise document.unsound(f"{key} is missing.")
    asked = (*form.items, *form.optional)
    if missing := [item for item in asked if item not in data["items"]]:
        raise document.unsound(f"item {missing[0]} has no words.", r"^\[items\]")
    own = data.get("item_options", {})
    options = {item: _options(document, form, own.get(item, data["options"])) for item in asked}
    return Text(
        data["language"],
        data["title"],
        data["recall"],
        data["intro"],
        data["notice"],
        {item: data["items"][item] for item in asked},
        options,
        data["licence"],
    )


_BACKING = {"status", "confidence", "sources"}


def _backing(document: Document, name: str, block: Mapping[str, Any]) -> Backing:
    return Backing(*read_backing(document, name, block, rf"^\[+{name}"))


def _options(document: Document, form: Instrument, labels: list[str]) -> tuple[Option, ...]:
    values = range(form.minimum, form.maximum + 1)
    if len(labels) != len(values):
        raise document.unsound(f"{form.name} has {len(values)} options, not {len(labels)}.", "^options")
    return tuple(Option(value, label) for value, label in zip(values, labels, strict=True))


def _flag(document: Document, name: str, row: Mapping[str, Any]) -> Flag:
    counts = tuple(
        Count(c["reach"], c["at_least"], c.get("at_most", len(c["reach"]))) for c in row.get("all", ())
    )
    if not counts and "total_at_least" not in row:
        raise document.unsound(f"flag {name} never says when.", rf"^\[flags\.{name}")
    backing = Backing(*read_backing(document, f"flag {name}", row, rf"^\[flags\.{name}"))
    return Flag(name, counts, row.get("total_at_least"), row.get("whole_form", False), backing)


def _alert(document: Document, row: Mapping[str, Any]) -> AlertRule:
    here = rf'^id = "{row.get("id")}"'
    raised = tuple((r["level"], r["when"]) for r in row.get("raised", ()))
    if row.get("level") not in LEVELS or any(level not in LEVELS for level, _ in raised):
        raise document.unsound(f"alert {row.get('id')}: level must be L1, L2 or L3.", here)
    for key in ("when", "because", "action"):
        if not row.get(key):
            raise document.unsound(f"alert {row.get('id')}: {key} is missing.", here)
    backing = Backing(*read_backing(document, f"alert {row['id']}", row, here))
    return AlertRule(row["id"], row["level"], row["when"], row["because"], row["action"], raised, backing)


def _change(document: Document, row: Mapping[str, Any]) -> ChangeRule:
    here = rf'^id = "{row.get("id")}"'
    points, percent = _decimal(row.get("points")), _decimal(row.get("percent"))
    if (points is None) == (percent is None):
        raise document.unsound(f"change rule {row.get('id')} needs points or percent, one of them.", here)
    backing = Backing(*read_backing(document, f"change rule {row['id']}", row, here))
    return ChangeRule(row["id"], points, percent, backing)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _refuse_gaps(document: Document, form: Instrument) -> None:
    if not form.bands:
        return
    lowest, highest = form.bands[0].lowest, form.bands[-1].highest
    if lowest != len(form.items) * form.minimum or highest != form.highest_total:
        raise document.unsound("the bands do not cover the whole total.", r"^\[bands\]")
    for band, following in pairwise(form.bands):
        if following.lowest != band.highest + 1:
            raise document.unsound(f"there is a gap or an overlap after {band.name}.", rf'"{band.name}"')


def _refuse_strangers(document: Document, form: Instrument) -> None:
    named = [*form.safety, *form.skips, *(item for skipped in form.skips.values() for item in skipped)]
    named += [item for tier in form.tiers for item in tier.any]
    named += [item for scale in form.subscales.values() for item in scale]
    named += [item for flag in form.flags for count in flag.counts for item in count.reach]
    named += [str(alert.when["item"]) for alert in form.alerts if "item" in alert.when]
    for item in named:
        if item not in form.items:
            raise document.unsound(f"item {item!r} is not on the form.", rf'"{item}"')
