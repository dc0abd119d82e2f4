"""The on-call list: hours on the wall clock, nights that are longer or shorter, and who owns an alert."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from openkap.permits import Role
from openkap.records.facts.on_call import gaps, on_call_at, stretches, uncovered
from openkap.records.models import Event, OnCallHours, PersonalLink, Task
from openkap.steps.alerts import pass_on_alerts
from openkap.steps.closing import close_alert
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.links import send_link
from openkap.steps.measures import answer_form, keep_answer
from openkap.steps.on_call import add_on_call, end_on_call
from openkap.steps.people import end_role
from openkap.steps.tasks import finish_task
from tests.integration.clinic_desk import visiting
from tests.integration.course_of import course_of
from tests.people import NOW, SYSTEM, Cast
from tests.post import delivered

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
WORST = dict.fromkeys("123456789", 3)


def wall(text: str) -> datetime:
    """A time as the clock on the wall in New York shows it; the first of two where it shows it twice."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def line(weekday: int, starts: str, ends: str, since: str = "2026-01-01", until: str = "") -> OnCallHours:
    return OnCallHours(
        weekday=weekday,
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
        since=date.fromisoformat(since),
        until=date.fromisoformat(until) if until else None,
        person_id=uuid4(),
    )


def all_week(starts: str = "00:00", ends: str = "00:00") -> list[OnCallHours]:
    return [line(day, starts, ends) for day in range(7)]


# Clocks change in New York on March 14 and November 7, 2027, both Sundays, at two in the morning.
@pytest.mark.parametrize(
    ("rows", "since", "until", "left"),
    [
        (all_week(), "2027-03-09T00:00", "2027-03-16T00:00", []),
        (all_week(), "2027-11-05T00:00", "2027-11-12T00:00", []),
        (all_week("07:00", "07:00"), "2027-03-09T12:00", "2027-03-16T12:00", []),
        (all_week("22:00", "06:00"), "2027-03-13T22:00", "2027-03-14T06:00", []),
        (
            all_week("22:00", "06:00"),
            "2027-03-13T21:00",
            "2027-03-14T07:00",
            [("2027-03-13T21:00", "2027-03-13T22:00"), ("2027-03-14T06:00", "2027-03-14T07:00")],
        ),
        (all_week("22:00", "06:00"), "2027-11-06T22:00", "2027-11-07T06:00", []),
        # The half hour that the clock skips belongs to nobody and is no gap.
        ([line(6, "00:00", "02:30"), line(6, "02:30", "00:00")], "2027-03-14T00:00", "2027-03-15T00:00", []),
        # The hour that the clock shows twice is read as the first: no gap between the two.
        ([line(6, "00:00", "01:30"), line(6, "01:30", "00:00")], "2027-11-07T00:00", "2027-11-08T00:00", []),
        # Up to midnight, and from midnight.
        ([line(1, "18:00", "00:00"), line(2, "00:00", "06:00")], "2027-03-09T18:00", "2027-03-10T06:00", []),
        (
            [line(1, "18:00", "00:00"), line(2, "00:01", "06:00")],
            "2027-03-09T18:00",
            "2027-03-10T06:00",
            [("2027-03-10T00:00", "2027-03-10T00:01")],
        ),
        # The evening before reaches into the day on which one begins to look.
        ([line(0, "20:00", "08:00")], "2027-03-09T07:00", "2027-03-09T08:00", []),
        (
            [line(0, "20:00", "08:00")],
            "2027-03-09T07:00",
            "2027-03-09T08:01",
            [("2027-03-09T08:00", "2027-03-09T08:01")],
        ),
        # Since and until are days, half-open.
        (
            [line(1, "00:00", "00:00", "2027-03-16")],
            "2027-03-09T08:00",
            "2027-03-09T09:00",
            [("2027-03-09T08:00", "2027-03-09T09:00")],
        ),
        ([line(1, "00:00", "00:00", "2027-03-09", "2027-03-16")], "2027-03-09T08:00", "2027-03-09T09:00", []),
        (
            [line(1, "00:00", "00:00", "2027-03-02", "2027-03-09")],
            "2027-03-09T08:00",
            "2027-03-09T09:00",
            [("2027-03-09T08:00", "2027-03-09T09:00")],
        ),
        # Two who overlap leave nothing; nobody leaves all.
        ([line(1, "08:00", "13:00"), line(1, "12:00", "18:00")], "2027-03-09T08:00", "2027-03-09T18:00", []),
        ([], "2027-03-09T08:00", "2027-03-09T18:00", [("2027-03-09T08:00", "2027-03-09T18:00")]),
    ],
)
def test_hours_that_nobody_covers(
    rows: list[OnCallHours], since: str, until: str, left: list[tuple[str, str]]
) -> None:
    starts, ends = wall(since), wall(until)
    found = gaps(stretches(rows, NEW_YORK, starts, ends), starts, ends)
    assert found == [(wall(a), wall(b)) for a, b in left]


