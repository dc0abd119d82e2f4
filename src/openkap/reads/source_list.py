"""The whole bibliography as staff read it: each key described, and which rules rest on it.

Decided here: a field that nobody gives reads "Not known", and a key that nobody described says so. A rule
that rests on nothing but a proposal is listed by itself. No patient is in here, and it is not one practice's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.evidence import Entry, cards, cited, entries, on_nothing_else
from openkap.medicine.instruments import instrument, instrument_ids
from openkap.medicine.protocols.protocol import rows as protocol_rows
from openkap.medicine.rules import Rule, library
from openkap.medicine.sources import NO_AUTHORITY, Source, bibliography
from openkap.reads.evidence import KINDS, READ
from openkap.reads.rules import SURE

# Beside the kinds of an entry: keys that only their citation describes.
CITED = "cited"
KINDS_OF_LIST = {**KINDS, CITED: gettext_noop("Only cited, not described")}
READS_OF_LIST = {**READ, CITED: gettext_noop("Not said")}


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One described study, guideline, label or statute; `facts` are its fields in words, none left out."""

    name: str
    kind: str
    design: str
    read: str
    facts: tuple[tuple[str, str], ...]
    shows: str
    not_shown: str
    correction: str


@dataclass(frozen=True, slots=True)
class SourceShown:
    """One key: how it is cited, what stands under it, and the rules, claims and forms that rest on it."""

    key: str
    cited: str
    belongs: str
    as_of: str
    entries: tuple[EntryShown, ...]
    rules: tuple[tuple[str, str], ...]
    claims: tuple[str, ...]
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WantedSources:
    """What to narrow the list to; blank is everything."""

    word: str = ""
    kind: str = ""
    read: str = ""


@dataclass(frozen=True, slots=True)
class SourceList:
    """The sources that fit, and the rules that no source states at all."""

    rows: tuple[SourceShown, ...]
    total: int
    described: int
    alone: tuple[tuple[str, str], ...]


def source_list(wanted: WantedSources) -> SourceList:
    """Every source that fits. No query."""
    fits = [source for source in bibliography().values() if _fits(source, wanted)]
    alone = tuple((rule.id, rule.title) for rule in all_rules() if on_nothing_else(rule))
    return SourceList(tuple(map(source_shown, fits)), len(bibliography()), len(entries()), alone)


def source_named(key: str) -> SourceShown | None:
    """One source; None for what is no key."""
    found = bibliography().get(key)
    return source_shown(found) if found is not None else None


def sources_to_pick() -> tuple[tuple[str, str], ...]:
    """Every source that a claim may rest on: its key, and what it is called with how well it was read."""
    return tuple(
        (key, _called(source)) for key, source in bibliography().items() if source.kind != NO_AUTHORITY
    )


def _called(source: Source) -> str:
    described = entries().get(source.key, ())
    if not described:
        return f"{source.text} ({source.key})"
    names = "; ".join(entry.name for entry in described)
    first = described[0]
    what = (first.design or _(KINDS[first.kind])).rstrip(".")
    return f"{names} ({source.key}). {what}. {_(READ[first.read])}."


def source_shown(source: Source) -> SourceShown:
    return SourceShown(
        source.key,
        source.text,
        source.kind,
        source.as_of,
        tuple(map(_entry, entries().get(source.key, ()))),
        resting().get(source.key, ()),
        tuple(card.id for card in cards().values() if source.key in card.sources),
        _forms().get(source.key, ()),
    )


def all_rules() -> Iterator[Rule]:
    """Every rule that has a page: the newest version of each, and the ways of care."""
    yield from (library().rule(id) for id in dict.fromkeys(rule.id for rule in library()))
    yield from protocol_rows()


@cache
def keys_by_rule() -> dict[str, tuple[str, ...]]:
    """Each rule's id with every key that it rests on."""
    return {rule.id: cited(rule) for rule in all_rules()}


@cache
def resting() -> dict[str, tuple[tuple[str, str], ...]]:
    """Each key with the ids and titles of the rules that cite it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in all_rules():
        for key in keys_by_rule()[rule.id]:
            found.setdefault(key, []).append((rule.id, rule.title))
    return {key: tuple(rules) for key, rules in found.items()}


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    """Each key with the names of the forms whose numbers rest on it."""
    found: dict[str, dict[str, None]] = {}
    for id in instrument_ids():
        form = instrument(id)
        backings = [*form.backing.values()]
        for named in (form.changes, form.alerts, form.flags, form.ends):
            backings += [one.backing for one in named]
        for key in (key for backing in backings for key in backing.sources):
            found.setdefault(key, {})[form.name] = None
    return {key: tuple(names) for key, names in found.items()}


def _fits(source: Source, wanted: WantedSources) -> bool:
    described = entries().get(source.key, ())
    kinds = {entry.kind for entry in described} or {CITED}
    reads = {entry.read for entry in described} or {CITED}
    if (wanted.kind and wanted.kind not in kinds) or (wanted.read and wanted.read not in reads):
        return False
    said = [source.key, source.text, *(f"{e.name} {e.design} {e.shows} {e.doi} {e.year}" for e in described)]
    text = " ".join(said).lower()
    return all(word in text for word in wanted.word.lower().split())


def _entry(entry: Entry) -> EntryShown:
    unknown = _("Not known")
    facts = (
        (_("Title"), entry.title or unknown),
        (_("Year"), str(entry.year) if entry.year else unknown),
        (_("Where"), entry.published or unknown),
        (_("DOI"), entry.doi or unknown),
        *(() if entry.design else ((_("Design"), unknown),)),
        (_("People"), f"{entry.n:,}" if entry.n is not None else unknown),
        (
            _("How well read"),
            _("%(read)s; confidence %(sure)s")
            % {"read": _(READ[entry.read]), "sure": _(SURE[entry.confidence])},
        ),
        (_("As of"), entry.as_of),
    )
    return EntryShown(
        entry.name,
        _(KINDS[entry.kind]),
        entry.design,
        entry.read,
        facts,
        entry.shows,
        entry.not_shown or unknown,
        entry.correction,
    )
