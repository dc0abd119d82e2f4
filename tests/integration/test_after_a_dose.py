"""Every line of the table: how long after a dose, or a sedative, something new may be agreed to.

And what always can be: to share less, to stop sharing, to withdraw consent. Also when clocks change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openkap.permits import Actor
from openkap.records.facts.altered import altered_until
from openkap.records.facts.law import held
from openkap.records.models import Draw, RoomEvent
from openkap.steps.bedside import give_medicine
from openkap.steps.correct import withdraw
from openkap.steps.frame import Refused
from openkap.steps.room import authored_in
from openkap.steps.rule_changes import sign_change
from openkap.steps.sharing import change_scopes, revoke
from openkap.steps.stopping import hand_over_to_emergency
from tests.at_step import Stage, at_step
from tests.people import Cast
from tests.spec.tables import Line, lines

pytestmark = pytest.mark.django_db


def drawn(stage: Stage) -> None:
    Draw.objects.create(
        **authored_in(nurse(stage), stage.dose, stage.at),
        session=stage.dose, order=stage.order, mg=Decimal(35),
    )  # fmt: skip


def wasted(stage: Stage) -> None:
    withdraw(by=nurse(stage), at=stage.at, row=Draw.objects.get(), reason="Wasted: the visit is off")


def order_cancelled(stage: Stage) -> None:
    withdraw(by=stage.people.by("tamsin"), at=stage.at, row=stage.order, reason="Not today")


def session_called_off(stage: Stage) -> None:
    stage.dose.state = "cancelled"
    stage.dose.save(update_fields=["state"])


def sedative(stage: Stage, sleepy: bool = True) -> None:
    give_medicine(
        by=nurse(stage), at=stage.at, session=stage.dose, name="Lorazepam", dose="1 mg by mouth",
        sedative=sleepy,
    )  # fmt: skip


def entered_in_error(stage: Stage) -> None:
    withdraw(by=nurse(stage), at=stage.at, row=RoomEvent.objects.get(), reason="Another patient")


def handed_over(stage: Stage) -> None:
    hand_over_to_emergency(
        by=nurse(stage), at=stage.at, session=stage.dose, called="Ambulance", words="Chest pain"
    )


THEN: dict[str, Callable[[Stage], None]] = {
    "drawn": drawn,
    "wasted": wasted,
    "order cancelled": order_cancelled,
    "session called off": session_called_off,
    "sedative": sedative,
    "another medicine": lambda stage: sedative(stage, sleepy=False),
    "entered in error": entered_in_error,
    "handed to emergency care": handed_over,
}


def nurse(stage: Stage) -> Actor:
    return stage.people.by("jonah")


@pytest.mark.parametrize("line", lines("consent"), ids=str)
def test_nothing_new_is_agreed_to_while_a_dose_may_still_act(people: Cast, line: Line) -> None:
    stage = at_step(people, line["stage"])
    for then in filter(None, line["then"].split(", ")):
        THEN[then](stage.fresh())
    ended = stage.fresh().dose.ended_at or stage.at
    until = altered_until(stage.course.patient_id, ended + timedelta(hours=float(line["hours after"])))
    assert ("yes" if until is None else "no") == line["may agree to something new"]


def test_the_night_the_clocks_change_is_no_shorter(people: Cast) -> None:
    """A visit that ends on the Saturday before summer time: 24 elapsed hours, an hour later by the wall."""
    stage = at_step(people, "gone_home", at=datetime(2027, 3, 13, 12, 0, tzinfo=UTC))
    until = altered_until(stage.course.patient_id, stage.at)
    assert until is not None and stage.dose.ended_at is not None
    assert until - stage.dose.ended_at == timedelta(hours=24)
    here = ZoneInfo("America/New_York")
    assert until.astimezone(here).hour == (stage.dose.ended_at.astimezone(here).hour + 1) % 24


def test_less_can_be_shared_and_sharing_ended_while_a_dose_acts(people: Cast) -> None:
    stage = at_step(people, "under_way")
    me = people.patient("wren")
    with pytest.raises(Refused, match="Not today"):
        change_scopes(by=me, at=stage.at, grant=stage.grant, scopes=[*stage.grant.scopes, "preparation"])
    less = change_scopes(by=me, at=stage.at, grant=stage.grant, scopes=["schedule"])
    assert less is not None and less.scopes == ["schedule"]
    revoke(by=me, at=stage.at, grant=less)
    less.refresh_from_db()
    assert less.revoked_at == stage.at


def test_a_sedative_alone_freezes_what_would_widen(people: Cast) -> None:
    stage = at_step(people, "planned")
    sedative(stage)
    with pytest.raises(Refused, match="Not today"):
        change_scopes(
            by=people.patient("wren"), at=stage.at, grant=stage.grant,
            scopes=[*stage.grant.scopes, "preparation"],
        )  # fmt: skip


def test_it_is_two_questions_and_of_the_numbers_one_a_request(people: Cast) -> None:
    stage = at_step(people, "gone_home")
    with held(), CaptureQueriesContext(connection) as asked:
        altered_until(stage.course.patient_id, stage.at)
        assert len(asked) == 2
        altered_until(stage.course.patient_id, stage.at)
    assert len(asked) == 3


def test_how_long_a_dose_may_act_is_the_number_of_the_practice_that_gave_it(people: Cast) -> None:
    stage = at_step(people, "gone_home")
    before = altered_until(stage.course.patient_id, stage.at)
    assert before is not None
    sign_change(
        by=people.by("osric"), at=stage.at, organisation=people.clinic, rule="C-AFTER-DOSE",
        values={"hours_after_end": Decimal(36)}, reason="Some stayed dizzy.",
    )  # fmt: skip
    assert altered_until(stage.course.patient_id, stage.at) == before + timedelta(hours=12)
