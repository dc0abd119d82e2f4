"""Reads a scoring pack, and refuses what is unsound.

Decided here: what an instrument's file must hold before anyone is scored by it. Every block of numbers says
who stands behind it, itself or by the head of its file; bands cover the whole total without gap or overlap;
nothing names an item that the form does not have; every code has a right check digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from openkap.medicine.instruments.instrument import (
    AlertRule,
    Backing,
    Band,
    ChangeRule,
    Codes,
    Count,
    EndState,
    Flag,
    Instrument,
    Item,
    Skip,
    Subscale,
    Tier,
    Total,
    Value,
)
from openkap.medicine.instruments.loinc import is_loinc
from openkap.medicine.rules import Document, library, read_backing

LOINC = "http://loinc.org"
LEVELS = ("L1", "L2", "L3")
HOW = ("sum", "mean", "lookup", "entered", "none")
WITHOUT = ("boxes", "total")
CONDITIONS = {"item", "at_least", "at_most", "rises_by", "total_at_least", "total_at_most", "total_rises_by"}
CONDITIONS |= {"band", "flag", "context"}
BACKING = ("status", "confidence", "sources")
# What forms and records elsewhere send for a yes and a no.
YES_NO = {"yes": 1, "y": 1, "true": 1, "no": 0, "n": 0, "false": 0}
YES_NO |= {"la33-6": 1, "la32-8": 0, "373066001": 1, "373067005": 0}


def read_instrument(document: Document) -> Instrument:
    """An instrument from its file. Raises `Unsound`."""
    data = document.data
    for key in ("id", "version", "name", "direction", "items", "missing", "total"):
        if key not in data:
            raise document.unsound(f"{key} is missing.")
    items = data["items"]
    questions = {each.id: each for each in _items(document, items)}
    optional = tuple(items.get("optional", ()))
    asked = tuple(id for id in questions if id not in optional)
    form = Instrument(
        id=data["id"],
        version=data["version"],
        name=data["name"],
        respondent=tuple(data.get("respondent", ())),
        recall_days=data.get("recall_days"),
        points=tuple(data.get("points", ())),
        tier=data.get("tier", 1),
        without=data.get("without", WITHOUT[0]),
        lower_is_better=data["direction"] == "lower_is_better",
        questions=questions,
        items=asked,
        optional=optional,
        safety=tuple(items.get("safety", ())),
        either=tuple(tuple(group) for group in items.get("either", ())),
        skips=tuple(Skip(tuple(row["when_none"]), tuple(row["skip"])) for row in items.get("skips", ())),
        minimum=_plain(items.get("minimum", 0)),
        maximum=_plain(items.get("maximum", 1)),
        may_miss=data["missing"]["may_miss"],
        total=_total(document, data["total"], questions, asked),
        bands=tuple(
            Band(b["name"], _plain(b["from"]), _plain(b["to"])) for b in data.get("bands", {}).get("rows", ())
        ),
        tiers=tuple(Tier(t["name"], tuple(t["any"])) for t in data.get("tiers", {}).get("rows", ())),
        no_tier=data.get("tiers", {}).get("none", ""),
        subscales=tuple(_subscales(data.get("subscales", {}))),
        flags=tuple(_flag(document, name, row) for name, row in data.get("flags", {}).items()),
        alerts=tuple(_alert(document, row) for row in data.get("alert", ())),
        changes=tuple(_change(document, row) for row in data.get("change", ())),
        ends=tuple(_end(document, row) for row in data.get("end", ())),
        response_percent=_decimal(data.get("response", {}).get("falls_percent")),
        remission_at_most=data.get("remission", {}).get("at_most"),
        backing=_backings(document),
        codes=_codes(document),
        scale=items.get("scale", ""),
    )
    _refuse_gaps(document, form)
    _refuse_strangers(document, form)
    return form


def _items(document: Document, block: Mapping[str, Any]) -> Iterator[Item]:
    """Every item, in the order of the form, the optional ones last."""
    ids = block.get("ids") or [str(number) for number in range(1, block.get("count", 0) + 1)]
    if block.get("scale"):
        block = {**block, **_from_scale(block["scale"])}
    for id in dict.fromkeys((*ids, *block.get("optional", ()))):
        own = {**block, **block.get("own", {}).get(id, {})}
        if own.get("kind") not in ("scale", "yes_no"):
            raise document.unsound(f"item {id} must be a scale or yes_no.", r"^\[items\]", "^kind")
        yes_no = own["kind"] == "yes_no"
        least, most = (0, 1) if yes_no else (_plain(own["minimum"]), _plain(own["maximum"]))
        also = dict(block.get("also", {}).get(id, {}))
        coded = {**(YES_NO if yes_no else {}), **own.get("coded", {}), **also}
        points = {_plain(Decimal(v)): _plain(p) for v, p in own.get("points", {}).items()}
        if id in block.get("reversed", ()):
            points = {value: least + most - value for value in range(int(least), int(most) + 1)}
        label = block.get("labels", {}).get(id, "")
        yield Item(
            id=id,
            yes_no=yes_no,
            minimum=least,
            maximum=most,
            step=_plain(own.get("step", 1)),
            label=label,
            also=also,
            coded={str(word).lower(): _plain(value) for word, value in coded.items()},
            points=points,
        )


def _from_scale(row: str) -> dict[str, int]:
    """The range of a scale that the library already has as a rule row, such as `K-RASS`."""
    steps = library().rule(row).words.get("steps", ())
    values = [int(step["value"]) for step in steps] or [0, 2]
    return {"minimum": min(values), "maximum": max(values)}


def _total(
    document: Document, block: Mapping[str, Any], questions: Mapping[str, Item], asked: tuple[str, ...]
) -> Total:
    if block.get("how") not in HOW:
        raise document.unsound(f"total: how must be one of {', '.join(HOW)}.", r"^\[total\]", "^how")
    unsummed = tuple(block.get("not_summed", ()))
    lowest: Value = sum(
        min(item.points.values(), default=item.minimum)
        for item in (questions[id] for id in asked if id not in unsummed)
    )
    return Total(
        how=block["how"],
        times=block.get("times", 1),
        minimum=_plain(block["minimum"])
        if "minimum" in block
        else (lowest if "maximum" in block and block["how"] == "sum" else None),
        maximum=_plain(block["maximum"]) if "maximum" in block else None,
        not_summed=unsummed,
        highest_of=tuple(tuple(group) for group in block.get("highest_of", ())),
        lookup={int(raw): float(found) for raw, found in block.get("lookup", {}).items()},
        also=tuple(block.get("also", ())),
    )


def _subscales(block: Mapping[str, Any]) -> Iterator[Subscale]:
    """`B = ["1", "2"]` adds up; `how` and `at_least` hold for all; a table without items is typed in."""
    for name, said in block.items():
        if name in (*BACKING, "how", "at_least"):
            continue
        how = block.get("how", "sum")
        if isinstance(said, Mapping):
            yield Subscale(name, (), how, 0, said.get("minimum"), said.get("maximum"))
            continue
        yield Subscale(name, tuple(said), how, block.get("at_least", {}).get(name, len(said)))


def _backings(document: Document) -> dict[str, Backing]:
    named = ("items", "missing", "total", "bands", "tiers", "subscales", "response", "remission")
    return {name: _backing(document, name, document.data[name]) for name in named if name in document.data}


def _backing(document: Document, name: str, block: Mapping[str, Any], here: str = "") -> Backing:
    """Its own, or the head of the file's."""
    head = {key: document.data[key] for key in BACKING if key in document.data}
    return Backing(*read_backing(document, name, {**head, **block}, here or rf"^\[+{name}"))


