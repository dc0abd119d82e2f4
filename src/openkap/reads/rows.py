"""Clinical rows in words, and the chain of corrections behind each.

Decided here: a corrected row stays where it was, struck through, with who put it right, when and why
below it. A confirmation of what an import brought changes nothing and strikes nothing
(docs/adr/0006-append-only.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.dosing.products import product_of
from openkap.medicine.instruments import UnknownInstrument, instrument
from openkap.medicine.screening.questions import all_questions
from openkap.reads.findings import outcome_words
from openkap.reads.given import part_words
from openkap.reads.harm import event_words, sign_words
from openkap.reads.next_day import call_words
from openkap.reads.preparation import plan_words, touch_words
from openkap.reads.said import number
from openkap.reads.ways import name_of
from openkap.records.base import Clinical
from openkap.records.facts.clock import day, moment


@dataclass(frozen=True, slots=True)
class Fix:
    """One correction, in the shape of the timeline component."""

    words: str
    who: str
    when: str
    why: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """A row as first written, what became of it, and where it stands now. `last` is what counts."""

    first: Clinical
    last: Clinical
    fixes: tuple[Fix, ...]
    rows: tuple[Clinical, ...] = ()

    @property
    def counts(self) -> bool:
        return not self.last.withdrawn


def chains(rows: Iterable[Clinical], zone: ZoneInfo) -> list[Chain]:
    """`rows` of one model, gathered so that each correction lies with what it corrects."""
    by_id = {row.pk: row for row in rows}
    after = {row.corrects_id: row for row in by_id.values() if row.corrects_id in by_id}  # type: ignore[attr-defined]
    found = []
    for row in by_id.values():
        if row.corrects_id in by_id:  # type: ignore[attr-defined]
            continue
        last, fixes, along = row, [], [row]
        while (nxt := after.get(last.pk)) is not None:
            if not (_only_confirms(last, nxt) or _only_completes(last, nxt) or _goes_on(last, nxt)):
                fixes.append(fix_of(nxt, zone))
            last = nxt
            along.append(nxt)
        found.append(Chain(row, last, tuple(fixes), tuple(along)))
    return found


def fix_of(row: Clinical, zone: ZoneInfo) -> Fix:
    """A correcting row as the line below what it corrects."""
    words = _("Entered in error") if row.withdrawn else words_of(row)
    return Fix(words, row.by_name, moment(row.recorded_at, zone), row.reason, row.withdrawn)


def _only_confirms(old: Any, new: Any) -> bool:
    confirms = getattr(new, "confirmed", True) and not getattr(old, "confirmed", True)
    return bool(confirms and not new.withdrawn and words_of(old) == words_of(new))


def _goes_on(old: Any, new: Any) -> bool:
    """A medicine stopped, held or taken again, a sign of misuse settled, an event that ended: what stood
    before was right, and is struck by nothing."""
    if new.withdrawn:
        return False
    if getattr(new, "change", "") or getattr(new, "settled", False):
        return True
    so = ("term", "words", "at", "grade", "serious", "related")
    return new._meta.model_name == "adverseevent" and all(getattr(old, n) == getattr(new, n) for n in so)


def _only_completes(old: Any, new: Any) -> bool:
    """An infusion that ended: the row that adds its end strikes nothing."""
    if getattr(old, "ended_at", "") is not None or new.withdrawn:
        return False
    return bool(new.ended_at is not None and (old.mg, old.at) == (new.mg, new.at))


def title_of(row: Clinical) -> str:
    """What kind of entry this is."""
    return _(TITLES[row._meta.model_name or ""])


def words_of(row: Clinical) -> str:
    """What the entry says, in one line."""
    return WORDS[row._meta.model_name or ""](row)


def set_words(rows: Iterable[Clinical]) -> str:
    """Rows of one moment as one line; a pressure's two numbers together."""
    plain = {getattr(row, "key", ""): row for row in rows}
    said = []
    if "sbp" in plain and "dbp" in plain:
        high, low = plain.pop("sbp"), plain.pop("dbp")
        said.append(f"{number(high.value)}/{number(low.value)} mmHg")  # type: ignore[attr-defined]
    return "; ".join([*said, *(words_of(row) for row in plain.values())])


def _way(row: Any) -> str:
    """What it became, what it was, and what was called off with it."""
    said = _("%(now)s. Before: %(was)s.") % {"now": name_of(row.protocol), "was": name_of(row.before)}
    off = " ".join(row.told.get("called_off", ()))
    return " ".join(filter(None, (said, row.words, _("Called off: %(what)s") % {"what": off} if off else "")))