def test_a_night_with_a_change_of_clocks_is_as_long_as_it_is() -> None:
    spring, autumn = (
        stretches([line(5, "22:00", "06:00")], NEW_YORK, wall(day), wall(day) + timedelta(hours=30))[0]
        for day in ("2027-03-13T12:00", "2027-11-06T12:00")
    )
    assert spring.ends - spring.starts == timedelta(hours=7)
    assert autumn.ends - autumn.starts == timedelta(hours=9)


def test_the_demonstration_is_covered_day_and_night(people: Cast) -> None:
    for place in (people.clinic, people.therapy):
        assert uncovered(place, NOW, NOW + timedelta(days=8)) == []
    assert on_call_at(people.clinic, NOW) == [people["tamsin"].id]
    saturday = NOW + timedelta(days=4)
    assert on_call_at(people.clinic, saturday) == [people["osric"].id]


def test_who_no_longer_works_here_is_on_call_no_more(people: Cast) -> None:
    [member] = people["tamsin"].memberships.all()
    end_role(by=SYSTEM, at=NOW, membership=member)
    assert on_call_at(people.clinic, NOW) == []


def send(people: Cast, about: str, place: str = "clinic", by: str = "tamsin") -> PersonalLink:
    organisation = getattr(people, place)
    link, _token = send_link(
        by=people.by(by),
        at=NOW,
        organisation=organisation,
        patient=people["wren"],
        purpose="measure",
        course=course_of(people),
        about=about,
        point="before",
    )
    return link


@pytest.mark.parametrize(("about", "goes"), [("phq9", False), ("daily", False), ("gad7", True)])
def test_a_form_that_asks_of_safety_goes_only_where_every_hour_is_covered(
    people: Cast, about: str, goes: bool
) -> None:
    OnCallHours.objects.filter(organisation=people.clinic, weekday=6).delete()
    if goes:
        assert send(people, about).about == about
        return
    with pytest.raises(Refused, match="nobody is on call at Larkmoor Clinic from Sunday, March 14") as said:
        send(people, about)
    assert "medical director or an administrator adds hours" in said.value.because
    assert not PersonalLink.objects.filter(purpose="measure").exists()


def test_hours_are_added_and_ended_by_whoever_may(people: Cast) -> None:
    hours = {
        "organisation": people.clinic,
        "person": people["jonah"],
        "weekdays": [5, 6, 6],
        "starts": time(8),
        "ends": time(20),
    }
    with pytest.raises(NotPermitted):
        add_on_call(by=people.by("tamsin"), at=NOW, **hours)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="treat"):
        add_on_call(by=people.by("osric"), at=NOW, **{**hours, "person": people["odette"]})  # type: ignore[arg-type]
    with pytest.raises(Refused, match="day of the week"):
        add_on_call(by=people.by("osric"), at=NOW, **{**hours, "weekdays": []})  # type: ignore[arg-type]
    rows = add_on_call(by=people.by("osric"), at=NOW, **hours)  # type: ignore[arg-type]
    assert [row.weekday for row in rows] == [5, 6]
    assert add_on_call(by=people.by("osric"), at=NOW, **hours) == []  # type: ignore[arg-type]
    ended = end_on_call(by=people.by("priya"), at=NOW, row=rows[0])
    assert ended.until == date(2027, 3, 9)
    with pytest.raises(Refused, match="already ended"):
        end_on_call(by=people.by("priya"), at=NOW, row=ended)