def _flag(document: Document, name: str, row: Mapping[str, Any]) -> Flag:
    here = rf"^\[flags\.{name}"
    counts = tuple(
        Count(c["reach"], c["at_least"], c.get("at_most", len(c["reach"]))) for c in row.get("all", ())
    )
    if not counts and not {"total_at_least", "total_at_most", "by_sex", "subscales_at_least"} & set(row):
        raise document.unsound(f"flag {name} never says when.", here)
    return Flag(
        name,
        counts,
        row.get("total_at_least"),
        row.get("total_at_most"),
        row.get("by_sex", {}),
        {scale: _plain(least) for scale, least in row.get("subscales_at_least", {}).items()},
        row.get("whole_form", False),
        _backing(document, f"flag {name}", row, here),
    )


def _alert(document: Document, row: Mapping[str, Any]) -> AlertRule:
    here = rf'^id = "{row.get("id")}"'
    raised = tuple((r["level"], r["when"]) for r in row.get("raised", ()))
    if row.get("level") not in LEVELS or any(level not in LEVELS for level, _ in raised):
        raise document.unsound(f"alert {row.get('id')}: level must be L1, L2 or L3.", here)
    for key in ("when", "because", "action"):
        if not row.get(key):
            raise document.unsound(f"alert {row.get('id')}: {key} is missing.", here)
    for when in (row["when"], *(worse for _, worse in raised)):
        if strange := set(when) - CONDITIONS:
            raise document.unsound(f"alert {row['id']}: unknown condition {sorted(strange)[0]!r}.", here)
    backing = _backing(document, f"alert {row['id']}", row, here)
    return AlertRule(row["id"], row["level"], row["when"], row["because"], row["action"], raised, backing)


