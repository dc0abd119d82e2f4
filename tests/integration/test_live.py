"""The event stream: who may listen, what it says, when it ends, and that it holds nothing meanwhile."""

from __future__ import annotations

import http.client
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from openkap.door.follow import Seen
from openkap.door.who import BEGAN, HAT, LOCKED, PERSON, SEEN, STRONG
from openkap.permits import Actor, ActorKind, Bound
from openkap.reads.live import OVERLAP, Change, changes_after, last_event, newest, topic_of
from openkap.records.models import Device, Membership
from openkap.steps.dose import keep_reading
from openkap.steps.sharing import revoke
from tests.at_step import Stage, at_step, under_way
from tests.people import cast
from tests.serving import Site

PATIENCE_S = 45


# --- who may look at what


@pytest.mark.django_db
def test_a_topic_is_asked_of_the_scope() -> None:
    stage = at_step(cast(), "under_way")
    people = stage.people
    of_session, of_course = f"session:{stage.dose.id}", f"course:{stage.course.id}"
    of_rooms, of_room = f"rooms:{people.clinic.id}", f"room:{people.room().id}"
    for by, may in (
        (people.by("jonah"), {of_session, of_course, of_rooms, of_room}),
        (people.by("odette"), {of_course}),
        (people.by("mira"), {of_course}),
        (people.patient("wren"), {of_course}),
        (people.patient("noor"), set()),
        (people.by("priya"), set()),
    ):
        allowed = {
            name for name in (of_session, of_course, of_rooms, of_room) if topic_of(name, by, stage.at)
        }
        assert allowed == may, by.name
    for odd in ("", "session:", "session:me", "trail:1", f"session:{people.clinic.id}"):
        assert topic_of(odd, people.by("jonah"), stage.at) is None


@pytest.mark.django_db
def test_a_revoked_grant_ends_the_topic() -> None:
    stage = at_step(cast(), "under_way")
    name = f"course:{stage.course.id}"
    assert topic_of(name, stage.people.by("mira"), stage.at) is not None
    revoke(by=stage.people.patient("wren"), at=stage.at, grant=stage.grant)
    assert topic_of(name, stage.people.by("mira"), stage.at) is None


@pytest.mark.django_db
def test_a_tablet_listens_to_its_room_until_it_is_taken_back() -> None:
    stage = at_step(cast(), "under_way")
    room = stage.people.room()
    device = Device.objects.create(
        room=room, organisation=stage.people.clinic, name="Alder", token_hash="x",
        enrolled_by=stage.people["priya"], enrolled_at=stage.at,
    )  # fmt: skip
    by = Actor(
        ActorKind.DEVICE,
        "Alder",
        id=device.id,
        organisation=stage.people.clinic.id,
        bound=Bound(room=room.id),
    )
    assert topic_of(f"room:{room.id}", by, stage.at) is not None
    assert topic_of(f"room:{stage.people.room('Birch').id}", by, stage.at) is None
    Device.objects.filter(pk=device.pk).update(revoked_at=stage.at)
    assert topic_of(f"room:{room.id}", by, stage.at) is None


@pytest.mark.django_db
def test_what_changed_since_event_n() -> None:
    stage = at_step(cast(), "under_way")
    by = stage.people.by("jonah")
    topic = topic_of(f"session:{stage.dose.id}", by, stage.at)
    assert topic is not None
    before, later = last_event(), stage.at + timedelta(hours=1)
    assert newest(topic, before, later) is None
    keep_reading(by=by, at=stage.at, session=stage.dose, values={"hr": 80})
    after = last_event()
    assert newest(topic, before, later) == after
    assert newest(topic, after, later) is None
    # Within the overlap an event counts as possibly not seen, however its number stands.
    assert newest(topic, after, stage.at + OVERLAP / 2) == after
    assert [change.seq for change in changes_after(before) if topic.concerns(change)] == [after]


def test_a_number_that_commits_late_is_told() -> None:
    def change(seq: int) -> Change:
        return Change(seq, None, None, None)

    seen = Seen(10, at=0.0)
    assert [c.seq for c in seen.new([change(11), change(13)], at=1.0)] == [11, 13]
    assert [c.seq for c in seen.new([change(11), change(12), change(13)], at=2.0)] == [12]
    assert seen.settled == 10
    assert seen.new([change(11), change(12), change(13)], at=20.0) == []
    assert [c.seq for c in seen.new([change(14)], at=40.0)] == [14]
    assert seen.settled == 13
    assert [c.seq for c in seen.new([change(14), change(15)], at=100.0)] == [15]


# --- the stream itself, from the real server


@dataclass
class Listening:
    """An open stream, read event by event."""

    response: http.client.HTTPResponse

    def next(self) -> tuple[str, str]:
        """The next event's name and data. An end without words is ("", "")."""
        name = data = ""
        while line := self.response.readline().decode():
            if line == "\n" and name:
                return name, data
            key, _, value = line.rstrip("\n").partition(": ")
            name, data = (value, data) if key == "event" else (name, value) if key == "data" else (name, data)
        return "", ""

    def next_but_heartbeats(self) -> tuple[str, str]:
        while (said := self.next())[0] == "heartbeat":
            continue
        return said


@contextmanager
def listening(site: Site, about: str, cookie: str, **headers: str) -> Iterator[Listening]:
    connection = http.client.HTTPConnection(site.address.removeprefix("http://"), timeout=PATIENCE_S)
    given = {"Accept": "text/event-stream", "Cookie": f"sessionid={cookie}", **headers}
    connection.request("GET", f"/stream/?about={about}&after={last_event()}", headers=given)
    response = connection.getresponse()
    try:
        yield Listening(response)
    finally:
        connection.close()


