"""LOINC codes: the check digit, by which a slip of a code is caught before it goes out.

Decided here: nothing; the rule is the registry's own (mod 10 over the number, the last digit after a hyphen).
A right check digit does not say that a code means what we say: that is each code's `verified` mark.
"""

from __future__ import annotations

import re

SHAPE = re.compile(r"(\d{1,7})-(\d)")


def check_digit(number: str) -> int:
    """The mod-10 digit of a number: every second digit from the right is doubled, its digits added."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(number))]
    return -sum(sum(divmod(each, 10)) for each in doubled) % 10


def is_loinc(code: str) -> bool:
    """Whether a code has the shape and the check digit of a LOINC term; answers (LA…) are no terms."""
    parts = SHAPE.fullmatch(code)
    return parts is not None and check_digit(parts[1]) == int(parts[2])