def _change(document: Document, row: Mapping[str, Any]) -> ChangeRule:
    here = rf'^id = "{row.get("id")}"'
    points, percent = _decimal(row.get("points")), _decimal(row.get("percent"))
    if (points is None) == (percent is None):
        raise document.unsound(f"change rule {row.get('id')} needs points or percent, one of them.", here)
    return ChangeRule(row["id"], points, percent, _backing(document, f"change rule {row['id']}", row, here))


def _end(document: Document, row: Mapping[str, Any]) -> EndState:
    here = rf'^id = "{row.get("id")}"'
    most, least = row.get("at_most"), row.get("at_least")
    if (most is None) == (least is None):
        raise document.unsound(f"end state {row.get('id')} needs at_most or at_least, one of them.", here)
    return EndState(row["id"], most, least, _backing(document, f"end state {row['id']}", row, here))


def _codes(document: Document) -> Codes:
    block = document.data.get("codes", {})
    codes = Codes(
        system=block.get("system", LOINC),
        panel=block.get("panel", ""),
        total=block.get("total", ""),
        band=block.get("band", ""),
        items=block.get("items", {}),
        unverified=frozenset(block.get("unverified", ())),
    )
    for code in (codes.panel, codes.total, codes.band, *codes.items.values(), *codes.unverified):
        if code and codes.system == LOINC and not is_loinc(code):
            raise document.unsound(f"{code} is no LOINC code: its check digit is wrong.", r"^\[codes\]")
    return codes


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _plain(value: Any) -> Value:
    """A number of the file as a whole number where it is one."""
    return int(value) if value == int(value) else float(value)


def _refuse_gaps(document: Document, form: Instrument) -> None:
    if not form.bands:
        return
    lowest, highest = form.bands[0].lowest, form.bands[-1].highest
    if lowest != form.lowest_total or highest != form.highest_total:
        raise document.unsound("the bands do not cover the whole total.", r"^\[bands\]")
    step = _plain(document.data["bands"].get("step", form.total.times))
    for band, following in pairwise(form.bands):
        if round(following.lowest - band.highest, 4) != step:
            raise document.unsound(f"there is a gap or an overlap after {band.name}.", rf'"{band.name}"')


def _refuse_strangers(document: Document, form: Instrument) -> None:
    named = [*form.safety, *(item for skip in form.skips for item in (*skip.when, *skip.skip))]
    named += [item for tier in form.tiers for item in tier.any]
    named += [item for scale in form.subscales for item in scale.items]
    named += [item for flag in form.flags for count in flag.counts for item in count.reach]
    named += [str(alert.when["item"]) for alert in form.alerts if "item" in alert.when]
    named += [item for group in (*form.either, *form.total.highest_of) for item in group]
    named += [*form.total.not_summed, *form.codes.items]
    for item in named:
        if item not in form.questions:
            raise document.unsound(f"item {item!r} is not on the form.", rf'"{item}"')
