"""Process notes: their author's alone, in no place but their own store, and taken home only with a factor."""

from __future__ import annotations

import io
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as site_settings
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from openkap.permits import Role
from openkap.records.models import Event, PatientFile
from openkap.steps.cast import THERAPY
from openkap.steps.frame import AlreadyDone, NotPermitted, Refused
from openkap.steps.people import give_role
from openkap.steps.process import (
    keep_process_draft,
    keep_process_note,
    open_process_notes,
    take_process_notes,
)
from tests.addresses import addresses
from tests.at_step import Stage, at_step
from tests.integration.door_visitors import Visitor
from tests.people import NOW, SYSTEM, Cast
from tests.post import delivered
from tests.sample import Sample
from tests.samples import SAMPLES
from tests.scene import Scene

pytestmark = pytest.mark.django_db
PLANTED = "zwartkop"
ZONE = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> Path:
    settings.PROCESS_STORE = tmp_path / "process.sqlite3"
    settings.PROCESS_KEY_FILE = tmp_path / "process.key"
    return tmp_path


def own_file(people: Cast, key: str = "wren") -> PatientFile:
    return PatientFile.objects.get(patient=people[key], organisation__name=THERAPY)


@pytest.fixture
def stage(people: Cast) -> Stage:
    return at_step(people, "integrated")


def keep(people: Cast, words: str = PLANTED, key: str = "mira", **more: Any) -> Any:
    given = {"by": people.by(key), "at": NOW, "file": own_file(people), **more}
    return keep_process_note(words=words, **given)


def visitor(key: str) -> Visitor:
    return Visitor().become(key)


def at_time(at: datetime) -> Any:
    return time_machine.travel(at, tick=False)


def test_only_the_author_opens_writes_and_takes(people: Cast, stage: Stage) -> None:
    keep(people)
    text = take_process_notes(by=people.by("mira"), at=NOW, file=own_file(people), factor_at=NOW, zone=ZONE)
    assert PLANTED in text
    for key in ("jonah", "osric", "priya", "odette"):
        with pytest.raises(NotPermitted):
            open_process_notes(by=people.by(key), at=NOW, file=own_file(people))
    with pytest.raises(NotPermitted):
        keep_process_note(by=people.patient("wren"), at=NOW, file=own_file(people), words="x")


def test_a_colleague_who_treats_finds_their_own_empty_page(people: Cast, stage: Stage) -> None:
    give_role(by=SYSTEM, at=NOW, person=people["theo"], organisation=people.therapy, role=Role.THERAPIST)
    keep(people)
    other = people.by("theo", THERAPY)
    text = take_process_notes(by=other, at=NOW, file=own_file(people), factor_at=NOW, zone=ZONE)
    assert PLANTED not in text


@pytest.mark.parametrize("minutes", [None, -1, 5, 600])
def test_without_a_fresh_factor_nothing_is_taken(people: Cast, stage: Stage, minutes: int | None) -> None:
    keep(people)
    shown = None if minutes is None else NOW - timedelta(minutes=minutes)
    with pytest.raises(Refused, match="second factor"):
        take_process_notes(by=people.by("mira"), at=NOW, file=own_file(people), factor_at=shown, zone=ZONE)
    assert not Event.objects.filter(verb="process.downloaded").exists()


def test_a_correction_is_added_and_only_of_ones_own(people: Cast, stage: Stage) -> None:
    first = keep(people)
    with pytest.raises(Refused, match="why"):
        keep(people, "new", corrects=first.id)
    with pytest.raises(Refused, match="not one of yours"):
        keep(people, "new", corrects=uuid4(), reason="a slip")
    keep(people, "the right words", corrects=first.id, reason="a slip")
    with pytest.raises(Refused, match="already corrected"):
        keep(people, "again", corrects=first.id, reason="a slip")
    text = take_process_notes(by=people.by("mira"), at=NOW, file=own_file(people), factor_at=NOW, zone=ZONE)
    assert PLANTED in text and "the right words" in text