def signed_in(stage: Stage, key: str) -> Any:
    """A session of this person in the store, seen just now."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    now = timezone.now().isoformat()
    store.update(
        {PERSON: str(stage.people[key].id), HAT: str(stage.people.by(key).organisation), STRONG: True}
    )
    store.update({SEEN: now, BEGAN: now})
    store.create()
    return store


@pytest.fixture
def live_stage(own_database: str) -> Stage:
    begun = timezone.now()
    stage = at_step(cast(begun - timedelta(days=60)), "arrived", at=begun - timedelta(minutes=70))
    stage.at = begun - timedelta(minutes=2)
    under_way(stage)
    return stage


def keep(stage: Stage, hr: int) -> None:
    keep_reading(by=stage.people.by("jonah"), at=timezone.now(), session=stage.dose, values={"hr": hr})


def test_a_change_is_said_by_number_and_nothing_else(live_stage: Stage, site: Site) -> None:
    nurse = signed_in(live_stage, "jonah")
    with listening(site, f"session:{live_stage.dose.id}", nurse.session_key) as stream:
        assert stream.response.status == 200
        assert stream.response.headers["Content-Type"] == "text/event-stream"
        assert "no-store" in stream.response.headers["Cache-Control"]
        assert stream.next() == ("heartbeat", "")
        stream.next()  # what was just done may not have been seen: one change, or a heartbeat
        keep(live_stage, 81)
        assert stream.next_but_heartbeats() == ("changed", str(last_event()))
    seen = import_module(settings.SESSION_ENGINE).SessionStore(nurse.session_key)
    assert seen[SEEN] == nurse[SEEN], "a stream is no act of a person"


def test_a_page_that_was_away_is_told_what_it_missed(live_stage: Stage, site: Site) -> None:
    nurse, known = signed_in(live_stage, "jonah"), last_event()
    keep(live_stage, 82)
    about = f"session:{live_stage.dose.id}"
    with listening(site, about, nurse.session_key, **{"Last-Event-ID": str(known)}) as stream:
        assert stream.next_but_heartbeats() == ("changed", str(last_event()))


def test_no_stream_for_whom_it_is_not(live_stage: Stage, site: Site) -> None:
    for key in ("mira", "odette", "priya"):
        with listening(
            site, f"session:{live_stage.dose.id}", signed_in(live_stage, key).session_key
        ) as stream:
            assert stream.response.status == 404
    with listening(site, f"session:{live_stage.dose.id}", "nobody") as stream:
        assert stream.response.status == 404


def test_a_stream_ends_with_the_role_and_with_the_lock(live_stage: Stage, site: Site) -> None:
    about = f"session:{live_stage.dose.id}"
    nurse, doctor = signed_in(live_stage, "jonah"), signed_in(live_stage, "tamsin")
    with (
        listening(site, about, nurse.session_key) as first,
        listening(site, about, doctor.session_key) as second,
    ):
        first.next()
        second.next()
        nurse[LOCKED] = True
        nurse.save()
        Membership.objects.filter(person=live_stage.people["tamsin"], until=None).update(until=timezone.now())
        for stream in (first, second):
            said = stream.next_but_heartbeats()
            while said[0] == "changed":
                said = stream.next_but_heartbeats()
            assert said == ("closed", "no")


def test_an_idle_session_ends_its_stream(live_stage: Stage, site: Site) -> None:
    nurse = signed_in(live_stage, "jonah")
    with listening(site, f"session:{live_stage.dose.id}", nurse.session_key) as stream:
        stream.next()
        nurse[SEEN] = (timezone.now() - timedelta(minutes=settings.IDLE_MINUTES + 1)).isoformat()
        nurse.save()
        said = stream.next_but_heartbeats()
        assert (said if said[0] == "closed" else stream.next_but_heartbeats()) == ("closed", "no")


def test_streams_hold_no_connection_and_end_with_the_server(live_stage: Stage, site: Site) -> None:
    """More streams than the server has connections, and a page still answers; then all hear the end."""
    nurse = signed_in(live_stage, "jonah")
    about = f"session:{live_stage.dose.id}"
    many = [listening(site, about, nurse.session_key) for _one in range(16)]
    streams = [each.__enter__() for each in many]
    try:
        for stream in streams:
            assert stream.next()[0] == "heartbeat"
        page = http.client.HTTPConnection(site.address.removeprefix("http://"), timeout=PATIENCE_S)
        page.request(
            "GET",
            f"/rooms/sessions/{live_stage.dose.id}/",
            headers={"Cookie": f"sessionid={nurse.session_key}"},
        )
        assert page.getresponse().status == 200
        page.close()
        site.process.send_signal(signal.SIGTERM)
        ends = [_last(stream) for stream in streams]
        assert ends == [("closed", "shut")] * len(streams)
        site.process.wait(timeout=PATIENCE_S)
    finally:
        for each in many:
            each.__exit__(None, None, None)


def _last(stream: Listening) -> tuple[str, str]:
    said = stream.next_but_heartbeats()
    while said[0] == "changed":
        said = stream.next_but_heartbeats()
    return said


def test_a_page_that_comes_as_the_last_one_leaves_is_heard(live_stage: Stage, site: Site) -> None:
    nurse, about = signed_in(live_stage, "jonah"), f"session:{live_stage.dose.id}"
    for hr in range(90, 94):
        with listening(site, about, nurse.session_key) as stream:
            assert stream.next() == ("heartbeat", "")
            stream.next()
            keep(live_stage, hr)
            assert stream.next_but_heartbeats()[0] == "changed"