@cache
def _asked() -> dict[str, str]:
    """What each question of the history asks."""
    return {question.key: question.asks for question in reversed(all_questions())}


def _answer(row: Any) -> str:
    asks = _asked().get(row.key) or row.key.replace("_", " ")
    return f"{asks} {_('Yes') if row.value else _('No')}"


RESULTS = {
    "sbp": gettext_noop("Systolic"),
    "dbp": gettext_noop("Diastolic"),
    "hr": gettext_noop("Heart rate"),
    "spo2": gettext_noop("Oxygen"),
    "weight_kg": gettext_noop("Weight"),
    "height_cm": gettext_noop("Height"),
    "temp_c": gettext_noop("Temperature"),
    "hcg": gettext_noop("Pregnancy test"),
    "cssrs_recent": gettext_noop("C-SSRS screener"),
    "alt_x_uln": gettext_noop("ALT, times the upper limit"),
    "ast_x_uln": gettext_noop("AST, times the upper limit"),
    "ecg": gettext_noop("ECG"),
    "pdmp": gettext_noop("PDMP check"),
    "audit": gettext_noop("AUDIT"),
    "dast10": gettext_noop("DAST-10"),
    "asrm": gettext_noop("ASRM"),
    "ymrs": gettext_noop("YMRS"),
    "pqb": gettext_noop("PQ-B"),
    "stop_bang": gettext_noop("STOP-Bang"),
    "moca": gettext_noop("MoCA"),
    "des2": gettext_noop("DES-II"),
    "mdq": gettext_noop("MDQ"),
    "breath_alcohol": gettext_noop("Breath test for alcohol"),
    "interview": gettext_noop("Psychiatric interview"),
    "mini": gettext_noop("Structured diagnosis"),
    "uds": gettext_noop("Urine drug screen"),
    "tsh": gettext_noop("TSH"),
    "urinalysis": gettext_noop("Urine test"),
    "icsi": gettext_noop("Bladder score"),
    "cmp": gettext_noop("Metabolic panel"),
    "in_person": gettext_noop("Seen in person"),
}


def result_words(row: Any) -> str:
    """Weight 70 kg; Pregnancy test negative."""
    plain = row.value.replace(".", "", 1).replace("-", "", 1).isdigit()
    value = number(row.value) if plain else row.value.replace("_", " ")
    return f"{_(RESULTS[row.key]) if row.key in RESULTS else row.key} {value} {row.unit}".strip()


def _living(row: Any) -> str:
    if row.active and getattr(row, "held", False):
        return _("%(what)s (on hold)") % {"what": row.text}
    return row.text if row.active else _("%(what)s (past)") % {"what": row.text}


def _order(row: Any) -> str:
    product = product_of(row.route)
    words = _("%(mg)s mg, %(route)s") % {"mg": number(row.mg), "route": product.short.lower()}
    if row.units is not None:
        words += f", {product.counted(row.units)}"
    if row.booster_of_id is not None:
        words += ", " + _("a further dose")
    if row.mg_per_kg is not None and row.weight_kg is not None:
        words += _(", %(each)s mg/kg at %(kg)s kg") % {
            "each": number(row.mg_per_kg),
            "kg": number(row.weight_kg),
        }
    return words


def _reading(row: Any) -> str:
    parts = [
        f"{number(row.sbp)}/{number(row.dbp)} mmHg" if row.sbp is not None and row.dbp is not None else ""
    ]
    parts += [
        f"{name} {number(v)}" for name, v in ((_("heart"), row.hr), (_("oxygen"), row.spo2)) if v is not None
    ]
    parts += [f"{_('breaths')} {number(row.rr)}" if row.rr is not None else ""]
    parts += [f"{_('alertness')} {row.moaas}" if row.moaas is not None else ""]
    return ", ".join(part for part in parts if part)


def _score(row: Any) -> str:
    # A screener has tiers and no sum: whole without a total.
    missing = "" if row.complete else f" {_('no total: incomplete')}"
    total = missing if row.total is None else f" {row.total}"
    band = f", {row.band.replace('_', ' ')}" if row.band else ""
    ways = {"in_room": _("asked in the room"), "paper": _("from paper")}
    way = _("total entered") if row.entered else ways.get(row.source, "")
    return f"{instrument_name(row.instrument)}{total}{band}{', ' if way else ''}{way}"


def instrument_name(id_: str) -> str:
    """PHQ-9, not phq9."""
    try:
        return instrument(id_).name
    except UnknownInstrument:
        return id_.upper()


def _signature(row: Any) -> str:
    """Signed as Wren Alderbrook; with the document before it where that came along with the row."""
    signed = _("Signed as %(name)s") % {"name": row.typed_name}
    return f"{_document(row)}. {signed}" if "document" in row._state.fields_cache else signed


