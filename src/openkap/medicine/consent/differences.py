"""What differs between two texts, sentence by sentence.

Decided here: a sentence ends at a full stop, a question mark or the end of a line; spaces change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from openkap.medicine.consent.reading import sentences


@dataclass(frozen=True, slots=True)
class Difference:
    """Sentences that were there (`was`) and that stand there now (`now`); one of them may be empty."""

    was: tuple[str, ...]
    now: tuple[str, ...]


def differences(was: str, now: str) -> tuple[Difference, ...]:
    """What changed from one text to the other, in the order of the text."""
    before, after = sentences(was), sentences(now)
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return tuple(
        Difference(tuple(before[a:b]), tuple(after[c:d])) for tag, a, b, c, d in codes if tag != "equal"
    )
