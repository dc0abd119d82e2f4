"""A patient that the bench copied is like one that steps made: the same rows, and pages of the same build."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from bench.copies import Copy, came, copy_all, keys, marks
from bench.originals import make
from bench.sites import YEARS_BACK, renew_papers
from django.db import connection
from django.test import Client
from django.utils import timezone

from openkap.reads.find import find_people
from openkap.records.models import Event, PatientFile, Person, Session
from openkap.records.standing import scope_now
from tests.integration.clinic_desk import ZONE
from tests.integration.test_live import Stage, signed_in
from tests.nursery import ROOT
from tests.people import Cast, cast

PAGES = ("", "outcome/", "looked/", "lists/", "contact/")


def test_copies_are_whole_patients_of_their_own(own_database: str) -> None:
    now = timezone.now()
    # As `fill` begins: the practices are ten years old, and their people's papers are of this year.
    people = cast(now - timedelta(days=366 * YEARS_BACK))
    renew_papers(people, now - timedelta(days=60))
    since = marks()
    before = keys(since)
    one = make(people, "after_one_dose", now - timedelta(days=3), ("Ione", "Larkwater"))
    rows = came(before, keys(since))
    mira, week = people["mira"], 7 * 86_400
    copies = [
        Copy(n, 0, seconds, given, family, "1971-03-04", mira.pk, mira.name)
        for n, (seconds, given, family) in enumerate(
            [(0, "Otis", "Fernwáde"), (-week, "Paz", "Hollmere"), (-9 * week, "Selma", "Wickstead")], start=7
        )
    ]
    added = copy_all(own_database, [(one.patient, rows)], copies, mira, few=True)
    assert added == 3 * sum(map(len, rows.values()))
    connection.check_constraints()
    for model, found in rows.items():
        assert model._base_manager.count() >= 4 * len(found), model
    _found_by_name(people)
    _pages_alike(people, one.file)
    _told_of_themselves()


def _found_by_name(people: Cast) -> None:
    scope = scope_now(people.by("tamsin"), timezone.now())
    for typed in ("fernwade", "Hollmer Paz", "selma 3/4/1971", "1000009"):
        assert len(find_people(scope, typed, timezone.now(), ZONE).people) == 1, typed


def _pages_alike(people: Cast, original: PatientFile) -> None:
    client = Client(SERVER_NAME="localhost")
    client.cookies["sessionid"] = signed_in(Stage(people), "tamsin").session_key
    of_clinic = PatientFile.objects.filter(organisation=people.clinic)
    twin = of_clinic.get(patient__given_name="Otis")
    others = of_clinic.filter(patient__given_name__in=("Paz", "Selma"))
    for page in PAGES:
        built = [_build(client, f"/care/patients/{file.pk}/{page}") for file in (original, twin)]
        assert built[0] == built[1], page
        for file in others:
            assert _build(client, f"/care/patients/{file.pk}/{page}")


def _build(client: Client, path: str) -> list[str]:
    """The page's elements with their classes, without what it says."""
    page = client.get(path)
    assert page.status_code == 200, path
    return re.findall(r'<([a-z]+)(?: [^>]*?class="([^"]*)")?', page.content.decode())


def _told_of_themselves() -> None:
    """What a copy's trail names is the copy's own."""
    paz = Person.objects.get(given_name="Paz")
    own = set(Session.objects.filter(patient=paz).values_list("pk", flat=True))
    events = Event.objects.filter(patient=paz)
    assert {event.session for event in events if event.session} <= own
    named = [event.subject.partition(" ")[2] for event in events if event.subject.startswith("session ")]
    assert named and {UUID(id_) for id_ in named} <= own


@pytest.mark.long
def test_the_bench_fills_a_site_and_measures_it(tmp_path: Path) -> None:
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DATABASE_"))
    }
    paths = os.pathsep.join(str(ROOT / name) for name in ("src", ".", "bin"))
    command = [sys.executable, "-m", "bench", "--quick", "--database", "sqlite", "--no-medicine"]
    environment = ours | {"OPENKAP_BENCH": str(tmp_path), "PYTHONPATH": paths}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "| sqlite | 20 |" in done.stdout
