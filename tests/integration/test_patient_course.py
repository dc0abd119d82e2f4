"""The patient's pages along a course: kind words at every state, little while a dose acts, own words kept."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

import openkap.ui
from openkap.records.ids import new_id
from openkap.records.models import (
    Declined,
    JournalEntry,
    PreparationPlan,
    SharedEntry,
    Signature,
    SmallThing,
    Task,
    TouchAgreement,
)
from openkap.steps.candidacy import decide_candidacy
from openkap.steps.ending import end_course
from openkap.steps.journal import share_entry, write_entry
from openkap.steps.preparation import agree_touch
from openkap.steps.say_no import decline_consent, take_back_consent
from openkap.steps.small_things import agree_small_thing
from tests.at_step import Stage, at_step
from tests.integration.door_visitors import Visitor
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db

DIST = Path(openkap.ui.__file__).parent / "static" / "dist"
MOST = 40_000


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def people(clock: time_machine.Traveller) -> Cast:
    return cast()


class Phone(Visitor):
    """Wren's phone, at the time of the stage."""

    def __init__(self, stage: Stage, clock: time_machine.Traveller, **later: float) -> None:
        super().__init__()
        clock.move_to(stage.at + timedelta(**later))
        self.become("wren")


def at(people: Cast, clock: time_machine.Traveller, step: str, **later: float) -> tuple[Stage, Phone]:
    stage = at_step(people, step)
    return stage, Phone(stage, clock, **later)


def not_now(stage: Stage) -> None:
    decide_candidacy(
        by=stage.people.by("tamsin"),
        at=stage.at,
        course=stage.course,
        outcome="not_now",
        words="Pressure too high.",
        for_patient="Your blood pressure is high now. When it is treated, we look again.",
        look_again_on=(stage.at + timedelta(days=30)).date(),
    )


def not_candidate(stage: Stage) -> None:
    decide_candidacy(
        by=stage.people.by("tamsin"),
        at=stage.at,
        course=stage.course,
        outcome="not_candidate",
        words="Aneurysm.",
        for_patient="Ketamine raises pressure, and the weak place in your artery could not bear it.",
    )


def ended(verb: str) -> Callable[[Stage], None]:
    def end(stage: Stage) -> None:
        stage.course.refresh_from_db()
        end_course(
            by=stage.people.by("tamsin"), at=stage.at, course=stage.course, verb=verb, why="So it was agreed."
        )

    return end


def take_back(stage: Stage) -> None:
    take_back_consent(by=stage.people.patient("wren"), at=stage.at, course=stage.course)


@pytest.mark.parametrize(
    ("step", "then", "words"),
    [
        ("opened", None, "Your evaluation is under way"),
        ("evaluated", not_now, "Your blood pressure is high now. When it is treated, we look again."),
        ("evaluated", not_candidate, "the weak place in your artery could not bear it"),
        ("consented", take_back, "You took your consent back"),
        ("consented", ended("stop"), "Your course has stopped"),
        ("consented", ended("transfer"), "Your course has moved"),
        ("opened", ended("decline"), "You decided against it"),
        ("consented", ended("decline"), "You can come back and ask again at any time."),
        ("consented", ended("record_death"), "This course has ended"),
        ("consented", None, "plans your next visit with you"),
    ],
)
@pytest.mark.said
def test_home_has_kind_words_at_every_state(
    people: Cast,
    clock: time_machine.Traveller,
    step: str,
    then: Callable[[Stage], None] | None,
    words: str,
) -> None:
    stage = at_step(people, step)
    if then is not None:
        then(stage)
    phone = Phone(stage, clock)
    phone.get("/me/")
    assert words in phone.page
    assert "tel:988" in phone.page
    assert "Aneurysm." not in phone.page  # the clinician's own reason is not the patient's words


@pytest.mark.said
def test_after_a_death_the_page_greets_nobody_and_asks_nothing(
    people: Cast, clock: time_machine.Traveller
) -> None:
    stage = at_step(people, "consented")
    ended("record_death")(stage)
    phone = Phone(stage, clock)
    phone.get(reverse("me-home"))
    assert "This course has ended" in phone.page
    for words in ("Good morning", "Good afternoon", "Good evening", "Write a note", "plans your next visit"):
        assert words not in phone.page


