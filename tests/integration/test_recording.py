"""A recording played into a room: marked for good, on a demonstration site only, zeros and all."""

from __future__ import annotations

import pytest

from openkap.records.models import Event, Prompt, Reading, Session, Site
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.recording import INVENTED, Recording, play_recording, recording_named
from tests.at_step import Stage, at_step
from tests.people import cast

pytestmark = pytest.mark.django_db

ODD = """t_seconds,hr,sbp,dbp,map,spo2,rr
0,72,128,80,96,98,14
5,0,,,,0,
10,-32768,0,0,0,127,6553.5
15,73,90,130,,98,14
"""


def play(stage: Stage, recording: Recording, speed: int = 1, by: str = "jonah") -> int:
    return play_recording(
        by=stage.people.by(by), at=stage.at, session=stage.dose, recording=recording, speed=speed
    )


def test_rows_come_when_their_time_does_and_never_twice() -> None:
    stage = at_step(cast(), "under_way")
    invented = recording_named(INVENTED)
    assert play(stage, invented) == 1
    stage.later(seconds=60)
    assert play(stage, invented) == 12
    assert play(stage, invented) == 0
    rows = Reading.objects.filter(session=stage.dose, played=True)
    assert rows.count() == 13
    assert set(rows.values_list("source", flat=True)) == {"recording"}
    assert Event.objects.filter(verb="recording.played").count() == 2


def test_the_invented_one_gives_each_kind_of_prompt() -> None:
    stage = at_step(cast(), "under_way")
    invented = recording_named(INVENTED)
    play(stage, invented)
    stage.later(minutes=61)
    play(stage, invented)
    said = set(Prompt.objects.filter(session=stage.dose).values_list("signal", "level"))
    assert {("bp", "amber"), ("bp", "resolved"), ("spo2", "amber"), ("spo2", "artefact")} <= said


def test_faster_is_the_same_values_closer_together() -> None:
    stage = at_step(cast(), "under_way")
    invented = recording_named(INVENTED)
    play(stage, invented, speed=60)
    stage.later(seconds=61)
    assert play(stage, invented, speed=60) == len(invented.samples) - 1


def test_zeros_and_sentinels_are_kept_or_left_out_and_never_alarm() -> None:
    stage = at_step(cast(), "under_way")
    odd = Recording.read("odd", ODD)
    assert odd.left_out == 1
    play(stage, odd)
    stage.later(seconds=20)
    play(stage, odd)
    assert not Prompt.objects.filter(session=stage.dose, level__in=("amber", "red")).exists()
    assert Prompt.objects.filter(session=stage.dose, level="artefact").exists()


def test_on_a_real_site_nothing_is_played() -> None:
    people = cast(demonstration=False)
    stage = at_step(people, "planned")
    assert not Site.objects.exists()
    Session.objects.filter(pk=stage.dose.pk).update(state="under_way", started_at=stage.at)
    with pytest.raises(Refused, match="demonstration site only"):
        play(stage, recording_named(INVENTED))
    assert not Reading.objects.exists()


def test_only_into_a_room_that_is_live_and_by_its_people() -> None:
    stage = at_step(cast(), "arrived")
    with pytest.raises(Refused, match="planned and not started"):
        play(stage, recording_named(INVENTED))
    with pytest.raises(NotPermitted):
        play(stage, recording_named(INVENTED), by="mira")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "t_seconds"),
        ("time,hr\n0,70\n", "t_seconds"),
        ("t_seconds,hr\n", "holds no rows"),
        ("t_seconds,hr\n0,seventy\n", "Row 2"),
        ("t_seconds,hr\nnoon,70\n", "Row 2"),
    ],
)
def test_a_file_that_is_no_recording_is_refused_by_row(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        Recording.read("odd", text)
