"""The time in words, to five minutes, in both languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from openkap.desks.patient.spoken_time import spoken_time

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("hour", "minute", "english", "spanish"),
    [
        (11, 20, "It is eleven twenty.", "Son las once y veinte."),
        (11, 22, "It is eleven twenty.", "Son las once y veinte."),
        (11, 58, "It is twelve o'clock.", "Son las doce."),
        (23, 58, "It is twelve o'clock.", "Son las doce."),
        (13, 0, "It is one o'clock.", "Es la una."),
        (1, 11, "It is one ten.", "Es la una y diez."),
        (22, 3, "It is ten oh five.", "Son las diez y cinco."),
        (15, 35, "It is three thirty-five.", "Son las tres y treinta y cinco."),
    ],
)
def test_the_time_is_said_as_people_say_it(hour: int, minute: int, english: str, spanish: str) -> None:
    at = datetime(2027, 3, 9, hour, minute, tzinfo=CHICAGO) + timedelta(0)
    for language, words in (("en", english), ("es", spanish)):
        with override(language):
            assert spoken_time(at, CHICAGO) == words