@pytest.mark.said
def test_before_a_dose_home_says_when_to_stop_eating_and_who_takes_one_home(
    people: Cast, clock: time_machine.Traveller
) -> None:
    stage, phone = at(people, clock, "planned")
    phone.get("/me/")
    dose = stage.dose.planned_from
    assert "No food from" in phone.page and "clear drinks until" in phone.page
    assert "Nobody is named yet" in phone.page
    phone.get(reverse("me-session", args=[stage.dose.id]))
    assert "Nothing fatty or fried from" in phone.page
    assert "I do not want this dose" in phone.page
    assert dose - timedelta(hours=6) < dose


@pytest.mark.said
def test_while_the_dose_acts_one_reads_where_one_is_and_with_whom(
    people: Cast, clock: time_machine.Traveller
) -> None:
    _stage, phone = at(people, clock, "under_way", minutes=1)
    phone.get("/me/")
    for words in ("You are safe, Wren.", "Larkmoor Clinic", "Jonah looks after you", "water", "Call Jonah"):
        assert words in phone.page, words
    for words in ("Read and sign", "A few questions", "Your window", "Who has looked"):
        assert words not in phone.page, words


@pytest.mark.said
def test_after_going_home_the_page_says_little_until_the_morning(
    people: Cast, clock: time_machine.Traveller
) -> None:
    stage, phone = at(people, clock, "gone_home", hours=2)
    phone.get("/me/")
    assert "Rest well, Wren." in phone.page and "Lou Alderbrook" in phone.page
    assert "Who has looked" not in phone.page
    clock.move_to(stage.dose.ended_at + timedelta(hours=19))
    morning = Visitor().become("wren")
    morning.get("/me/")
    assert "The day after a dose" in morning.page and "Good morning, Wren" in morning.page
    clock.move_to(stage.dose.ended_at + timedelta(hours=25))
    later = Visitor().become("wren")
    later.get("/me/")
    assert "The day after a dose" not in later.page


@pytest.mark.said
def test_an_idle_phone_shows_the_resting_screen_and_not_the_lock(
    people: Cast, clock: time_machine.Traveller
) -> None:
    _stage, phone = at(people, clock, "recovering")
    clock.shift(timedelta(minutes=61))
    assert phone.get("/me/")["Location"] == reverse("me-resting")
    answer = phone.get(reverse("me-resting"))
    assert answer.status_code == 200
    assert "You are safe, Wren." in phone.page and "Open my pages" in phone.page
    assert "Write a note" not in phone.page  # behind the lock
    assert phone.get("/me/journal/")["Location"] == reverse("me-resting")
    clock.shift(timedelta(minutes=1))
    assert phone.post("/me/journal/", {"words": "x"})["Location"].startswith("/lock/")


@pytest.mark.said
def test_an_idle_phone_on_another_day_is_met_by_the_lock(people: Cast, clock: time_machine.Traveller) -> None:
    _stage, phone = at(people, clock, "consented")
    clock.shift(timedelta(minutes=61))
    assert phone.get("/me/")["Location"].startswith("/lock/")
    assert phone.get(reverse("me-resting"))["Location"] == reverse("start")


@pytest.mark.said
def test_a_dose_that_is_drawn_and_not_begun_is_no_rest(people: Cast, clock: time_machine.Traveller) -> None:
    """Nothing is told of an earlier dose, and a locked phone is not sent in circles."""
    _stage, phone = at(people, clock, "confirmed")
    assert phone.get(reverse("me-resting"))["Location"] == reverse("start")
    clock.shift(timedelta(minutes=61))
    assert phone.get("/me/")["Location"] == reverse("me-resting")
    assert phone.get(reverse("me-resting"))["Location"] == reverse("lock")


@pytest.mark.said
def test_an_address_that_needs_its_button_names_whom_to_call(
    people: Cast, clock: time_machine.Traveller
) -> None:
    _stage, phone = at(people, clock, "consented")
    assert phone.get(reverse("me-consent-no")).status_code == 405
    assert "This needs its button" in phone.page and 'href="tel:988"' in phone.page


def test_words_written_on_a_locked_phone_lie_sealed_and_come_back(
    people: Cast, clock: time_machine.Traveller
) -> None:
    from openkap.door.kept import KEPT

    _stage, phone = at(people, clock, "consented")
    phone.get("/me/journal/")
    clock.shift(timedelta(minutes=61))
    phone.post("/me/journal/", {"submission": new_id(), "words": "zebrafinch at dawn"})
    kept = phone.session[KEPT]
    assert kept and "zebrafinch" not in str(kept)
    assert not JournalEntry.objects.exists()


