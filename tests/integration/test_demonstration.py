"""A filled demonstration: made through the steps, the same each time, whole patients, nothing mailed."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction

from openkap.demonstration.fill import SYSTEM, fill, left_over
from openkap.demonstration.house import EVERYONE
from openkap.demonstration.people import PATIENTS, Patient, row
from openkap.demonstration.personas import TRIES
from openkap.records.models import Course, Event, OutgoingMail, Score, Session, Task
from openkap.steps.chain import link_events
from tests.integration.door_visitors import Visitor
from tests.integration.test_trail import faults

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 9, 19, 3, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
# On the practices' clock: by day and at night, at a weekend, and on the days on which the clocks change.
MOMENTS = (
    *("2027-03-09 03:00", "2027-03-09 06:20", "2027-03-09 12:00", "2027-03-09 23:30"),
    *("2027-03-07 10:40", "2027-03-08 09:10", "2027-03-14 03:05", "2027-03-14 12:00"),
    *("2027-11-07 01:30", "2027-11-08 18:45"),
)
FEW = (
    *("wren", "amos", "thaddeus", "casper", "desmond", "bastian"),
    *("petra", "philippa", "nadia"),
)
MOVED = ("wren", "casper", "jasper", "ottilie", "marcus", "delphine", "osgood", "petra")
HEX = "[0-9a-f]"
# An id, and the fingerprint of what was decided on, which is made of ids.
ID = re.compile(rf'{HEX}{{8}}-?{HEX}{{4}}-?{HEX}{{4}}-?{HEX}{{4}}-?{HEX}{{12}}|(?<="facts": "){HEX}{{16}}')
SECRET = frozenset({"token_hash", "code_hash", "sealed", "hash", "seq"})
# Where the course is; doses given, under way and ahead; the last PHQ-9; alerts that are open.
EXPECTED: dict[str, tuple[str, int, int, int, int | None, int]] = {
    "wren": ("dosing", 2, 0, 1, 7, 0),
    "ana_a": ("evaluation", 0, 0, 0, None, 0),
    "ana_b": ("dosing", 3, 0, 1, 9, 0),
    "casper": ("dosing", 1, 1, 0, 19, 0),
    "delphine": ("dosing", 2, 0, 0, 13, 0),
    "ruben": ("done", 2, 0, 0, 3, 0),
    "ottilie": ("dosing", 1, 0, 0, 20, 0),
    "marcus": ("dosing", 1, 0, 0, 19, 0),
    "isabel": ("dosing", 2, 0, 0, 8, 0),
    "thaddeus": ("follow_up", 1, 0, 0, 19, 3),
    "maren": ("transferred", 1, 0, 0, 17, 0),
    "fergus": ("dosing", 1, 0, 0, 14, 0),
    "lucian": ("dosing", 1, 0, 1, 15, 0),
    "greta": ("preparation", 0, 0, 0, 21, 0),
    "amos": ("preparation", 0, 0, 0, 17, 0),
    "sybil": ("preparation", 0, 0, 1, 20, 0),
    "mirabel": ("follow_up", 1, 0, 0, 18, 0),
    "anneliese": ("preparation", 3, 0, 0, 19, 0),
    "desmond": ("dosing", 0, 1, 0, 21, 0),
    "harriet": ("dosing", 1, 1, 0, 12, 0),
    "imogen": ("dosing", 1, 0, 0, 14, 0),
    "tobias": ("preparation", 0, 0, 1, 21, 0),
    "philippa": ("dosing", 0, 1, 0, 18, 0),
    "edmund": ("preparation", 0, 0, 1, 18, 0),
    "ione": ("integration", 1, 0, 0, 13, 0),
    "bastian": ("not_now", 0, 0, 0, None, 0),
    "winifred": ("follow_up", 1, 0, 0, 9, 0),
    "cornelius": ("stopped", 1, 0, 0, 19, 0),
    "seun": ("dosing", 0, 1, 0, 21, 0),
    "petra": ("preparation", 0, 0, 1, 22, 0),
    "jasper": ("dosing", 1, 0, 0, 20, 0),
    "leocadia": ("preparation", 0, 0, 0, 21, 0),
    "rowan": ("evaluation", 0, 0, 0, None, 0),
    "nadia": ("dosing", 1, 1, 0, 14, 0),
    "gideon": ("dosing", 3, 0, 1, 9, 0),
    "verity": ("dosing", 1, 0, 1, 14, 0),
    "osgood": ("preparation", 0, 0, 1, 22, 0),
    "solomon": ("died", 1, 0, 0, 18, 0),
    "calliope": ("not_candidate", 0, 0, 0, None, 0),
    "ezra": ("declined", 0, 0, 0, 22, 0),
}


class Undone(Exception):
    """What was made is taken back."""


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
    counted, each = Transactions(), []
    with connection.execute_wrapper(counted):
        fill(
            by=SYSTEM,
            at=AT,
            patients=[row(key) for key in FEW[:6]],
            say=lambda *_who: each.append(counted.opened),
        )
    # Between one patient and the next one transaction is opened, and nothing of them is written beside it.
    assert [later - before for before, later in pairwise(each)] == [1] * 5
    assert [sql for sql in counted.outside if OutgoingMail._meta.db_table not in sql] == []
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
    the_past_is_over_and_by_day(AT)
    nothing_leaves_and_the_trail_is_whole(tmp_path)
    what_to_try_first_opens({who.key for who in PATIENTS})


@pytest.mark.long
@pytest.mark.parametrize("moment", MOMENTS)
def test_it_can_be_made_at_any_hour(moment: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=ZONE).astimezone(UTC)
    fill(by=SYSTEM, at=at, patients=[row(key) for key in MOVED])
    assert {key: summary(row(key)) for key in MOVED} == {key: EXPECTED[key] for key in MOVED}
    the_past_is_over_and_by_day(at)


def the_past_is_over_and_by_day(now: datetime) -> None:
    """Nothing was done in a time to come, nor at night; no room and nobody was needed twice."""
    assert not Event.objects.filter(at__gt=now).exists()
    assert not Score.objects.filter(at__gt=now).exists()
    held = Session.objects.exclude(state__in=("cancelled", "no_show")).order_by("planned_from")
    behind = list(held.filter(planned_from__lt=now - timedelta(days=4)))
    hours = [one.planned_from.astimezone(ZONE) for one in behind]
    assert [hour for hour in hours if hour.weekday() > 4 or not 7 <= hour.hour < 18] == []
    twice = [
        (one, other)
        for one, other in combinations(held, 2)
        if other.planned_from < one.planned_to and (one.room_id or one.lead_id)
        if (one.room_id is not None and one.room_id == other.room_id)
        or (one.lead_id is not None and one.lead_id == other.lead_id)
    ]
    assert twice == []


class Transactions:
    """Counts, of the statements of one connection, what is opened outside of everything else, and each
    statement that writes outside of it."""

    def __init__(self) -> None:
        self.depth, self.opened, self.outside = 0, 0, []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        word = sql.split(maxsplit=1)[0]
        if word == "SAVEPOINT":
            self.opened += self.depth == 0
            self.depth += 1
        elif word in ("INSERT", "UPDATE", "DELETE") and not self.depth:
            self.outside.append(sql)
        answer = execute(sql, params, many, context)
        self.depth -= word == "RELEASE"
        return answer


def rows_of_all() -> list[tuple[str, list[str]]]:
    """Every row of every table in the order it was written, but for secrets: each id by its place."""
    known: dict[str, str] = {}

    def said(value: Any) -> str:
        text = value.hex() if isinstance(value, bytes) else str(value)
        return ID.sub(lambda found: known.setdefault(found[0].replace("-", ""), f"#{len(known)}"), text)

    tables = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table.startswith("records_"):
                names = [one.name for one in connection.introspection.get_table_description(cursor, table)]
                kept = ", ".join(f'"{name}"' for name in names if name not in SECRET)
                order = "rowid" if connection.vendor == "sqlite" else "ctid"
                cursor.execute(f'SELECT {kept} FROM "{table}" ORDER BY {order}')
                tables.append((table, [" | ".join(map(said, line)) for line in cursor.fetchall()]))
    return tables


@pytest.mark.long
def test_two_sites_made_alike_are_alike() -> None:
    made = []
    for _turn in range(2):
        with suppress(Undone), transaction.atomic():
            fill(by=SYSTEM, at=AT, patients=[row(key) for key in ("lucian", "ottilie")])
            made.append(rows_of_all())
            raise Undone
    assert made[0] == made[1]
    assert sum(len(lines) for _table, lines in made[0]) > 1000


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
