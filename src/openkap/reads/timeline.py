"""What happened to a patient, line by line, with corrections under what they correct.

Decided here: answers, or results, of one moment by one person are one line; what an import brought stands
where someone confirmed it, not where it once was so; an ended infusion strikes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.course import SESSION
from openkap.reads.rows import Chain, Fix, set_words, title_of, words_of
from openkap.records.base import Clinical
from openkap.records.facts.clock import day, moment, short_day
from openkap.records.facts.phases import what_of
from openkap.records.models import Administration, HistoryAnswer, Result, Session

TOGETHER: dict[type[Clinical], str] = {
    HistoryAnswer: gettext_noop("Asked and answered"),
    Result: gettext_noop("Measured and noted"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline, in the shape of its component; `url_for` is what can be corrected."""

    at: datetime
    when: str
    kind: str
    title: str
    line: str
    aside: str
    struck: bool = False
    corrections: tuple[Fix, ...] = ()
    model: str = ""
    row: UUID | None = None
    url: str = ""


def entries_of(
    gathered: Mapping[type[Clinical], list[Chain]],
    sessions: Iterable[Session],
    at: datetime,
    zone: ZoneInfo,
    parts: Mapping[UUID, tuple[str, ...]] | None = None,
) -> Iterable[Entry]:
    """Every line. `parts`: what each dose was given in, by its session, under the line of that dose."""
    today = at.astimezone(zone).date()
    for model, found in gathered.items():
        told = [
            c for c in found if c.first.source != "import" or c.fixes or getattr(c.last, "confirmed", True)
        ]
        if model in TOGETHER:
            yield from _together([c for c in told if not c.fixes], today, zone)
            told = [c for c in told if c.fixes]
        for chain in told:
            entry = _entry(chain, today, zone)
            given = _given(parts, chain) if model is Administration else ()
            yield replace(entry, line="; ".join((*given, entry.line))) if given else entry
    for session in sessions:
        began = session.started_at or session.planned_from
        yield Entry(
            at=began,
            when=short_day(began.astimezone(zone).date(), today),
            kind="session" if session.phase == Session.Phase.INTEGRATION else "",
            title=what_of(session),
            line=session.organisation.name,
            aside=session_words(session.state),
        )


def _given(parts: Mapping[UUID, tuple[str, ...]] | None, chain: Chain) -> tuple[str, ...]:
    """What this dose was given in; nothing where it was an infusion."""
    session: UUID | None = getattr(chain.first, "session_id", None)
    return parts.get(session, ()) if parts and session is not None else ()


def _together(found: Iterable[Chain], today: date, zone: ZoneInfo) -> Iterable[Entry]:
    """Answers, or results, of one moment by one person are one line."""
    sets: dict[tuple[datetime, str], list[Clinical]] = {}
    for chain in found:
        sets.setdefault((chain.first.at, chain.first.by_name), []).append(chain.last)
    for (at, who), rows in sets.items():
        yield Entry(
            at=at,
            when=short_day(at.astimezone(zone).date(), today),
            kind="done",
            title=_(TOGETHER[type(rows[0])]),
            line=f"{set_words(rows)}. {who}, {moment(at, zone)}",
            aside="",
        )


def _entry(chain: Chain, today: date, zone: ZoneInfo) -> Entry:
    first = chain.first
    line, at = f"{first.by_name}, {moment(first.at, zone)}", first.at
    if first.source == "import":
        # It came into this record when someone said so, whenever it was so.
        at, so = chain.last.recorded_at, day(first.at.astimezone(zone).date())
        line = _("From an import, of %(day)s. Confirmed by %(who)s") % {"day": so, "who": chain.last.by_name}
    return Entry(
        at=at,
        when=short_day(at.astimezone(zone).date(), today),
        kind="done",
        title=f"{title_of(first)}: {words_of(first)}",
        line=line,
        aside="",
        struck=bool(chain.fixes),
        corrections=chain.fixes,
        model=first._meta.model_name or "",
        row=chain.last.pk if chain.counts else None,
    )


def session_words(state: str) -> str:
    return _(SESSION.words.get(state, state.replace("_", " ")))