def test_writing_reading_and_adding(people: Cast, clock: time_machine.Traveller) -> None:
    _stage, phone = at(people, clock, "consented")
    address = reverse("me-journal")
    phone.get(address)
    sent = {"submission": phone.hidden("submission"), "words": "A heron.\r\n\r\n  Far shore."}
    assert phone.post(address, sent).status_code == 302
    assert phone.post(address, sent).status_code == 302
    entry = JournalEntry.objects.get()
    phone.get(reverse("me-journal-entry", args=[entry.id]))
    assert "A heron.\n\n  Far shore." in phone.page
    phone.post(reverse("me-journal-entry", args=[entry.id]), {"submission": new_id(), "words": "A crane."})
    phone.get(reverse("me-journal-text"))
    assert phone.page.index("A heron.") < phone.page.index("A crane.")
    assert phone.post(address, {"submission": new_id(), "words": " "}).status_code == 422


def test_an_entry_is_shown_read_and_taken_back(people: Cast, clock: time_machine.Traveller) -> None:
    stage, phone = at(people, clock, "shared")
    entry = write_entry(by=people.patient("wren"), at=stage.at, course=stage.course, words="A heron.")
    address = reverse("me-journal-share", args=[entry.id])
    assert phone.post(address, {"submission": new_id(), "to": ""}).status_code == 422
    to = f"{people.therapy.id}:{people['mira'].id}"
    assert phone.post(address, {"submission": new_id(), "to": to}).status_code == 302
    shared = SharedEntry.objects.get()
    mira = Visitor().become("mira")
    mira.get(reverse("shared-entry", args=[shared.id]))
    assert "A heron." in mira.page
    phone.get(reverse("me-journal-entry", args=[entry.id]))
    assert "Mira Fennimore-Hale" in phone.page and "Read Tuesday" in phone.page
    phone.post(reverse("me-journal-take-back", args=[shared.id]))
    assert mira.get(reverse("shared-entry", args=[shared.id])).status_code == 404
    phone.get(reverse("me-journal-entry", args=[entry.id]))
    assert "Only you." in phone.page and "could read it from" in phone.page


def test_small_things_are_ticked_from_home(people: Cast, clock: time_machine.Traveller) -> None:
    stage = at_step(people, "gone_home")
    thing = agree_small_thing(
        by=people.by("mira"), at=stage.at, session=stage.integration, text="Walk to the river"
    )
    phone = Phone(stage, clock, hours=26)
    phone.get("/me/")
    assert "Walk to the river" in phone.page and "With Mira Fennimore-Hale" in phone.page
    mark = reverse("me-things-mark", args=[thing.id])
    assert phone.post(mark, {"do": "tick", "from": "home"})["Location"] == "/me/"
    assert SmallThing.objects.get().ticked_at is not None
    phone.post(mark, {"do": "untick"})
    assert SmallThing.objects.get().ticked_at is None
    phone.post(reverse("me-things"), {"submission": new_id(), "text": "Ring Lou"})
    phone.post(mark, {"do": "end"})
    phone.get(reverse("me-things"))
    assert "Ring Lou" in phone.page and "Walk to the river" not in phone.page
    mira = Visitor().become("mira")
    file = people["wren"].files.get(organisation=people.therapy)
    mira.get(reverse("practice-things", args=[file.id]))
    assert "Ring Lou" in mira.page and "Their own" in mira.page
    mira.post(reverse("practice-things", args=[file.id]), {"submission": new_id(), "text": "Paint the lake"})
    assert SmallThing.objects.filter(text="Paint the lake", organisation=people.therapy).exists()


def test_preparing_in_ones_own_words(people: Cast, clock: time_machine.Traveller) -> None:
    _stage, phone = at(people, clock, "consented")
    address = reverse("me-preparation")
    phone.get(address)
    said = {"submission": phone.hidden("submission"), "intentions": "To sleep again.", "worries": "Needles."}
    assert phone.post(address, said).status_code == 302
    assert PreparationPlan.objects.get().intentions == "To sleep again."
    phone.get(address)
    assert "To sleep again." in phone.page
    assert phone.post(address, {"submission": new_id()}).status_code == 422


