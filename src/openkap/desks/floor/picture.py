"""A live session as the kit's pictures want it: tiles, the strip, the due list, the ring.

Decided here: nothing is reckoned, only laid out. Limits drawn on the strip are the prompt rows' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.desks.floor.ring import clock24
from openkap.medicine.monitoring import CheckState, Sign
from openkap.medicine.monitoring.schedule import usable
from openkap.medicine.rules import RuleSet
from openkap.reads.clockwork import watched_for
from openkap.reads.room import Live, Number, check_words
from openkap.records.facts.readings import as_reading
from openkap.records.models import Reading
from openkap.ui import strip

MOST_POINTS = 90
LABELS = {
    "bp": gettext_noop("Blood pressure"),
    "hr": gettext_noop("Heart"),
    "spo2": gettext_noop("Oxygen"),
    "rr": gettext_noop("Breaths"),
}
# How a dose and the time after it are called on the strip; blank where a dose is one moment.
DURING_AND_AFTER = {
    "iv": (gettext_noop("Infusion"), gettext_noop("Emerging")),
    "im": ("", gettext_noop("After the injection")),
    "sublingual": (gettext_noop("Held"), gettext_noop("After the hold")),
    "oral": ("", gettext_noop("After swallowing")),
    "nasal_racemic": ("", gettext_noop("After the sprays")),
    "esketamine": (gettext_noop("Devices"), gettext_noop("After the last device")),
}
SHORTEST_PHASE = 5  # minutes of the strip that a phase's name needs
SECONDS = 60
ICONS = {"vitals": "activity", "alertness": "eye", "dissociation": "message-square"}


@dataclass(frozen=True, slots=True)
class Tile:
    key: str
    label: str
    value: str
    unit: str
    at: str
    note: str
    state: str
    stale_after: str


@dataclass(frozen=True, slots=True)
class DueRow:
    name: str
    note: str
    state: str
    icon: str
    when: str
    due_at: datetime
    url: str = ""


def tiles(live: Live, zone: ZoneInfo) -> list[Tile]:
    """Pressure, heart, oxygen, breaths."""
    return [_tile(live.numbers[key], live.at, zone, pressure_first=key == "bp") for key in LABELS]


def _tile(number: Number, at: datetime, zone: ZoneInfo, *, pressure_first: bool) -> Tile:
    state = {(False, False): "fresh", (True, False): "stale", (False, True): "out", (True, True): "out-stale"}
    return Tile(
        key=number.signal,
        label=_(LABELS[number.signal]),
        value=number.value,
        unit="%" if number.signal == "spo2" and number.value else "",
        at=clock24(number.at, zone) if number.at is not None and (pressure_first or number.old) else "",
        note=_note(number, at),
        state=state[number.old, number.out],
        stale_after=number.old_at.isoformat() if number.old_at is not None else "",
    )


def _note(number: Number, at: datetime) -> str:
    if number.odd:
        return _("The last value cannot be. Look at the sensor.")
    if number.at is None:
        return ""
    if number.old:
        return _("%(n)s min old") % {"n": int((at - number.at).total_seconds() // 60)}
    return _("Start %(value)s") % {"value": number.start} if number.start else ""


def due_rows(live: Live, *, form: str = "") -> list[DueRow]:
    """At most three checks, the earliest first. `form`: where what the three taps lack is written."""
    rows = []
    for check in live.owed:
        name, note = check_words(check)
        url = form if check.what == "dissociation" else ""
        minutes = int((check.due_at - live.at).total_seconds() // 60)
        when = {
            CheckState.NOW: _("Now"),
            CheckState.LATE: _("%(n)s min late") % {"n": check.minutes_late},
        }.get(check.state, _("%(n)s min") % {"n": max(minutes, 0)})
        rows.append(DueRow(name, note, check.state.value, ICONS[check.what], str(when), check.due_at, url))
    return rows


def chart(live: Live, zone: ZoneInfo) -> strip.Strip:
    """The sets so far, from the last one before the dose to the next check, or to the going home."""
    started = live.session.started_at
    assert started is not None  # only a session that began has a strip
    shown = thinned(live.sets)
    readings = tuple(_point(row, started) for row in shown)
    now = ((live.session.ended_at or live.at) - started).total_seconds() / 60
    ran_until = _ran_until(live, now)
    minutes = sorted({check.minute for check in live.checks if check.what == "vitals"})
    until = max([now, ran_until, *minutes[-1:]], default=now)
    due = next((c for c in live.owed if c.what == "vitals"), None)
    return strip.Strip(
        readings=readings,
        until=float(until),
        ticks=tuple(float(m) for m in minutes),
        now=now if live.is_live else None,
        phases=_phases(live, ran_until, float(until)),
        limits=_limits(live.rules),
        due=strip.Due(float(due.minute), _("Due %(time)s") % {"time": clock24(due.due_at, zone)})
        if due
        else None,
        gap=None,
        summary=summary(live),
    )


def _phases(live: Live, ran_until: float, until: float) -> tuple[strip.Phase, ...]:
    """The dose and what comes after it; a dose of one moment has only its after."""
    during, after = DURING_AND_AFTER[live.route]
    if during and live.given.left_mg:
        return (strip.Phase(_(during), 0.0, until),)
    if not during or ran_until < SHORTEST_PHASE:
        return (strip.Phase(_(after), 0.0, until),)
    dose = strip.Phase(_(during), 0.0, ran_until)
    return (dose, strip.Phase(_(after), ran_until, until)) if until > ran_until else (dose,)


def _ran_until(live: Live, now: float) -> float:
    """The minute until which the dose was or will be given."""
    started, over = live.session.started_at, live.given.over_at
    if started is None or over is None:
        whole = live.clockwork.whole
        return whole.total_seconds() / SECONDS if whole else now
    if live.clockwork.kind == "hold" and live.clockwork.stops_at is not None:
        over = live.clockwork.stops_at
    return (over - started).total_seconds() / SECONDS


def _limits(rules: RuleSet) -> tuple[strip.Limit, ...]:
    limit = float(rules.rule("M-BP-AMBER")["sbp_from"])
    return (strip.Limit("sbp", limit, _("Tell prescriber: %(n)s or more") % {"n": f"{limit:g}"}),)


def thinned(sets: Sequence[Reading]) -> list[Reading]:
    """Every set with a pressure, and of the others so many that the picture can be read."""
    if len(sets) <= MOST_POINTS:
        return list(sets)
    apart = (sets[-1].at - sets[0].at) / MOST_POINTS
    shown: list[Reading] = []
    for row in sets:
        if row.sbp is not None or not shown or row.at - shown[-1].at >= apart:
            shown.append(row)
    return shown


def _point(row: Reading, started: datetime) -> strip.Reading:
    """Only what a body can show is drawn."""
    seen = as_reading(row)
    bp = usable(seen, "bp")
    return strip.Reading(
        minute=round((row.at - started).total_seconds() / 60, 2),
        sbp=_whole(row.sbp) if bp else None,
        dbp=_whole(row.dbp) if bp else None,
        hr=_whole(row.hr) if usable(seen, "hr") else None,
        spo2=_whole(row.spo2) if usable(seen, "spo2") else None,
    )


@dataclass(frozen=True, slots=True)
class TableRow:
    """One set as the room's table says it: the minute since the start, and what was measured."""

    row: Reading
    minute: int | None
    pressure: str


