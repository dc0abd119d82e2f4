"""A live session as the kit's pictures want it: tiles, the strip, the due list, the ring.

Decided here: nothing is reckoned, only laid out. Limits drawn on the strip are the prompt rows' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.monitoring import CheckState, Sign
from openkap.medicine.monitoring.schedule import usable
from openkap.medicine.rules import library
from openkap.reads.board import watched_for
from openkap.reads.clockwork import Clockwork
from openkap.reads.room import Live, Number, check_words, open_checks
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


@dataclass(frozen=True, slots=True)
class Ring:
    left: str
    fraction: int
    name: str
    first: str
    second: str
    label: str
    ends: str = ""
    whole: int = 0


def clock24(at: datetime, zone: ZoneInfo) -> str:
    """10:52, as the room's chart writes it."""
    return at.astimezone(zone).strftime("%H:%M")


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
    for check in open_checks(live.checks, live.answered):
        name, note = check_words(check)
        url = form if check.what == "dissociation" else ""
        minutes = int((check.due_at - live.at).total_seconds() // 60)
        when = {
            CheckState.NOW: _("Now"),
            CheckState.LATE: _("%(n)s min late") % {"n": check.minutes_late},
        }.get(check.state, _("%(n)s min") % {"n": max(minutes, 0)})
        rows.append(DueRow(name, note, check.state.value, ICONS[check.what], str(when), check.due_at, url))
    return rows


def ring(clockwork: Clockwork, zone: ZoneInfo) -> Ring:
    """The time left of the infusion, or since its end."""
    if clockwork.phase == "recovering":
        return Ring(_span(clockwork.since_end), 0, _("Recovering"), _given(clockwork), "", _("since the end"))
    if clockwork.phase not in ("running", "paused"):
        return Ring("0:00", 0, _("Not started"), "", "", _("left"))
    if clockwork.phase == "paused":
        second = _("The clock stands still.")
    elif clockwork.over:
        second = _("The time has run.")
    else:
        second = (
            _("Stops at %(time)s") % {"time": clock24(clockwork.stops_at, zone)} if clockwork.stops_at else ""
        )
    left = _span(clockwork.left) if clockwork.whole is not None else _span(clockwork.ran)
    label = _("left") if clockwork.whole is not None else _("so far")
    name = _("Paused") if clockwork.phase == "paused" else _("Infusion")
    ends = clockwork.stops_at.isoformat() if clockwork.stops_at is not None and not clockwork.over else ""
    whole = int(clockwork.whole.total_seconds()) if clockwork.whole is not None else 0
    return Ring(left, 100 - clockwork.share, name, _given(clockwork), second, label, ends, whole)


def _given(clockwork: Clockwork) -> str:
    if clockwork.ordered is None:
        return ""
    if clockwork.phase == "recovering":
        return _("%(given)s mg given") % {"given": _mg(clockwork.given)}
    if clockwork.given is None:
        return _("%(all)s mg ordered") % {"all": _mg(clockwork.ordered)}
    return _("About %(given)s of %(all)s mg") % {
        "given": _mg(clockwork.given),
        "all": _mg(clockwork.ordered),
    }


def _mg(value: Decimal | None) -> str:
    return f"{value.normalize():f}" if value is not None else "0"


def _span(length: timedelta) -> str:
    """8:00; 1 h 05 once it is hours: seconds count no more, and the ring holds it."""
    seconds = int(length.total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes:02d}" if hours else f"{minutes}:{seconds % 60:02d}"


def chart(live: Live, zone: ZoneInfo) -> strip.Strip:
    """The sets so far, from the last one before the dose to the next check, or to the going home."""
    started = live.session.started_at
    assert started is not None  # only a session that began has a strip
    shown = thinned(live.sets)
    readings = tuple(_point(row, started) for row in shown)
    now = ((live.session.ended_at or live.at) - started).total_seconds() / 60
    whole = live.clockwork.whole.total_seconds() / 60 if live.clockwork.whole else None
    ran_until = whole if whole is not None else now
    minutes = sorted({check.minute for check in live.checks if check.what == "vitals"})
    until = max([now, ran_until, *minutes[-1:]], default=now)
    due = next((c for c in open_checks(live.checks, live.answered) if c.what == "vitals"), None)
    return strip.Strip(
        readings=readings,
        until=float(until),
        ticks=tuple(float(m) for m in minutes),
        now=now if live.is_live else None,
        phases=_phases(ran_until, float(until)),
        limits=_limits(),
        due=strip.Due(float(due.minute), _("Due %(time)s") % {"time": clock24(due.due_at, zone)})
        if due
        else None,
        gap=None,
        summary=summary(live),
    )


def _phases(ran_until: float, until: float) -> tuple[strip.Phase, ...]:
    infusion = strip.Phase(_("Infusion"), 0.0, ran_until)
    return (infusion, strip.Phase(_("Emerging"), ran_until, until)) if until > ran_until else (infusion,)


def _limits() -> tuple[strip.Limit, ...]:
    limit = float(library().rule("M-BP-AMBER")["sbp_from"])
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
    stay = watched_for(live.session.course.route)
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
