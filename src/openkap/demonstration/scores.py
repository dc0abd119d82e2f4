"""How invented scores go, from before a course to months after it: totals, and the answers that make them.

Decided here: these are made up, and no claim of what happens to real people. Each line is a list of PHQ-9
and GAD-7 totals, one a form, in the order in which they are answered.
"""

from __future__ import annotations

from dataclasses import dataclass

PHQ9 = ("2", "1", "4", "3", "6", "5", "7", "8")  # 9 is the question about safety: answered by itself
GAD7 = ("2", "1", "3", "4", "5", "6", "7")
MOST = 3


@dataclass(frozen=True, slots=True)
class Mood:
    """`phq9[0]` and `gad7[0]` before the course, then after each dose, then month by month."""

    phq9: tuple[int, ...]
    gad7: tuple[int, ...]

    def at(self, form: str, turn: int, own: int = 0) -> int:
        """The total of this form at this turn; the last of the line goes on. `own` is a number of whoever
        answers, by which two people of the same line differ: up to two points, and one from turn to turn."""
        line = self.phq9 if form == "phq9" else self.gad7
        sway = own % 5 - 2 + (own >> (4 + turn)) % 2 if own else 0
        return max(line[min(turn, len(line) - 1)] + sway, 1)


MOODS = {
    "well": Mood((19, 13, 9, 7, 5, 4, 4, 5, 4), (14, 10, 8, 6, 5, 4, 4)),
    "slowly": Mood((17, 16, 14, 12, 10, 9, 8), (12, 12, 10, 9, 8, 7)),
    "partly": Mood((21, 17, 14, 13, 14, 13), (16, 13, 12, 12, 11)),
    "hardly": Mood((18, 18, 17, 18, 17, 18), (13, 14, 13, 13, 13)),
    "worse": Mood((16, 13, 20), (12, 11, 15)),
    "relapse": Mood((20, 14, 8, 6, 11, 15), (15, 11, 7, 6, 9, 12)),
}


def answers(form: str, total: int, safety: int = 0, own: int = 0) -> dict[str, int]:
    """Answers that come to this total, spread over the questions; where they begin is a person's `own`."""
    order = PHQ9 if form == "phq9" else GAD7
    begin = own % len(order)
    items = order[begin:] + order[:begin]
    rest = total - (safety if form == "phq9" else 0)
    given = dict.fromkeys(items, 0)
    while rest > 0 and any(value < MOST for value in given.values()):
        for item in items:
            if rest > 0 and given[item] < MOST:
                given[item] += 1
                rest -= 1
    return given | ({"9": safety} if form == "phq9" else {})
