"""A probe off, a zero, a sentinel: values that ask for a look at the sensor, never an alarm.

Decided here: how `M-ARTEFACT` is read. One line when such values begin, one `due` when they last.
No breaths beside a beating heart may be true, and is counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from openkap.medicine.monitoring.line import Line, Sign
from openkap.medicine.monitoring.reading import Reading, shown
from openkap.medicine.rules import Rule

NAMES = {
    "hr": "heart rate",
    "bp": "blood pressure",
    "spo2": "oxygen",
    "rr": "breathing rate",
    "etco2": "carbon dioxide",
    "sedation": "alertness",
    "dissociation": "dissociation score",
}


def pressure_is_real(reading: Reading, bounds: Mapping[str, tuple[Decimal, Decimal]]) -> bool:
    """Each part in range, diastolic below systolic, and the mean not outside the two."""
    sbp, dbp, mean = reading.sbp, reading.dbp, reading.map
    for name, value in (("sbp", sbp), ("dbp", dbp), ("map", mean)):
        if value is not None and not bounds[name][0] <= value <= bounds[name][1]:
            return False
    if sbp is not None and dbp is not None and dbp >= sbp:
        return False
    if mean is None:
        return True
    return (dbp is None or dbp <= mean) and (sbp is None or mean <= sbp)


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


class Sensor:
    """What is remembered of one signal's sensor."""

    __slots__ = ("bad_since", "breathless_since", "count", "last", "last_good", "rule", "signal", "told")

    def __init__(self, signal: str, rows: Mapping[str, Rule]) -> None:
        self.signal, self.rule = signal, rows["M-ARTEFACT"]
        self.count = 0
        self.last: Decimal | None = None
        self.last_good: Decimal | None = None
        self.bad_since: Decimal | None = None
        self.breathless_since: Decimal | None = None
        self.told = False

    def dense(self, t: Decimal, next_in: Decimal | None, close: Decimal) -> bool:
        """Whether values come closely; for the first, the next reading tells."""
        before, self.last = self.last, t
        if before is None:
            return next_in is not None and next_in <= close
        return t - before <= close

    def good(self, t: Decimal) -> None:
        self.last_good, self.bad_since, self.breathless_since, self.told = t, None, None, False

    def bad(self, t: Decimal, said: str, value: str, maybe: bool) -> list[Line]:
        """An impossible value. `maybe`: a zero that could be true, no breaths."""
        self.count += 1
        if maybe and self.breathless_since is None:
            self.breathless_since = t
        if self.bad_since is not None:
            return []
        self.bad_since = t
        words = self.rule.words["maybe" if maybe else "because"]
        because = capital(words.format(value=value, name=NAMES[said]))
        return [Line(t, Sign.ARTEFACT, said, value, self.rule.id, because, self.rule.words["action"])]

    def overdue(self, t: Decimal, said: str, spoken: bool) -> list[Line]:
        """Once, when impossible values have lasted. `spoken`: someone was already called to look."""
        lasts = self.rule["lasts"]
        if self.bad_since is None or self.told or spoken or t - self.bad_since <= lasts:
            return []
        self.told = True
        because = self.rule.words["due"].format(name=NAMES[said], lasts=shown(lasts))
        return [Line(t, Sign.DUE, said, "", self.rule.id, because, self.rule.words["action"])]

    def live(self, t: Decimal, stale: Decimal) -> bool:
        """Whether the last value was usable and is not old."""
        return self.bad_since is None and self.last_good is not None and t - self.last_good <= stale

    def no_breath_for(self, t: Decimal, seconds: Decimal) -> bool:
        return self.breathless_since is not None and t - self.breathless_since >= seconds

    def no_heart(self) -> None:
        """All leads may be off; what looked like no breaths starts anew."""
        self.breathless_since = None
