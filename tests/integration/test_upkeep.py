"""The nightly backup is due when it should be, its age is seen by who leads, and a silent watcher is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openkap.reads.upkeep import is_silent, last_backup, owed
from openkap.records.models import Event, OutgoingMail, Site, Upkeep
from openkap.steps.upkeep import beat, note_upkeep
from openkap.watch.backups import is_due
from tests.integration.clinic_desk import visiting
from tests.people import LONG_AGO, NOW, SYSTEM, Cast, cast

pytestmark = pytest.mark.django_db

NIGHT = NOW.replace(hour=3, minute=0)
PAGE = "/lead/running/"


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        found = cast(demonstration=False)
        Site.objects.get_or_create(defaults={"demonstration": False, "born_at": LONG_AGO})
        yield found


@pytest.fixture
def personas() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


def backed_up(at: datetime, *, good: bool = True) -> Upkeep:
    return note_upkeep(by=SYSTEM, at=at, what="backup", good=good, file="openkap-1.backup", size=1_500_000)


def test_one_a_night_and_the_one_that_was_missed_is_made_up_for(people: Cast, settings: Any) -> None:
    assert LONG_AGO < NIGHT
    assert is_due(NIGHT), "none was ever made"
    backed_up(NIGHT - timedelta(hours=1))
    assert not is_due(NIGHT - timedelta(minutes=1)) and is_due(NIGHT)
    backed_up(NIGHT, good=False)
    assert is_due(NIGHT + timedelta(minutes=5)), "one that failed does not count"
    backed_up(NIGHT + timedelta(minutes=6))
    assert not is_due(NIGHT + timedelta(hours=23))
    assert is_due(NIGHT + timedelta(days=3))
    settings.BACKUP_HOUR = None
    assert not is_due(NIGHT + timedelta(days=3))


def test_a_late_backup_is_said_and_a_demonstration_owes_none(people: Cast) -> None:
    assert (last_backup(NOW).late, last_backup(NOW).words) == (True, "No backup yet")
    backed_up(NOW - timedelta(hours=3))
    backed_up(NOW - timedelta(hours=1), good=False)
    assert (last_backup(NOW).late, last_backup(NOW).words) == (False, "Last backup 3 hours ago")
    assert last_backup(NOW + timedelta(hours=24)).late
    assert any("keys were never exported" in line for line in owed(NOW))
    assert any("Run: openkap drill" in line for line in owed(NOW))


def test_a_demonstration_owes_nothing() -> None:
    cast()
    assert not last_backup(NOW).late and owed(NOW) == []


def test_a_watcher_without_a_pulse_is_silent(people: Cast) -> None:
    assert is_silent(NOW)
    beat("watch", NOW)
    assert not is_silent(NOW + timedelta(seconds=60)) and is_silent(NOW + timedelta(seconds=61))


def test_who_leads_sees_the_age_on_every_page_and_nobody_else_does(personas: Cast) -> None:
    backed_up(NOW - timedelta(hours=3))
    for key, path, seen in (("osric", "/lead/trail/", True), ("priya", "/lead/staff/", True)):
        with visiting(key, NOW) as page:
            page.get(path)
            assert ("Last backup 3 hours ago" in page.page) is seen, key
    with visiting("tamsin", NOW) as page:
        page.get("/my-work/")
        assert "Last backup" not in page.page


def test_the_page_tells_what_was_done_and_what_could_not_be_sent(personas: Cast) -> None:
    backed_up(NOW - timedelta(hours=3))
    note_upkeep(by=SYSTEM, at=NOW, what="drill", good=False, says="pages open: /x/ answers 500")
    row = OutgoingMail.objects.create(
        organisation=personas.clinic,
        patient=personas["wren"],
        what="unsent_1",
        sealed=b"words",
        made_at=NOW,
        next_at=NOW,
        ended_at=NOW,
        state="unsent",
        why="SMTPRecipientsRefused",
    )
    with visiting("osric", NOW) as page:
        with CaptureQueriesContext(connection) as asked:
            page.get(PAGE)
        assert len(asked) < 32
        for words in ("openkap-1.backup", "/x/ answers 500", "The address was refused", "Owed"):
            assert words in page.page, words
        assert "Wren" not in page.page and "Alderbrook" not in page.page
        address = f"{PAGE}mail/{row.pk}/again/"
        assert page.post(address, {"submission": page.hidden("submission")}).status_code == 302
    row.refresh_from_db()
    assert row.state == "waiting"
    with visiting("jonah", NOW) as page:
        assert page.get(PAGE).status_code == 404


def test_what_was_done_is_told_by_the_trail(people: Cast) -> None:
    backed_up(NOW)
    backed_up(NOW, good=False)
    told = Event.objects.filter(verb__startswith="site.backed_up").order_by("seq")
    assert [event.verb for event in told] == ["site.backed_up", "site.backed_up.failed"]