def test_empty_and_too_long_are_refused_and_twice_is_once(people: Cast, stage: Stage) -> None:
    for words in ("  ", "x" * 60_001):
        with pytest.raises(Refused):
            keep(people, words)
    sent = uuid4()
    keep(people, submission=sent)
    with pytest.raises(AlreadyDone):
        keep(people, submission=sent)


def test_the_trail_names_the_author_and_nobody_else(people: Cast, stage: Stage) -> None:
    begun = Event.objects.count()
    open_process_notes(by=people.by("mira"), at=NOW, file=own_file(people))
    keep(people)
    with pytest.raises(Refused):
        keep(people, " ")
    told = Event.objects.order_by("seq")[begun:]
    assert [event.verb for event in told] == ["opened.process", "process.kept", "keep_process_note.refused"]
    for event in told:
        assert (event.patient_id, event.session, event.subject) == (None, None, "")
        assert event.organisation_id == people.therapy.id


def test_the_page_writes_reads_and_corrects(people: Cast, stage: Stage) -> None:
    address = reverse("practice-process", args=[own_file(people).id])
    with at_time(stage.at):
        mira = visitor("mira")
        mira.get(address)
        answer = mira.post(address, {"words": PLANTED, "submission": mira.hidden("submission")})
        assert answer.status_code == 302
        answer = mira.get(address)
        assert PLANTED in mira.page
        assert answer["Cache-Control"] == "no-store"
        assert mira.post(address, {"words": " ", "submission": str(uuid4())}).status_code == 422
        assert visitor("osric").get(address).status_code == 404


def test_a_draft_is_sealed_and_offered_again(people: Cast, stage: Stage, store: Path) -> None:
    file = own_file(people)
    with at_time(stage.at):
        mira = visitor("mira")
        answer = mira.post(reverse("practice-process-draft", args=[file.id]), {"words": PLANTED})
        assert answer.status_code == 200
        mira.get(reverse("practice-process", args=[file.id]))
        assert PLANTED in mira.page
    assert not found_in(store)
    keep_process_note(by=people.by("mira"), at=NOW, file=file, words="kept")
    with at_time(stage.at):
        mira.get(reverse("practice-process", args=[file.id]))
    assert PLANTED not in mira.page


def test_a_draft_is_thrown_away_by_its_author_alone_after_being_asked_once_more(
    people: Cast, stage: Stage
) -> None:
    file = own_file(people)
    address = reverse("practice-process", args=[file.id])
    with at_time(stage.at):
        mira, theo = visitor("mira"), visitor("theo")
        for page, words in ((mira, PLANTED), (theo, "Theo’s own half thought")):
            page.post(reverse("practice-process-draft", args=[file.id]), {"words": words})
        mira.get(address)
        assert "Throw the draft away" in mira.page and "cannot be brought back" in mira.page
        for _pressed in (1, 2):
            assert mira.post(address, {"words": PLANTED, "discard": "1"}).status_code == 302
        mira.get(address)
        assert PLANTED not in mira.page and "Throw the draft away" not in mira.page
        theo.get(address)
        assert "Theo’s own half thought" in theo.page


def test_what_a_locked_session_sends_goes_sealed_into_the_draft(
    people: Cast, stage: Stage, store: Path
) -> None:
    address = reverse("practice-process", args=[own_file(people).id])
    with at_time(stage.at) as clock:
        mira = visitor("mira")
        mira.get(address)
        clock.move_to(stage.at + timedelta(hours=2))
        answer = mira.post(address, {"words": PLANTED, "submission": str(uuid4())})
        assert answer.status_code == 302 and answer["Location"].startswith("/lock/")
        assert PLANTED not in str(dict(mira.session))
        assert not found_in(store)
        mira.post("/lock/", {"as": "persona", "next": address})
        mira.get(address)
        assert PLANTED in mira.page


def test_the_download_asks_for_the_factor_again(people: Cast, stage: Stage) -> None:
    keep(people)
    address = reverse("practice-process-take", args=[own_file(people).id])
    with at_time(stage.at) as clock:
        mira = visitor("mira")
        assert mira.post(address).status_code == 409
        assert PLANTED not in mira.page
        mira.post(address, {"as": "persona"})
        answer = mira.post(address)
        assert answer["Content-Disposition"].startswith("attachment")
        assert PLANTED in mira.page
        clock.move_to(stage.at + timedelta(minutes=5))
        assert mira.post(address).status_code == 409