def test_a_year_that_cannot_be_meant_is_asked_again_and_nothing_typed_is_lost(people: Cast) -> None:
    sent = {"person": people["jonah"].id, "weekdays": ["5"], "starts": "08:00", "ends": "20:00"}
    with visiting("osric", NOW) as page:
        for field, typed, year in (("since", "0027-03-09", "0027"), ("until", "9999-12-31", "9999")):
            answer = page.post("/my-work/on-call/", {**sent, "submission": uuid4(), field: typed})
            assert answer.status_code == 422 and f"The year {year} cannot be right" in page.page
            assert typed in page.page and "20:00" in page.page
    assert not OnCallHours.objects.filter(person=people["jonah"]).exists()


def alert_of(people: Cast, at: datetime = NOW) -> Task:
    answer_form(
        by=people.patient("wren"),
        at=at,
        course=course_of(people),
        instrument="phq9",
        answers=WORST,
        point="before",
    )
    return Task.objects.get(what="alert_phq9-item9")


def test_an_alert_is_the_one_on_call_from_its_first_second_and_goes_on(people: Cast) -> None:
    sunday = NOW + timedelta(days=5)
    task = alert_of(people, sunday)
    assert (task.owner, task.made_at, task.level) == (people["osric"], sunday, "L2")
    assert task.goes_on_at == sunday + timedelta(hours=4)
    [mail] = delivered()
    assert mail.to == ["osric@example.org"]
    assert "Wren" not in mail.body and "PHQ" not in mail.body
    assert pass_on_alerts(by=SYSTEM, at=sunday + timedelta(hours=4) - timedelta(seconds=1)) == 0
    late = sunday + timedelta(hours=4)
    assert pass_on_alerts(by=SYSTEM, at=late) == 1
    assert pass_on_alerts(by=SYSTEM, at=late) == 0, "a round done twice passes on once"
    task.refresh_from_db()
    assert (task.owner, task.goes_on_at) == (people["tamsin"], late + timedelta(hours=4))
    assert Event.objects.filter(verb="alert.passed_on", patient=people["wren"]).count() == 1
    pass_on_alerts(by=SYSTEM, at=late + timedelta(days=1))
    task.refresh_from_db()
    assert task.owner == people["osric"], "and round again, until someone closes it"
    close_alert(by=people.by("osric"), at=late, task=task, outcome="safe", words="Sister is with her.")
    assert pass_on_alerts(by=SYSTEM, at=late + timedelta(days=9)) == 0


def test_an_alert_is_closed_by_a_person_with_an_outcome_from_the_list(people: Cast) -> None:
    task = alert_of(people)
    with pytest.raises(Refused, match="what came of it"):
        close_alert(by=people.by("tamsin"), at=NOW, task=task, outcome="", words="Called her.")
    with pytest.raises(Refused, match="few words"):
        close_alert(by=people.by("tamsin"), at=NOW, task=task, outcome="known", words=" ")
    with pytest.raises(Refused):
        close_alert(by=people.by("odette"), at=NOW, task=task, outcome="safe")
    with pytest.raises(Refused, match="person with a name"):
        close_alert(by=SYSTEM, at=NOW, task=task, outcome="safe")
    with pytest.raises(Refused, match="choose there"):
        finish_task(by=people.by("tamsin"), at=NOW, task=task, outcome="Called her.")
    assert Role(task.role) is Role.PRESCRIBER


def test_a_draft_that_is_never_sent_is_seen(people: Cast) -> None:
    """Item 1 of the C-SSRS asks on, and alerts already."""
    keep_answer(
        by=people.patient("wren"),
        at=NOW,
        course=course_of(people),
        instrument="cssrs_slc",
        item="1",
        value=1,
        point="before",
    )
    [task] = Task.objects.filter(what__startswith="alert_")
    assert (task.level, task.owner, task.made_at) == ("L1", people["tamsin"], NOW)
