"""Which checks of a recording were not done in time.

Decided here: nothing clinical; the schedule and `M-CHECK` are. A check is told once, when its time
has passed without blood pressure, heart rate and oxygen.
"""

from __future__ import annotations

from decimal import Decimal

from openkap.medicine.monitoring.artefacts import NAMES
from openkap.medicine.monitoring.line import Line, Sign
from openkap.medicine.monitoring.reading import shown
from openkap.medicine.monitoring.schedule import CHECKED, SECONDS, Schedule
from openkap.medicine.rules import Rule


class Checks:
    """Follows the schedule as time goes on."""

    def __init__(self, schedule: Schedule, rule: Rule) -> None:
        self.rule = rule
        self.within = rule["within"] * SECONDS
        self.minutes = schedule.vitals()
        self.next: Decimal | None = next(self.minutes, None)
        self.recent: dict[str, Decimal] = {}

    def seen(self, signal: str, t: Decimal) -> None:
        """A usable value; only the latest of each signal can matter to the next check."""
        self.recent[signal] = t

    def until(self, t: Decimal) -> list[Line]:
        """The checks whose time ran out before `t`."""
        lines: list[Line] = []
        while self.next is not None and self.next * SECONDS + self.within < t:
            due = self.next * SECONDS
            missing = [NAMES[s] for s in CHECKED if not self._in_time(s, due)]
            if missing:
                signal = next(s for s in CHECKED if not self._in_time(s, due))
                because = self.rule.words["because"].format(
                    minute=shown(self.next), missing=" and no ".join(missing)
                )
                lines.append(
                    Line(
                        due + self.within,
                        Sign.DUE,
                        signal,
                        "",
                        self.rule.id,
                        because,
                        self.rule.words["action"],
                    )
                )
            self.next = next(self.minutes, None)
        return lines

    def _in_time(self, signal: str, due: Decimal) -> bool:
        last = self.recent.get(signal)
        return last is not None and abs(last - due) <= self.within