def test_a_lost_key_is_said_and_no_word_is_lost(people: Cast, stage: Stage, store: Path) -> None:
    keep(people)
    (store / "process.key").unlink()
    address = reverse("practice-process", args=[own_file(people).id])
    with at_time(stage.at):
        mira = visitor("mira")
        assert mira.get(address).status_code == 200
        assert "cannot be opened now" in mira.page
        answer = mira.post(address, {"words": "typed anyway", "submission": str(uuid4())})
    assert answer.status_code == 422
    assert "typed anyway" in mira.page


def test_the_page_asks_a_bounded_number_of_questions(
    people: Cast, stage: Stage, django_assert_max_num_queries: Any
) -> None:
    address = reverse("practice-process", args=[own_file(people).id])
    with at_time(stage.at):
        mira = visitor("mira")
        for number in range(4):
            keep(people, f"note {number}")
        mira.get(address)
        with django_assert_max_num_queries(45):
            mira.get(address)


def test_a_planted_word_is_found_nowhere(
    people: Cast, stage: Stage, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Database, dump, trail, mail, log, every page of everyone, and every file of the data folder."""
    caplog.set_level(logging.DEBUG)
    file = own_file(people)
    with at_time(stage.at):
        mira = visitor("mira")
        address = reverse("practice-process", args=[file.id])
        mira.get(address)
        mira.post(address, {"words": PLANTED, "submission": str(uuid4())})
        mira.post(address, {"words": "", "reason": PLANTED, "submission": str(uuid4())})
        keep_process_draft(by=people.by("mira"), at=stage.at, file=file, words=PLANTED)
        pages = own_pages(people, stage)
        if connection.vendor == "sqlite":  # what a page says is asked on one database
            for key in ("jonah", "osric", "wren"):
                pages += everything_of(key, people, stage)
            assert len(pages) > 20
    assert [path for path, text in pages if PLANTED in text] == []
    assert rows_with_the_word() == []
    dump = io.StringIO()
    call_command("dumpdata", "records", stdout=dump, verbosity=0)
    assert PLANTED not in dump.getvalue()
    assert PLANTED not in caplog.text
    assert not any(PLANTED in str(message.message()) for message in delivered())
    assert not found_in(store)
    assert not found_in(Path(site_settings.DATA_DIR))


def own_pages(people: Cast, stage: Stage) -> list[tuple[str, str]]:
    """The author's own other pages: lists, search, today, the person, the note."""
    mira, pages = visitor("mira"), []
    for path in (
        reverse("practice-today"),
        reverse("practice-people") + f"?q={PLANTED[:4]}",
        reverse("practice-person", args=[own_file(people).id]),
        reverse("practice-preparation", args=[own_file(people).id]),
        reverse("practice-note", args=[stage.integration.id]),
        reverse("practice-shown", args=[own_file(people).id]),
    ):
        assert mira.get(path).status_code == 200, path
        pages.append((path, mira.page))
    return pages


def everything_of(key: str, people: Cast, stage: Stage) -> list[tuple[str, str]]:
    """Every page that this person may open and that needs no POST, about Wren."""
    who, pages = visitor(key), []
    scene = Scene(people, stage.at, {"wren": stage})
    for address in addresses():
        sample = SAMPLES.get(address.name, Sample(visited=False))
        kwargs = sample.kwargs_of(scene, "wren") if sample.visited and not sample.post else None
        if kwargs is None or sample.by_password or address.name in ("sign-out", "lock"):
            continue
        path = reverse(address.name, kwargs=kwargs)
        if who.get(path).status_code == 200:
            pages.append((path, who.page))
    return pages


def rows_with_the_word() -> list[str]:
    """Every column of every table of the database, sessions and tasks of the machine included."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [table for row in cursor.fetchall() if any(PLANTED in _text(value) for value in row)]
    return found


def _text(value: object) -> str:
    return bytes(value).decode(errors="replace") if isinstance(value, (bytes, memoryview)) else str(value)


def found_in(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if PLANTED.encode() in path.read_bytes()]
