"""What waited on a tablet without a network: its time is reckoned from the wait, and a refusal is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse

from openkap.demonstration.visit import WELL
from openkap.records.ids import new_id
from openkap.records.models import Discharge, RoomEvent
from openkap.steps.dose import pause_dose, resume_dose
from openkap.steps.frame import Refused
from tests.at_step import Stage, _hold, at_step, reading, recovering
from tests.integration.clinic_desk import visiting
from tests.integration.door_visitors import Visitor
from tests.people import Cast

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_X_OPENKAP_KEPT": "1"}


@pytest.fixture
def stage(people: Cast) -> Stage:
    return at_step(people, "watched")


def tap(page: Visitor, stage: Stage, name: str, **fields: object):  # type: ignore[no-untyped-def]
    address = reverse(name, kwargs=fields.pop("kwargs", {"session": stage.dose.id}))
    return page.post(address, {"submission": new_id(), **fields}, **SCRIPT)


def seconds(**time: float) -> int:
    return int(timedelta(**time).total_seconds())


def event(what: str) -> RoomEvent:
    return RoomEvent.objects.get(what=what)


def near(at: datetime, wanted: datetime) -> bool:
    return abs(at - wanted) < timedelta(seconds=2)


def test_marks_and_timers_are_as_old_as_they_waited(stage: Stage) -> None:
    with visiting("jonah", stage.at) as page:
        assert (
            tap(page, stage, "rooms-mark", what="tears", waited_seconds=seconds(minutes=4)).status_code == 204
        )
        assert near(event("tears").at, stage.at - timedelta(minutes=4)) and near(
            event("tears").recorded_at, stage.at
        )
        fields = {"timer-submission": new_id(), "timer-name": "Drip", "timer-minutes": 10}
        tap(page, stage, "rooms-timer", **fields, waited_seconds=seconds(minutes=3))
        timer = RoomEvent.objects.get(what="timer")
        assert timer.due_at is not None and near(timer.due_at, stage.at + timedelta(minutes=7))
        pause = {"session": stage.dose.id, "verb": "pause"}
        assert tap(page, stage, "rooms-turn", kwargs=pause, waited_seconds=120).status_code == 204
        assert near(event("paused").at, stage.at - timedelta(minutes=2))


def test_sent_twice_is_once_and_a_refusal_is_said_in_a_sentence(stage: Stage) -> None:
    once = new_id()
    with visiting("jonah", stage.at) as page:
        for _time in range(2):
            assert tap(page, stage, "rooms-mark", what="tears", submission=once).status_code == 204
        assert RoomEvent.objects.filter(what="tears").count() == 1
        no = tap(page, stage, "rooms-mark", what="dancing")
        assert no.status_code == 422 and "not something this room marks" in unquote(no["X-OpenKAP-Says"])
        late = tap(page, stage, "rooms-mark", what="tears", waited_seconds=seconds(days=2))
        assert late.status_code == 422 and "more than a day ago" in unquote(late["X-OpenKAP-Says"])
        for odd in ("", "-3", "ten", "9" * 400):
            assert tap(page, stage, "rooms-mark", what="nausea", waited_seconds=odd).status_code == 204
        assert tap(page, stage, "rooms-vitals", hr=70, waited_seconds="9" * 400).status_code == 422


def test_a_pause_that_waited_never_comes_before_what_was_before_it(stage: Stage) -> None:
    nurse = stage.people.by("jonah")
    resumed_at = stage.later(minutes=2)
    pause_dose(by=nurse, at=resumed_at - timedelta(minutes=1), session=stage.dose)
    resume_dose(by=nurse, at=resumed_at, session=stage.dose)
    pause_dose(
        by=nurse, at=stage.later(minutes=1), session=stage.dose, taken_at=resumed_at - timedelta(hours=3)
    )
    assert RoomEvent.objects.filter(what="paused").order_by("at").last().at == resumed_at  # type: ignore[union-attr]


def test_going_home_is_when_they_left_not_when_the_word_of_it_came(stage: Stage) -> None:
    recovering(stage)
    stage.later(minutes=65)
    reading(stage, cadss6=0)
    _hold(stage)
    yes_no = {True: "yes", False: "no"}
    answers = {name: yes_no[value] if isinstance(value, bool) else value for name, value in WELL.items()}
    left = {**answers, "escort_name": "Lou Alderbrook", "identified": "photo_id"}
    sent_at = stage.later(minutes=9)
    with visiting("jonah", sent_at) as page:
        sent = tap(page, stage, "rooms-home", **left, waited_seconds=seconds(minutes=8))
        assert sent.status_code == 302
    gone = Discharge.objects.get()
    assert near(gone.at, sent_at - timedelta(minutes=8)) and near(gone.recorded_at, sent_at)
    assert stage.fresh().dose.ended_at == gone.at
    with pytest.raises(Refused):
        pause_dose(by=stage.people.by("jonah"), at=sent_at, session=stage.dose)
