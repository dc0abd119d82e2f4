"""The ring of a room: how much of what is waited for is left, in words and as a share.

Decided here: nothing is reckoned, only laid out. An infusion shows the time left; a hold and a device's rest
show theirs; where nothing is waited for, the time since the last part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.reads.clockwork import Clockwork

NAMES = {
    "hold": gettext_noop("Held"),
    "rest": gettext_noop("Rest"),
    "since": gettext_noop("Given"),
}


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
    ends_words: str = ""


def clock24(at: datetime, zone: ZoneInfo) -> str:
    """10:52, as the room's chart writes it."""
    return at.astimezone(zone).strftime("%H:%M")


def ring(clockwork: Clockwork, zone: ZoneInfo) -> Ring:
    """The time left of the infusion, or since its end."""
    if clockwork.phase == "recovering":
        over = (
            _("Watched until %(time)s") % {"time": clock24(clockwork.home_at, zone)}
            if clockwork.home_at is not None
            else ""
        )
        return Ring(
            _span(clockwork.since_end), 0, _("Recovering"), _given(clockwork), over, _("since the end")
        )
    if clockwork.phase not in ("running", "paused"):
        return Ring("0:00", 0, _("Not started"), "", "", _("left"))
    if clockwork.kind != "infusion":
        return _of_parts(clockwork, zone)
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
    planned = _("Planned end in")
    return Ring(left, 100 - clockwork.share, name, _given(clockwork), second, label, ends, whole, planned)


def _given(clockwork: Clockwork) -> str:
    if clockwork.ordered is None:
        return ""
    if clockwork.phase == "recovering":
        return _("%(given)s mg given") % {"given": _mg(clockwork.given)}
    if clockwork.kind != "infusion" and clockwork.given is not None:
        return _("%(given)s of %(all)s mg given") % {
            "given": _mg(clockwork.given),
            "all": _mg(clockwork.ordered),
        }
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


def _of_parts(clockwork: Clockwork, zone: ZoneInfo) -> Ring:
    """The hold, the rest before the next device, or the time since the last part."""
    name, first = _(NAMES[clockwork.kind]), _given(clockwork)
    if clockwork.whole is None:
        second = (
            _("Watched until %(time)s") % {"time": clock24(clockwork.home_at, zone)}
            if clockwork.over and clockwork.home_at is not None
            else ""
        )
        return Ring(_span(clockwork.ran), 100 - clockwork.share, name, first, second, _("since then"))
    ends = clockwork.stops_at.isoformat() if clockwork.stops_at is not None and not clockwork.over else ""
    second = _("The time has run.") if clockwork.over and clockwork.kind == "hold" else ""
    words = _("Hold ends in") if clockwork.kind == "hold" else _("Rest ends in")
    whole, share = int(clockwork.whole.total_seconds()), 100 - clockwork.share
    return Ring(_span(clockwork.left), share, name, first, second, _("left"), ends, whole, words)