def table(live: Live) -> list[TableRow]:
    """Every set that stands, newest first; of a recording no more than the picture shows."""
    started = live.session.started_at
    return [
        TableRow(
            row,
            int((row.at - started).total_seconds() // 60) if started is not None else None,
            f"{_whole(row.sbp)}/{_whole(row.dbp)}" if row.sbp is not None and row.dbp is not None else "",
        )
        for row in reversed(thinned(live.sets))
    ]


def _whole(value: Decimal | None) -> int | None:
    return int(value) if value is not None else None


def summary(live: Live) -> str:
    """One sentence for whoever does not see the picture."""
    said = []
    for key, label in LABELS.items():
        number = live.numbers[key]
        if not number.value:
            continue
        change = _("%(what)s from %(start)s to %(now)s") if number.start else _("%(what)s %(now)s")
        said.append(change % {"what": _(label), "start": number.start, "now": number.value})
    return _("Vitals so far. %(all)s.") % {"all": ", ".join(said)} if said else _("No vitals yet.")


def phase_bars(live: Live) -> list[dict[str, object]]:
    """Settle, dose, recover: how far each is, for the board."""
    clockwork = live.clockwork
    stay = watched_for(live.route, live.rules)
    rested = min(100, int(100 * (clockwork.since_end / stay))) if stay else 0
    recovering = clockwork.phase == "recovering"
    return [
        {"name": _("Settle"), "full": 100, "now": False},
        {"name": _("Dose"), "full": 100 if recovering else clockwork.share, "now": not recovering},
        {"name": _("Recover"), "full": rested if recovering else 0, "now": recovering},
    ]


def loudest(live: Live) -> str:
    """The level of the banner: stop for red, caution for amber, nothing where none stands."""
    if not live.prompts:
        return ""
    return "stop" if live.prompts[0].level is Sign.RED else "caution"