def _spoken(row: Any) -> str:
    """What was said aloud, by whom, to whom."""
    words = _("Taken back aloud") if row.what == "taken_back" else _("No, said aloud")
    whom = {"what": words, "who": row.said_by, "whom": row.heard_by.name, "words": row.words}
    return _("%(what)s by %(who)s to %(whom)s: “%(words)s”") % whom


def _document(row: Any) -> str:
    return f"{row.document.title}, {_('version %(number)s') % {'number': row.document.version}}"


TITLES = {
    "historyanswer": gettext_noop("Answer"),
    "medication": gettext_noop("Medicine"),
    "allergy": gettext_noop("Allergy"),
    "condition": gettext_noop("Condition"),
    "result": gettext_noop("Result"),
    "reconciliation": gettext_noop("Lists gone through"),
    "uploadeddocument": gettext_noop("Paper"),
    "decision": gettext_noop("Decision"),
    "signature": gettext_noop("Consent"),
    "spokenno": gettext_noop("Consent"),
    "order": gettext_noop("Order"),
    "administration": gettext_noop("Dose"),
    "adverseevent": gettext_noop("Adverse event"),
    "misusesign": gettext_noop("Sign of misuse"),
    "givenpart": gettext_noop("Part of a dose"),
    "reading": gettext_noop("Vitals"),
    "roomevent": gettext_noop("In the room"),
    "discharge": gettext_noop("Going home"),
    "declined": gettext_noop("Consent"),
    "preparationplan": gettext_noop("Preparation"),
    "touchagreement": gettext_noop("Touch"),
    "nextdaycall": gettext_noop("Call on the day after"),
    "sessionnote": gettext_noop("Session note"),
    "sessionsummary": gettext_noop("Session summary"),
    "waychosen": gettext_noop("Way of care"),
    "handoverbefore": gettext_noop("Handed over before the dose"),
    "handoverafter": gettext_noop("Handed over after the dose"),
    "enrolment": gettext_noop("Esketamine enrollment"),
    "monitoringform": gettext_noop("Monitoring form"),
    "score": gettext_noop("Score"),
}
WORDS = cast(
    dict[str, Callable[[Any], str]],
    {
        "historyanswer": _answer,
        "medication": _living,
        "allergy": lambda row: _("No known allergies") if row.none_known else _living(row),
        "reconciliation": lambda row: (
            _("%(n)s medicines, %(m)s allergies") % {"n": len(row.medicines), "m": len(row.allergies)}
        ),
        "uploadeddocument": lambda row: row.title,
        "condition": _living,
        "result": result_words,
        "decision": lambda row: outcome_words(row.outcome) + (f". {row.words}" if row.words else ""),
        "signature": _signature,
        "declined": lambda row: _("%(document)s. Not signed: they said no") % {"document": _document(row)},
        "spokenno": _spoken,
        "preparationplan": plan_words,
        "touchagreement": touch_words,
        "nextdaycall": call_words,
        "order": _order,
        "administration": lambda row: _("%(mg)s mg given") % {"mg": number(row.mg)},
        "givenpart": part_words,
        "adverseevent": event_words,
        "misusesign": sign_words,
        "reading": _reading,
        "roomevent": lambda row: f"{row.what.replace('_', ' ')} {row.words}".strip(),
        "discharge": lambda row: _("Went home with %(name)s") % {"name": row.escort_name},
        "sessionnote": lambda row: row.focus,
        "sessionsummary": lambda row: row.text,
        "waychosen": _way,
        "handoverbefore": lambda row: " ".join(filter(None, (row.intentions, row.concerns))) or _("Ready"),
        "handoverafter": lambda row: row.seen,
        "enrolment": lambda row: (
            _("Ended") if row.ended else _("Since %(day)s") % {"day": day(row.enrolled_on)}
        ),
        "monitoringform": lambda row: _("Sent on %(day)s") % {"day": day(row.sent_on)},
        "score": _score,
    },
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A row on the correction page: what it says, who wrote it, and what came after."""

    id: UUID
    model: str
    title: str
    words: str
    who: str
    at: datetime
    recorded: str
    next_id: UUID | None
    next_fix: Fix | None


def standing_of_row(row: Clinical, zone: ZoneInfo) -> Standing:
    """How `row` stands. One query."""
    after = type(row)._base_manager.filter(corrects=row).first()
    return Standing(
        row.pk,
        row._meta.model_name or "",
        title_of(row),
        words_of(row),
        row.by_name,
        row.at,
        moment(row.recorded_at, zone),
        after.pk if after is not None else None,
        fix_of(after, zone) if after is not None else None,
    )
