"""Small things: agreed with a therapist or one's own, ticked and unticked, ended with the course."""

from __future__ import annotations

import pytest

from openkap.records.models import SmallThing
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.small_things import (
    add_small_thing,
    agree_small_thing,
    end_small_thing,
    end_small_things,
    tick,
    untick,
)
from tests.at_step import Stage, at_step
from tests.people import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Stage:
    return at_step(cast(), "gone_home")


def agreed(stage: Stage, text: str = "Walk to the river") -> SmallThing:
    return agree_small_thing(by=stage.people.by("mira"), at=stage.at, session=stage.integration, text=text)


def test_agreed_by_the_therapist_ticked_by_the_patient(home: Stage) -> None:
    thing, wren = agreed(home), home.people.patient("wren")
    assert tick(by=wren, at=home.at, thing=thing).ticked_at == home.at
    assert tick(by=wren, at=home.later(hours=1), thing=thing).ticked_at < home.at
    assert untick(by=wren, at=home.at, thing=thing).ticked_at is None
    mine = scoped(SmallThing.objects.all(), scope_now(home.people.by("mira"), home.at))
    assert mine.get() == thing


def test_the_patients_own_is_on_the_therapists_list(home: Stage) -> None:
    own = add_small_thing(
        by=home.people.patient("wren"), at=home.at, course=home.course, text="  Ring   Lou "
    )
    assert (own.text, own.organisation) == ("Ring Lou", home.people.therapy)


@pytest.mark.parametrize("text", ["", "   ", "x" * 301])
def test_too_little_and_too_much_is_refused(home: Stage, text: str) -> None:
    with pytest.raises(Refused) as refused:
        agreed(home, text)
    assert refused.value.field == "text"


def test_another_practice_agrees_nothing_in_a_session_that_is_not_its_own(home: Stage) -> None:
    with pytest.raises(NotPermitted):
        agree_small_thing(by=home.people.by("tamsin"), at=home.at, session=home.integration, text="Walk")


def test_off_the_list(home: Stage) -> None:
    thing, wren = agreed(home), home.people.patient("wren")
    with pytest.raises(Stale):
        end_small_thing(by=wren, at=home.at, thing=thing, version=7)
    end_small_thing(by=wren, at=home.at, thing=thing, version=1)
    with pytest.raises(Refused, match="off the list"):
        tick(by=wren, at=home.at, thing=thing)


def test_they_end_with_the_course(home: Stage) -> None:
    thing = agreed(home)
    end_small_things(home.people.by("tamsin"), home.course, at=home.at)
    thing.refresh_from_db()
    assert thing.ended_at == home.at
