"""A filled demonstration: made through the steps, the same each time, whole patients, nothing mailed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection

from openkap.demonstration.fill import SYSTEM, fill, left_over
from openkap.demonstration.house import EVERYONE
from openkap.demonstration.people import PATIENTS, Patient, row
from openkap.demonstration.personas import TRIES
from openkap.records.models import Course, OutgoingMail, Score, Session, Task
from openkap.steps.chain import link_events
from tests.integration.door_visitors import Visitor
from tests.integration.test_trail import faults

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 9, 19, 3, tzinfo=UTC)
FEW = (
    *("wren", "amos", "thaddeus", "casper", "desmond", "bastian"),
    *("petra", "philippa", "nadia"),
)
# Where the course is; doses given, under way and ahead; the last PHQ-9; alerts that are open.
EXPECTED: dict[str, tuple[str, int, int, int, int | None, int]] = {
    "wren": ("dosing", 2, 0, 1, 9, 0),
    "ana_a": ("evaluation", 0, 0, 0, None, 0),
    "ana_b": ("dosing", 3, 0, 1, 7, 0),
    "casper": ("dosing", 1, 1, 0, 16, 0),
    "delphine": ("dosing", 2, 0, 1, 14, 0),
    "ruben": ("done", 2, 0, 0, 4, 0),
    "ottilie": ("dosing", 1, 0, 0, 19, 0),
    "marcus": ("dosing", 1, 0, 0, 17, 0),
    "isabel": ("dosing", 2, 0, 0, 9, 0),
    "thaddeus": ("follow_up", 1, 0, 0, 20, 3),
    "maren": ("transferred", 1, 0, 0, 16, 0),
    "fergus": ("dosing", 1, 0, 0, 16, 0),
    "lucian": ("dosing", 1, 0, 1, 16, 0),
    "greta": ("preparation", 0, 0, 0, 19, 0),
    "amos": ("preparation", 0, 0, 0, 19, 0),
    "sybil": ("preparation", 0, 0, 1, 19, 0),
    "mirabel": ("follow_up", 1, 0, 0, 15, 0),
    "anneliese": ("dosing", 3, 0, 1, 18, 0),
    "desmond": ("dosing", 0, 1, 0, 19, 0),
    "harriet": ("dosing", 1, 1, 0, 13, 0),
    "philippa": ("dosing", 0, 1, 0, 19, 0),
    "edmund": ("preparation", 0, 0, 1, 19, 0),
    "ione": ("integration", 1, 0, 0, 13, 0),
    "bastian": ("not_now", 0, 0, 0, None, 0),
    "winifred": ("follow_up", 1, 0, 0, 7, 0),
    "cornelius": ("stopped", 1, 0, 0, 18, 0),
    "seun": ("dosing", 0, 1, 0, 19, 0),
    "petra": ("preparation", 0, 0, 1, 19, 0),
    "jasper": ("dosing", 1, 0, 0, 19, 0),
    "leocadia": ("preparation", 0, 0, 0, 19, 0),
    "rowan": ("evaluation", 0, 0, 0, None, 0),
    "nadia": ("dosing", 1, 1, 0, 16, 0),
    "gideon": ("dosing", 3, 0, 1, 7, 0),
    "verity": ("dosing", 1, 0, 1, 16, 0),
    "solomon": ("died", 1, 0, 0, 16, 0),
    "calliope": ("not_candidate", 0, 0, 0, None, 0),
    "ezra": ("declined", 0, 0, 0, 19, 0),
}


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> None:
    settings.PROCESS_STORE = tmp_path / "process.sqlite3"
    settings.PROCESS_KEY_FILE = tmp_path / "process.key"


def summary(who: Patient) -> tuple[str, int, int, int, int | None, int]:
    course = Course.objects.get(
        patient__given_name=who.given, patient__family_name=who.family, patient__born_on=who.born
    )
    doses = Session.objects.filter(course=course, phase=Session.Phase.DOSING)
    totals = Score.objects.filter(course=course, instrument="phq9").order_by("at", "id")
    return (
        course.state,
        doses.filter(state="done").count(),
        doses.filter(state__in=Session.LIVE).count(),
        doses.filter(state__in=("planned", "arrived", "ready")).count(),
        totals.values_list("total", flat=True).last(),
        Task.objects.filter(course=course, what__startswith="alert_", done_at=None).count(),
    )


def test_a_few_of_them_stand_where_they_are_said_to(tmp_path: Path) -> None:
    fill(by=SYSTEM, at=AT, patients=[row(key) for key in FEW[:6]])
    assert {who.key for who in left_over(row(key) for key in FEW)} == set(FEW[6:])
    # Broken off, and gone on with some hours later: as of the first moment all the same.
    fill(by=SYSTEM, at=AT + timedelta(hours=2), patients=[row(key) for key in FEW])
    assert {key: summary(row(key)) for key in FEW} == {key: EXPECTED[key] for key in FEW}
    nothing_leaves_and_the_trail_is_whole(tmp_path)
    if connection.vendor == "sqlite":  # what a page says is asked on one database
        what_to_try_first_opens(set(FEW))


@pytest.mark.long
def test_everyone_stands_where_they_are_said_to(tmp_path: Path) -> None:
    fill(by=SYSTEM, at=AT)
    assert {who.key: summary(who) for who in PATIENTS} == EXPECTED
    nothing_leaves_and_the_trail_is_whole(tmp_path)
    what_to_try_first_opens({who.key for who in PATIENTS})


@pytest.mark.long
@pytest.mark.parametrize("hour", range(2, 24, 3))
def test_it_can_be_made_at_any_hour(hour: int) -> None:
    fill(by=SYSTEM, at=AT.replace(hour=hour, minute=9), patients=[row(key) for key in FEW])
    assert {key: summary(row(key)) for key in FEW} == {key: EXPECTED[key] for key in FEW}


def nothing_leaves_and_the_trail_is_whole(folder: Path) -> None:
    assert not OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING).exists()
    while link_events(at=AT, folder=folder):
        pass
    assert faults(folder) == []


def what_to_try_first_opens(made: set[str]) -> None:
    """Each line of each card, pressed by the one it is for: a page, and the one that was meant."""
    staff = {one.key for one in EVERYONE if one.places}
    with time_machine.travel(AT, tick=False):
        for key, (_words, tries) in TRIES.items():
            for number, one in enumerate(tries):
                if not (key in staff or key in made) or (one.of and one.of not in made):
                    continue
                visitor = Visitor()
                answer = visitor.post(f"/demo/become/{key}/", {"try": str(number)})
                assert answer.status_code == 302
                assert answer["Location"] != "/start/", (key, one.words)
                assert visitor.get(answer["Location"]).status_code == 200, (key, one.words)
        shown = Visitor().get("/demo/").content.decode()
    assert all((one.chosen or one.given) in shown for one in EVERYONE if one.key in TRIES)
