"""What is asked of a filled site, by whom, and how: the lines of the table that are pages and writes.

Decided here: the patients whose charts are opened are drawn by a fixed rule from everyone, and a line of its
own opens only those with a whole course behind them, the longest charts there are. Each line is asked over
one connection of the real server, after warming up; its number of queries is the most that any of a few
patients needed, counted in this process.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.people import Cast
from tests.serving import Site

from bench.asking import Visitor, sign_in
from bench.figures import Row, cpu_ms, of_rounds
from openkap.records.ids import new_id
from openkap.records.models import Course, PatientFile, Session

COUNTED = 12
AGAIN = 20  # so many charts a day; the first requests, thrown away, open each of them once


@dataclass(frozen=True, slots=True)
class Measured:
    """How often: requests thrown away, requests of one round, rounds."""

    warm: int
    requests: int
    rounds: int


ROUNDS = 3


def measured(requests: int) -> Measured:
    """Rounds of so many, after a fifth as many to warm up."""
    return Measured(max(requests // 5, 3), requests, ROUNDS)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: whose pages, and which, one after another. `form`: what is sent, where it is a write."""

    what: str
    who: str
    paths: Callable[[Cast], list[str]]
    form: Callable[[], dict[str, str]] | None = None


def measure(site: Site, people: Cast, database: str, patients: int, how: Measured) -> Iterator[Row]:
    for line in LINES:
        paths = line.paths(people)
        visitor = Visitor(site.address, sign_in(people, line.who))
        queries = None if line.form else _queries(people, line, paths)
        if line.form:
            visitor.get(paths[0].replace("/set/", "/"))  # where the form's token comes from
        turn = cycle(paths)

        def once(line: Line = line, visitor: Visitor = visitor, turn: Iterator[str] = turn) -> float:
            path = next(turn)
            return visitor.get(path) if line.form is None else visitor.post(path, line.form())

        for _warm in range(how.warm):
            once()
        before = cpu_ms(site.process.pid)
        rounds = [[once() for _request in range(how.requests)] for _round in range(how.rounds)]
        count = how.requests * how.rounds
        cpu = (cpu_ms(site.process.pid) - before) / count
        yield Row(line.what, database, patients, count, *of_rounds(rounds), cpu, queries)


def _queries(people: Cast, line: Line, paths: list[str]) -> int:
    client = Client(SERVER_NAME="localhost")
    client.cookies["sessionid"] = sign_in(people, line.who)
    counts = []
    for path in [paths[0], *paths[:COUNTED]]:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200, path
        counts.append(len(asked))
    return max(counts[1:])


def _drawn(rows: Any, count: int = 400) -> list[Any]:
    """So many ids from all of these, by a fixed rule: spread over everyone, not the newest."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    return random.Random(8).sample(ids, min(count, len(ids)))


def _charts(people: Cast) -> list[str]:
    files = PatientFile.objects.filter(organisation=people.clinic)
    return [f"/care/patients/{pk}/" for pk in _drawn(files)]


def _charts_again(people: Cast) -> list[str]:
    """As on a day: whoever comes is looked at by the desk, the nurse, the prescriber, one after another."""
    return _charts(people)[:AGAIN]


def _long_charts(people: Cast) -> list[str]:
    whole = Course.objects.filter(ended_why__startswith="Six doses", organisation=people.clinic)
    persons = Course.objects.filter(pk__in=_drawn(whole, 100)).values("patient")
    files = PatientFile.objects.filter(organisation=people.clinic, patient__in=persons)
    return [f"/care/patients/{pk}/" for pk in _drawn(files, 100)]


def _finds(people: Cast) -> list[str]:
    """A name as it is, half of one, one slip of a finger, a birth date, a number."""
    chance, found = random.Random(9), []
    files = PatientFile.objects.filter(
        pk__in=_drawn(PatientFile.objects.filter(organisation=people.clinic), 60)
    )
    for file in files.select_related("patient"):
        given, family = file.patient.given_name, file.patient.family_name
        slip = chance.randrange(1, max(len(family) - 1, 2))
        found += [
            f"{given} {family}",
            f"{family[:5]} {given[:3]}",
            f"{given} {family[:slip]}{family[slip + 1 :]}",
            str(file.patient.born_on or "1980-01-01"),
            file.number,
            family[:3],
        ]
    return [f"/care/patients/?q={quote(text)}" for text in found]


def _rooms_under_way(people: Cast) -> list[str]:
    live = Session.objects.filter(organisation=people.clinic, state="under_way").order_by("pk")
    return [f"/rooms/sessions/{pk}/set/" for pk in live.values_list("pk", flat=True)]


def vitals() -> dict[str, str]:
    chance = random.Random()
    return {
        "submission_id": str(new_id()),
        "sbp": str(120 + chance.randrange(9)),
        "dbp": str(76 + chance.randrange(6)),
        "hr": str(68 + chance.randrange(9)),
        "spo2": "98",
    }


LINES = (
    Line("chart", "tamsin", _charts),
    Line("chart, opened again", "tamsin", _charts_again),
    Line("chart, six doses", "tamsin", _long_charts),
    Line("board", "jonah", lambda _people: ["/rooms/"]),
    Line("day", "odette", lambda _people: ["/desk/"]),
    Line("find", "odette", _finds),
    Line("vitals write", "jonah", _rooms_under_way, vitals),
)
