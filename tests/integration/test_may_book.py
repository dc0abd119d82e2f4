"""When a dose may be booked at all, and what holds a session back from being moved or called off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from openkap.records.base import Authored
from openkap.records.ids import new_id
from openkap.records.models import Draw, Order, Session
from openkap.steps.booking import cancel_session, miss_session, move_session
from openkap.steps.frame import Refused
from openkap.steps.order import cancel_order
from tests.at_step import Stage, opened
from tests.integration.course_of import course_of, dose_given
from tests.integration.door_visitors import Visitor
from tests.integration.test_booking import begun, book, on
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db
WEDNESDAY = on("2027-03-17T10:00")


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


@pytest.mark.parametrize(
    ("state", "because"),
    [("evaluation", "the evaluation is not decided"), ("not_now", "“not now”")],
)
def test_no_dose_before_the_decision_and_the_page_says_what_would_change_it(
    people: Cast, state: str, because: str
) -> None:
    stage = Stage(people, "wren", NOW)
    opened(stage)
    stage.course.state = state
    stage.course.save(update_fields=["state"])
    with pytest.raises(Refused, match=because):
        book(stage, WEDNESDAY)
    for key, leads in (("tamsin", True), ("odette", False)):
        desk = visitor(key)
        chart = desk.get(reverse("care-patient", args=[people.file("wren").id])).content.decode()
        assert because in chart and "Book a dose" not in chart
        page = desk.get(reverse("calendar-dose", args=[stage.course.id]))
        assert page.status_code == 200 and because in page.content.decode()
        assert (reverse("care-evaluation", args=[stage.course.id]) in page.content.decode()) is leads
        sent = desk.post(reverse("calendar-dose", args=[stage.course.id]), {"book": "1"})
        assert sent.status_code == 422
    assert not Session.objects.filter(phase="dosing").exists()


def test_once_decided_it_is_offered(people: Cast) -> None:
    begun(people)
    chart = visitor("odette").get(reverse("care-patient", args=[people.file("wren").id]))
    assert "Book a dose" in chart.content.decode()


def visitor(key: str) -> Visitor:
    return Visitor().become(key)


def drawn_up(people: Cast) -> Session:
    """A dose for which medicine is drawn up, and nothing given."""
    session = dose_given(people, course_of(people), NOW + timedelta(hours=3), given=False)
    Draw.objects.create(
        **Authored.authored(people.by("jonah")),
        organisation=people.clinic,
        patient=people["wren"],
        session=session,
        order=Order.objects.get(session=session),
        mg=Decimal("35"),
        at=NOW,
        recorded_at=NOW,
    )
    return session


def test_what_is_drawn_up_is_accounted_for_before_the_session_goes_elsewhere(people: Cast) -> None:
    session, odette = drawn_up(people), people.by("odette")
    late = session.planned_from + timedelta(minutes=20)
    with pytest.raises(Refused, match="already prepared") as refused:
        move_session(
            by=odette, at=NOW, session=session, planned_from=session.planned_from + timedelta(days=1)
        )
    assert "returned or wasted first" in refused.value.because
    with pytest.raises(Refused, match="already prepared"):
        cancel_session(by=odette, at=NOW, session=session, words="They are ill.")
    with pytest.raises(Refused, match="already prepared"):
        miss_session(by=odette, at=late, session=session)
    session.refresh_from_db()
    assert (session.state, session.version) == ("planned", 1)
    cancel_order(
        by=people.by("tamsin"),
        at=NOW,
        order=Order.objects.get(session=session),
        reason="They are ill. Wasted, with Jonah.",
    )
    cancel_session(by=odette, at=NOW, session=session, words="They are ill.")
    session.refresh_from_db()
    assert session.state == "cancelled"


def test_the_page_keeps_the_words_and_says_what_to_do(people: Cast) -> None:
    session = drawn_up(people)
    page = visitor("odette").post(
        reverse("calendar-cancel", args=[session.id]),
        {"words": "They are ill.", "version": "1", "submission": str(new_id())},
    )
    body = page.content.decode()
    assert page.status_code == 422
    assert "returned or wasted first" in body and "They are ill." in body
