"""How invented vital signs go around a dose: a rise with the medicine, and back again.

Decided here: these readings are made up, no limit is meant by them, and every page says that it is of a
demonstration. They rise to a crest and settle, each person a little otherwise; nothing is random, so that
two sites made alike are alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Curve:
    """Minutes from the start of the dose: when sets are kept, when the crest is, when it has settled."""

    sets: tuple[int, ...]
    crest: int
    settled: int
    ends: int
    home: int


CURVES: Mapping[str, Curve] = {
    "iv": Curve((10, 20, 30, 40, 55, 70, 100), 30, 90, 40, 105),
    "im": Curve((10, 20, 30, 45, 60, 90, 120), 25, 100, 20, 150),
    "sublingual": Curve((30, 45, 60, 90, 120), 55, 140, 30, 165),
    "oral": Curve((30, 45, 60, 90, 120), 70, 150, 30, 165),
    "nasal_racemic": Curve((40, 70, 100, 120), 40, 110, 40, 145),
    "esketamine": Curve((40, 70, 100, 120), 40, 110, 40, 145),
}


def share(curve: Curve, minute: float) -> float:
    """How much of the rise is there at this minute: 0 before, 1 at the crest, 0 once it has settled."""
    if minute <= 0 or minute >= curve.settled:
        return 0.0
    if minute <= curve.crest:
        return minute / curve.crest
    return (curve.settled - minute) / (curve.settled - curve.crest)


def reading(who: str, dose: int, route: str, minute: float, rise: int = 22) -> dict[str, int]:
    """One set of this person at this minute of this dose; `rise` is about the crest of the upper pressure."""
    curve, own = CURVES[route], crc32(who.encode())
    now = share(curve, minute)
    wave = crc32(f"{who} {dose} {minute}".encode()) % 5 - 2
    rise += own // 16 % 13 - 6
    values = {
        "sbp": 112 + own % 16 + round(rise * now) + wave,
        "dbp": 70 + own % 9 + round(rise * now / 2) + wave // 2,
        "hr": 64 + own % 13 + round(14 * now) + wave,
        "spo2": 98 - (wave < 0) - round(now),
        "rr": 14 + wave // 2,
        "moaas": 4 if now > 0.6 else 5,
    }
    return values | ({"cadss6": round(8 * now)} if minute >= curve.crest else {})