def test_touch_is_agreed_and_becomes_less_at_any_moment(people: Cast, clock: time_machine.Traveller) -> None:
    stage = at_step(people, "confirmed")
    agree_touch(
        by=people.patient("wren"),
        at=stage.at - timedelta(days=1),
        course=stage.course,
        level="hand_or_shoulder",
    )
    phone = Phone(stage, clock)
    phone.get(reverse("me-touch"))
    assert "can become less and never more" in phone.page
    assert phone.post(reverse("me-touch-less"), {"level": "none"}).status_code == 302
    assert TouchAgreement.objects.order_by("-at", "-id")[0].level == "none"
    wider = {"submission": new_id(), "level": "hand"}
    assert phone.post(reverse("me-touch"), wider).status_code == 422
    assert "While a dose may act" in phone.page


def test_no_is_a_button_with_kind_words_and_somebody_is_told(
    people: Cast, clock: time_machine.Traveller
) -> None:
    stage = at_step(people, "consented")
    take_back(stage)
    phone = Phone(stage, clock)
    phone.get(reverse("me-consent"))
    assert "No, not now" in phone.page
    phone.post(reverse("me-consent-no"))
    assert "That is all right" in phone.page and "You do not lose any other care" in phone.page
    assert Declined.objects.count() == 1
    assert Task.objects.filter(what="consent_declined", done_at=None, patient=people["wren"]).exists()


@pytest.mark.parametrize("step", ["arrived", "under_way", "gone_home"])
def test_consent_is_taken_back_from_the_phone_at_any_hour(
    people: Cast, clock: time_machine.Traveller, step: str
) -> None:
    _stage, phone = at(people, clock, step)
    address = reverse("me-consent-take-back")
    phone.get(address)
    assert "Take my consent back now" in phone.page
    assert phone.post(address).status_code == 302
    phone.get(address)
    assert "No dose can start" in phone.page
    assert Signature.objects.current().count() == 0
    phone.get(reverse("me-documents"))
    assert "Taken back" in phone.page


@pytest.mark.parametrize(("step", "shown"), [("recovering", False), ("gone_home", True)])
@pytest.mark.said
def test_what_was_taken_home_is_found_among_the_documents(
    people: Cast, clock: time_machine.Traveller, step: str, shown: bool
) -> None:
    stage, phone = at(people, clock, step)
    phone.get(reverse("me-documents"))
    leads = reverse("me-session", args=[stage.dose.id]) in phone.page
    assert (leads, "Given to you after your last dose" in phone.page) == (shown, shown)


@pytest.mark.said
def test_said_no_stands_on_home(people: Cast, clock: time_machine.Traveller) -> None:
    stage = at_step(people, "consented")
    take_back(stage)
    decline_consent(by=people.patient("wren"), at=stage.at, course=stage.course)
    phone = Phone(stage, clock)
    phone.get("/me/")
    assert "You took your consent back" in phone.page


def test_asking_to_put_something_right(people: Cast, clock: time_machine.Traveller) -> None:
    _stage, phone = at(people, clock, "consented")
    phone.get(reverse("me-help"))
    wish = {"submission": phone.hidden("submission"), "words": "My phone ends in 04, not 40."}
    assert phone.post(reverse("me-correct"), wish).status_code == 302
    assert "ends in 04" in Task.objects.get(what="correction_wished").text
    again = {"submission": new_id(), "words": "And my name."}
    assert phone.post(reverse("me-correct"), again).status_code == 422
    assert "And my name." in phone.page


PAGES = (
    "me-home",
    "me-consent",
    "me-documents",
    "me-forms",
    "me-sharing",
    "me-sharing-new",
    "me-looked",
    "me-outcome",
    "me-preparation",
    "me-touch",
    "me-sessions",
    "me-things",
    "me-journal",
    "me-help",
    "me-consent-take-back",
)


def packed(data: bytes) -> int:
    return len(gzip.compress(data, 6))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.said
def test_a_whole_page_weighs_under_40_kb_and_asks_few_queries(
    people: Cast,
    clock: time_machine.Traveller,
    name: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    stage = at_step(people, "measured_after")
    wren = people.patient("wren")
    for day in range(12):
        entry = write_entry(by=wren, at=stage.later(hours=2), course=stage.course, words=f"Day {day}. " * 20)
        share_entry(
            by=wren, at=stage.at, entry=entry, to_organisation=people.therapy, to_person=people["mira"]
        )
    phone = Phone(stage, clock)
    with django_assert_max_num_queries(30):
        assert phone.get(reverse(name)).status_code == 200
    parts = sum(packed((DIST / each).read_bytes()) for each in ("patient.css", "patient.js", "icons.svg"))
    assert packed(phone.page.encode()) + parts < MOST
