"""Preparation and touch: whose copy is whose, what a revocation leaves, and that touch never widens late."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from openkap.medicine.course.touch import ORDER, Touch, is_wider, narrower
from openkap.permits import Act, Need
from openkap.records.facts.preparation import preparation_of, touch_of
from openkap.records.models import Course, Event, Grant, PreparationPlan, TouchAgreement
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.correct import correct
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.preparation import agree_touch, keep_preparation, narrow_touch
from openkap.steps.sharing import revoke
from tests.integration.course_of import dose_given, shared_course
from tests.integration.floor_visits import sent, visitor
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(people: Cast) -> Course:
    return shared_course(people)


def seen(people: Cast, key: str) -> set[object]:
    rows = scoped(PreparationPlan.objects.all(), scope_now(people.by(key), NOW))
    return set(rows.values_list("organisation_id", flat=True))


def test_a_letter_handed_over_each_side_keeps_its_own(people: Cast, course: Course) -> None:
    own = keep_preparation(by=people.by("mira"), at=NOW, course=course, intentions="To look at the shore.")
    copy = preparation_of(course, NOW)
    assert copy is not None and copy.handed_from == own
    assert (own.organisation, copy.organisation) == (people.therapy, people.clinic)
    assert seen(people, "mira") == {people.therapy.id}
    assert seen(people, "jonah") == {people.clinic.id}
    revoke(by=people.patient("wren"), at=NOW + timedelta(hours=1), grant=Grant.objects.get())
    assert seen(people, "mira") == {people.therapy.id}
    assert preparation_of(course, NOW + timedelta(days=1)) == copy


def test_after_a_revocation_nothing_more_is_handed_over(people: Cast, course: Course) -> None:
    revoke(by=people.patient("wren"), at=NOW, grant=Grant.objects.get())
    with pytest.raises(Refused, match="no longer shares"):
        keep_preparation(by=people.by("mira"), at=NOW, course=course, comfort="A blanket.")
    with pytest.raises(Refused, match="no longer shares"):
        agree_touch(by=people.by("mira"), at=NOW, course=course, level="hand")
    assert not PreparationPlan.objects.exists()


def test_the_newest_counts_and_an_empty_one_is_refused(people: Cast, course: Course) -> None:
    keep_preparation(by=people.by("mira"), at=NOW, course=course, worries="The needle.")
    keep_preparation(
        by=people.patient("wren"), at=NOW + timedelta(hours=1), course=course, worries="None now."
    )
    newest = preparation_of(course, NOW + timedelta(hours=2))
    earlier = preparation_of(course, NOW)
    assert newest is not None and newest.worries == "None now."
    assert earlier is not None and earlier.worries == "The needle."
    with pytest.raises(Refused, match="few words"):
        keep_preparation(by=people.by("mira"), at=NOW, course=course, comfort="  ")


def test_who_may_prepare(people: Cast, course: Course) -> None:
    for key in ("odette", "priya"):
        with pytest.raises(NotPermitted):
            keep_preparation(by=people.by(key), at=NOW, course=course, comfort="x")
    with pytest.raises(NotPermitted):
        agree_touch(by=people.patient("noor"), at=NOW, course=course, level="hand")
    assert not scope_now(people.by("priya"), NOW).allowing(Need(PreparationPlan.PATHS.kind, Act.SEE))


def test_levels_are_ordered_and_only_less_is_narrower() -> None:
    assert ORDER[0] is Touch.NONE
    for level in ORDER:
        assert all(is_wider(level, less) for less in narrower(level))
        assert not is_wider(level, level)
    assert narrower(Touch.NONE) == ()


def test_without_an_agreement_no_touch_is_agreed(people: Cast, course: Course) -> None:
    assert touch_of(course, NOW) is None


def test_before_the_draw_touch_changes_both_ways(people: Cast, course: Course) -> None:
    agree_touch(by=people.patient("wren"), at=NOW, course=course, level="hand", words="The left one.")
    agree_touch(by=people.by("jonah"), at=NOW + timedelta(hours=1), course=course, level="hand_or_shoulder")
    now = touch_of(course, NOW + timedelta(hours=2))
    assert now is not None
    assert (now.level, now.told_to) == (Touch.HAND_OR_SHOULDER, people["jonah"].name)
    first = touch_of(course, NOW)
    assert first is not None and first.told_to == ""


@pytest.mark.parametrize("hours", [0, 1, 25])
def test_from_the_draw_to_the_next_day_touch_is_never_widened(
    people: Cast, course: Course, hours: int
) -> None:
    agree_touch(by=people.patient("wren"), at=NOW - timedelta(days=1), course=course, level="hand")
    _dose(people, course, over=hours > 0)
    at = NOW + timedelta(hours=hours)
    for by in (people.by("mira"), people.by("jonah"), people.patient("wren")):
        with pytest.raises(Refused, match="less and never more"):
            agree_touch(by=by, at=at, course=course, level="hand_or_shoulder")
    found = touch_of(course, at)
    assert found is not None and found.level is Touch.HAND


def test_after_the_next_day_time_it_can_be_agreed_anew(people: Cast, course: Course) -> None:
    _dose(people, course, over=True)
    at = NOW + timedelta(hours=27)
    agree_touch(by=people.patient("wren"), at=at, course=course, level="hand_or_shoulder")
    after = touch_of(course, at)
    assert after is not None and after.level is Touch.HAND_OR_SHOULDER


def _dose(people: Cast, course: Course, *, over: bool) -> None:
    """A dose given now; `over`: it ended after two hours."""
    dose = dose_given(people, course, NOW)
    if over:
        dose.state, dose.ended_at = "done", NOW + timedelta(hours=2)
        dose.save()


def test_with_nothing_agreed_a_dose_under_way_allows_none_later(people: Cast, course: Course) -> None:
    dose_given(people, course, NOW)
    with pytest.raises(Refused, match="less and never more"):
        agree_touch(by=people.patient("wren"), at=NOW, course=course, level="hand")


def test_the_nurse_narrows_in_one_tap_and_the_words_stay(people: Cast, course: Course) -> None:
    agree_touch(
        by=people.patient("wren"),
        at=NOW - timedelta(days=1),
        course=course,
        level="hand_or_shoulder",
        words="Only the left.",
        stop_word="Heron",
    )
    dose = dose_given(people, course, NOW)
    narrow_touch(by=people.by("jonah"), at=NOW, course=course, session=dose)
    now = touch_of(course, NOW)
    assert now is not None
    assert (now.level, now.words, now.stop_word) == (Touch.NONE, "Only the left.", "Heron")
    with pytest.raises(Refused, match="only become less"):
        narrow_touch(by=people.by("jonah"), at=NOW, course=course, level="hand")
    assert Event.objects.filter(verb="touch.narrowed", patient=people["wren"]).count() == 1


def test_one_tap_in_the_room_ends_touch(people: Cast, course: Course) -> None:
    agree_touch(by=people.patient("wren"), at=NOW - timedelta(days=1), course=course, level="hand")
    dose = dose_given(people, course, NOW)
    with time_machine.travel(NOW, tick=False):
        jonah = visitor(people, "jonah", NOW)
        page = jonah.get(f"/rooms/sessions/{dose.id}/").content.decode()
        assert "No touch from now on" in page
        tap = sent()
        for _twice in range(2):
            assert jonah.post(f"/rooms/sessions/{dose.id}/no-touch/", tap).status_code == 302
        page = jonah.get(f"/rooms/sessions/{dose.id}/").content.decode()
    assert "/no-touch/" not in page
    now = touch_of(course, NOW)
    assert now is not None and now.level is Touch.NONE
    assert Event.objects.filter(verb="touch.narrowed").count() == 1


def test_what_is_agreed_again_while_a_dose_acts_only_narrows(people: Cast, course: Course) -> None:
    agree_touch(
        by=people.patient("wren"), at=NOW - timedelta(days=1), course=course, level="hand", words="Left."
    )
    dose_given(people, course, NOW)
    agree_touch(by=people.patient("wren"), at=NOW, course=course, level="none", words="Not now.")
    now = touch_of(course, NOW)
    assert now is not None and (now.level, now.words) == (Touch.NONE, "Not now.\nLeft.")


def test_an_agreement_is_of_its_day(people: Cast, course: Course) -> None:
    zone = ZoneInfo(people.clinic.zone)
    agree_touch(by=people.patient("wren"), at=NOW - timedelta(days=1), course=course, level="hand")
    agreed = touch_of(course, NOW)
    assert agreed is not None and not agreed.is_of_day(NOW, zone)
    assert agreed.is_of_day(NOW - timedelta(days=1), zone)


def test_nobody_widens_a_newer_word_that_they_are_not_shown(people: Cast, course: Course) -> None:
    agree_touch(by=people.by("mira"), at=NOW, course=course, level="hand_or_shoulder")
    narrow_touch(by=people.patient("wren"), at=NOW + timedelta(hours=1), course=course)
    later = NOW + timedelta(hours=2)
    with pytest.raises(Refused, match="newer word that allows less"):
        agree_touch(by=people.by("mira"), at=later, course=course, level="hand_or_shoulder")
    agree_touch(by=people.by("jonah"), at=later, course=course, level="hand")
    now = touch_of(course, later)
    assert now is not None and now.level is Touch.HAND


def test_neither_is_corrected_the_newest_counts(people: Cast, course: Course) -> None:
    row = agree_touch(by=people.by("mira"), at=NOW, course=course, level="none")
    with pytest.raises(Refused, match="newest counts"):
        correct(by=people.by("mira"), at=NOW, row=row, reason="slip", changes={"level": "hand"})
    assert TouchAgreement.objects.filter(level="hand").count() == 0
