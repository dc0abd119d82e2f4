"""Several hands at one moment, where sharing ends, a session is held, a no is written and a page is made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openkap.permits import Actor
from openkap.records.models import (
    Declined,
    Escort,
    EscortYes,
    Event,
    Grant,
    PageVersion,
    Proposal,
    PublicPage,
    Session,
    SpokenNo,
    Task,
)
from openkap.steps.booking import cancel_session, hold_for_dose
from openkap.steps.escort import escort_said_yes, name_escort
from openkap.steps.front import publish_page
from openkap.steps.parting import end_run_out
from openkap.steps.sharing import revoke
from openkap.steps.spoken_no import record_spoken_no
from tests.at_step import ESCORT
from tests.integration.test_at_once import HANDS, at_once
from tests.integration.test_booking import book, on, sharing
from tests.people import cast

pytestmark = pytest.mark.usefixtures("own_database")
WATCH = Actor.system("watch")


def test_one_hand_holds_names_says_and_ends_and_the_others_are_told() -> None:
    stage = sharing(cast())
    people, both = stage.people, book(stage, on("2027-03-17T10:00"))
    dose, at = both.dose, stage.later(minutes=5)
    cancel_session(by=people.by("mira"), at=at, session=both.held, words="I am away.")

    def hold(key: str) -> None:
        hold_for_dose(by=people.by(key), at=at, dose=Session.objects.get(pk=dose.pk))

    keys = ("odette", "jonah", "tamsin", "odette")
    assert at_once(*[lambda key=key: hold(key) for key in keys]) == {"done": 1, "refused": HANDS - 1}
    assert Session.objects.filter(phase="integration", state="planned").count() == 1

    def name() -> None:
        row = name_escort(by=people.by("odette"), at=at, session=dose, **ESCORT)
        escort_said_yes(by=people.by("odette"), at=at, escort=row)

    assert at_once(*[name] * HANDS) == {"done": HANDS}
    assert (Escort.objects.count(), EscortYes.objects.count()) == (1, 1)

    def no() -> None:
        record_spoken_no(
            by=people.by("jonah"),
            at=at,
            course=stage.course,
            said_by="Wren",
            heard_by=people["jonah"],
            said_at=at,
            words="No.",
        )

    assert at_once(*[no] * HANDS) == {"done": HANDS}
    assert SpokenNo.objects.count() == HANDS and Declined.objects.count() <= 1

    later = at + timedelta(hours=1)
    Grant.objects.filter(patient=people["wren"]).update(until=later)
    grant = Grant.objects.get(patient=people["wren"])

    def stop() -> None:
        revoke(by=people.patient("wren"), at=later, grant=grant)

    def run_out() -> None:
        end_run_out(by=WATCH, at=later)

    assert at_once(stop, run_out, stop, run_out) == {"done": HANDS}
    assert Event.objects.filter(verb__in=("sharing.stopped", "sharing.ran_out")).count() == 1
    assert Task.objects.filter(what="no_longer_shared", done_at=None).count() == 1
    assert not Proposal.objects.filter(state="open").exists()


def test_of_many_who_make_the_first_page_one_does() -> None:
    people = cast()
    PublicPage.objects.filter(organisation=people.clinic).delete()

    def make(key: str) -> None:
        by = people.by(key)
        publish_page(by=by, at=people_at, organisation=people.clinic, slug="larkmoor-two", words=key)

    people_at = on("2027-03-09T09:00")
    keys = ("odette", "osric", "priya", "odette")
    assert at_once(*[lambda key=key: make(key) for key in keys]) == {"done": 1, "refused": HANDS - 1}
    assert PageVersion.objects.count() == 1
