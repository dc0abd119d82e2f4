"""A dose without an integration session: one press holds the nearest time that fits, and asks for the yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from openkap.records.facts.booking import held_for, window_of
from openkap.records.ids import new_id
from openkap.records.models import Proposal, Session
from openkap.steps.booking import answer_proposal, cancel_session, hold_for_dose
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.sharing import revoke
from tests.at_step import Stage
from tests.integration.door_visitors import Visitor
from tests.integration.test_booking import begun, book, on, open_one, sharing, tasks
from tests.integration.test_window_watch import end
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db
DOSE = on("2027-03-10T10:00")


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


@pytest.fixture
def bare(people: Cast) -> Stage:
    """A dose whose session was called off again."""
    stage = sharing(people)
    both = book(stage, DOSE)
    answer_proposal(by=people.by("mira"), at=stage.at, proposal=open_one(stage), answer="accept")
    cancel_session(by=people.by("mira"), at=stage.at, session=both.held, words="I am away.")
    Proposal.objects.filter(state="open").update(state="closed", answered_at=stage.at)
    stage.dose = both.dose
    return stage


@pytest.mark.parametrize("who", ["jonah", "odette", "tamsin"])
def test_one_press_holds_the_nearest_time_and_asks(bare: Stage, who: str) -> None:
    by, mira = bare.people.by(who), bare.people["mira"]
    booked = hold_for_dose(by=by, at=bare.at, dose=bare.dose)
    assert booked.held is not None and booked.held.lead == mira
    window = window_of(bare.dose)
    assert window is not None and window.holds(booked.held.planned_from)
    assert held_for(bare.dose, bare.at) == booked.held
    assert (open_one(bare).what, open_one(bare).owner) == ("hold", mira)
    with pytest.raises(Refused, match=f"already held for this dose, with {mira.name}"):
        hold_for_dose(by=by, at=bare.at, dose=bare.dose)


def test_after_the_dose_the_window_on_record_counts_and_the_older_task_is_done(bare: Stage) -> None:
    end(bare, DOSE + timedelta(hours=2))
    assert tasks("hold_integration", owner=bare.people["mira"])
    booked = hold_for_dose(by=bare.people.by("jonah"), at=DOSE + timedelta(hours=3), dose=bare.dose)
    assert booked.held is not None
    assert not tasks("hold_integration")
    late = window_of(bare.dose).closes  # type: ignore[union-attr]
    cancel_session(by=bare.people.by("mira"), at=booked.dose.planned_to, session=booked.held, words="Ill.")
    with pytest.raises(Refused, match="has closed"):
        hold_for_dose(by=bare.people.by("jonah"), at=late, dose=bare.dose)


def test_where_nobody_treats_or_sees_dates_the_front_desk_is_asked(people: Cast) -> None:
    stage = begun(people)
    dose = book(stage, DOSE).dose
    said = hold_for_dose(by=people.by("jonah"), at=stage.at, dose=dose).said
    assert "Nobody holds integration" in said
    assert len(tasks("find_therapist", organisation=people.clinic)) == 1


def test_only_who_plans_here_may(bare: Stage) -> None:
    for key in ("mira", "priya", "osric"):
        if key == "osric":
            continue
        with pytest.raises(NotPermitted):
            hold_for_dose(by=bare.people.by(key), at=bare.at, dose=bare.dose)
    held = Session.objects.filter(phase="integration").first()
    assert held is not None
    with pytest.raises(Refused, match="no dose"):
        hold_for_dose(by=bare.people.by("mira"), at=bare.at, dose=held)


def test_the_page_offers_it_and_says_when(bare: Stage) -> None:
    with time_machine.travel(bare.later(minutes=1), tick=False):
        odette = Visitor().become("odette")
        odette.get(reverse("calendar-session", args=[bare.dose.id]))
        assert f"Hold it, and ask {bare.people['mira'].name}" in odette.page
        assert "The nearest time that fits: " in odette.page
        address = reverse("calendar-hold", args=[bare.dose.id])
        sent = {"submission": str(new_id())}
        assert odette.post(address, sent).status_code == 302
        assert odette.post(address, sent).status_code == 302
        assert Session.objects.filter(phase="integration", state="planned").count() == 1
        odette.get(reverse("calendar-session", args=[bare.dose.id]))
        assert "waits for an answer" in odette.page and "Hold it, and ask" not in odette.page
        assert odette.post(address, {"submission": str(new_id())}).status_code == 422
        assert "already held for this dose" in odette.page


def test_going_home_offers_it_and_keeps_what_was_typed(bare: Stage) -> None:
    end(bare, DOSE + timedelta(hours=2))
    with time_machine.travel(DOSE + timedelta(hours=2, minutes=10), tick=False):
        jonah = Visitor().become("jonah")
        address = reverse("rooms-home", args=[bare.dose.id])
        jonah.get(address)
        assert "No integration session is held yet" in jonah.page
        assert f"Hold it, and ask {bare.people['mira'].name}" in jonah.page
        sent = {"submission": str(new_id()), "escort_name": "Ada Grey", "hold": "1"}
        assert jonah.post(address, sent).status_code == 200
        assert "Ada Grey" in jonah.page and "Asked. It is held until they answer." in jonah.page
        assert "No integration session is held yet" not in jonah.page
        assert Session.objects.get(pk=bare.dose.pk).state == "recovering"
        assert jonah.post(address, sent).status_code == 422
        assert "already held for this dose" in jonah.page


def test_revoked_meanwhile_nothing_is_held_there(bare: Stage) -> None:
    revoke(by=bare.people.patient("wren"), at=bare.at, grant=bare.grant)
    booked = hold_for_dose(by=bare.people.by("odette"), at=bare.at, dose=bare.dose)
    assert booked.held is None and "Nobody holds integration" in booked.said
