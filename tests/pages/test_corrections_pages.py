"""Entered in error: one page for every clinical row, and the original struck through wherever it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openkap.desks.clinic.correct import CORRECTABLE, MODELS
from openkap.reads.patient import chart_of
from openkap.records.base import Clinical
from openkap.records.models import Administration, Allergy, Medication, Order, Reading, Result, Score
from openkap.steps.correct import correct
from openkap.steps.medicines import note_allergy, note_medicine
from tests.at_step import at_step
from tests.integration.clinic_desk import ZONE, asked, reach, visiting
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db

# What no person writes by hand, or what is settled where it was said: see steps.correct.
NOT_CORRECTED = {
    "Agreement",  # said anew, yes or no
    "ConsentAnswer",  # answered again: every try stays
    "ConsentTalk",  # gone through again
    "Confirmation",  # of an order that is cancelled or ordered again
    "CourseEnd",  # taken back on the course's own page
    "DayAnswer",  # asked again on the morning's page
    "CheckIn",  # checked in again, or out
    "CourseTherapist",  # named anew
    "Declined",  # settled by signing
    "Draw",  # drawn up again
    "Enrolment",  # noted anew
    "Escort",  # named again
    "EscortYes",  # asked again
    "GoAhead",  # counts no more once its line reads otherwise
    "HandOverAfter",  # handed over again: what was read stays as it was read
    "HandOverBefore",  # the same
    "HandOverRead",  # that somebody read it stays so
    "JournalEntry",  # the patient's own: added to, and shown no more
    "MonitoringForm",  # sent again, with the day it was
    "NextDayCall",  # called again: what was heard on that call stays as it was heard
    "PreparationPlan",  # written anew by whoever prepares
    "Prompt",
    "SafetyPlan",  # a new version is written; the older ones stay as they were read
    "Signature",
    "SpokenNo",  # settled by signing
    "TouchAgreement",  # agreed anew, and narrowed at any moment
    "WayChosen",  # chosen anew, by a decision that shows what follows
}


def test_every_clinical_row_has_its_page_or_a_reason() -> None:
    kinds = {model.__name__ for model in Clinical.__subclasses__() if not model._meta.abstract}
    for model in Clinical.__subclasses__():
        if model._meta.abstract:
            kinds |= {below.__name__ for below in model.__subclasses__()}
    assert kinds - {model.__name__ for model in CORRECTABLE} == NOT_CORRECTED


def test_a_correction_strikes_the_original_and_keeps_it(people: Cast) -> None:
    row = note_medicine(by=people.by("jonah"), at=NOW, file=people.file("wren"), text="Sertraline 10 mg")
    chart = f"/care/patients/{people.file('wren').id}/"
    address = f"/care/correct/medication/{row.id}/"
    with visiting("tamsin", NOW) as page:
        page.get(f"{address}?next={chart}")
        assert "Sertraline 10 mg" in page.page and "Written by Jonah Bellwether" in page.page
        sent = {
            "submission": page.hidden("submission"),
            "text": "Sertraline 100 mg",
            "active": "on",
            "next": chart,
        }
        assert page.post(address, {**sent, "how": "correct"}).status_code == 422
        assert "Say why this is corrected" in page.page and 'value="Sertraline 100 mg"' in page.page
        done = page.post(address, {**sent, "how": "correct", "reason": "A zero was missing"})
        assert (done.status_code, done.url) == (302, chart)
        page.get(chart)
        assert "Sertraline 100 mg" in page.page and "<s>Sertraline 10 mg</s>" in page.page
        assert "A zero was missing" in page.page
    assert Medication.objects.count() == 2
    assert Medication.objects.current().get().text == "Sertraline 100 mg"


def test_entered_in_error_leaves_nothing_in_its_place(people: Cast) -> None:
    row = note_allergy(by=people.by("jonah"), at=NOW, file=people.file("wren"), text="Latex")
    address = f"/care/correct/allergy/{row.id}/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        sent = {"submission": page.hidden("submission"), "text": "Latex", "reason": "It was the other Ana"}
        assert page.post(address, {**sent, "how": "withdraw"}).status_code == 302
        page.get(f"/care/patients/{people.file('wren').id}/")
        assert "<s>Latex</s>" in page.page and "Allergies not asked" in page.page
    assert not Allergy.objects.current().exists()


def test_the_second_hand_is_told_who_was_first_and_loses_no_word(people: Cast) -> None:
    row = note_medicine(by=people.by("jonah"), at=NOW, file=people.file("wren"), text="Sertraline 10 mg")
    address = f"/care/correct/medication/{row.id}/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        sent = {"submission": page.hidden("submission"), "text": "Sertraline 150 mg", "active": "on"}
        correct(
            by=people.by("osric"), at=NOW, row=row, reason="A zero", changes={"text": "Sertraline 100 mg"}
        )
        assert page.post(address, {**sent, "reason": "As she says", "how": "correct"}).status_code == 422
        assert "Osric Thanewell already corrected this" in page.page
        assert 'value="Sertraline 150 mg"' in page.page and 'value="As she says"' in page.page
        assert "Correct that one" in page.page
    assert Medication.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"sbp": "12"}, "Did you mean 120"),
        ({"sbp": "70", "dbp": "120"}, "Did you mean 120/70"),
        ({"spo2": "9"}, "Did you mean 90"),
        ({"at": "2027-03-10T09:00"}, "still to come"),
        ({"at": "0202-03-09T09:00"}, "The year 0202 cannot be right"),
        ({"at": "1927-03-09T09:00"}, "more than a day away"),
        ({"hr": "seventy"}, "not a number"),
    ],
)
def test_a_reading_is_corrected_within_what_can_be(people: Cast, typed: dict[str, str], said: str) -> None:
    stage = at_step(people, "arrived")
    row = Reading.objects.get()
    address = f"/care/correct/reading/{row.id}/"
    local = stage.at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    whole = {"sbp": "124", "dbp": "78", "hr": "72", "spo2": "98", "rr": "14", "moaas": "5", "at": local}
    with visiting("jonah", stage.at + timedelta(minutes=5)) as page:
        page.get(address)
        sent = {**whole, **typed, "submission": page.hidden("submission"), "reason": "Slip", "how": "correct"}
        assert page.post(address, sent).status_code == 422
        assert said in page.page
        for name, value in typed.items():
            assert f'value="{value}"' in page.page, name
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"mg": "700"}, "35 mg were ordered"),
        ({"mg": "1e400"}, "35 mg were ordered"),
        ({"mg": "0"}, "greater than or equal to 0.01"),
        ({"at": "2027-03-09T15:50"}, "already ended"),
    ],
)
@pytest.mark.usefixtures("given_to_pages")
def test_what_was_given_is_corrected_within_what_was_ordered(
    people: Cast, typed: dict[str, str], said: str
) -> None:
    stage = at_step(people, "recovering")
    row = Administration.objects.current().get()
    address = f"/care/correct/administration/{row.id}/"
    with visiting("jonah", stage.later(hours=8)) as page:
        form = page.get(address).context["form"]
        sent = {"mg": "34", "at": form["at"].value(), "reason": "Slip", "how": "correct"}
        sent["submission"] = page.hidden("submission")
        assert page.post(address, {**sent, **typed}).status_code == 422
        assert said in page.page
        assert page.post(address, sent).status_code == 302
    assert Administration.objects.current().get().mg == 34


@pytest.mark.usefixtures("given_to_pages")
def test_a_reading_put_right_keeps_the_rest(people: Cast) -> None:
    stage = at_step(people, "arrived")
    row = Reading.objects.get()
    address = f"/care/correct/reading/{row.id}/"
    with visiting("jonah", stage.at) as page:
        page.get(address)
        sent = {"sbp": "134", "dbp": "78", "hr": "72", "spo2": "98", "rr": "14", "moaas": "5"}
        sent |= {"at": page.get(address).context["form"]["at"].value()}
        sent |= {"submission": page.hidden("submission"), "reason": "Misread", "how": "correct"}
        assert page.post(address, sent).status_code == 302, page.page
    new = Reading.objects.current().get()
    assert (new.sbp, new.dbp, new.moaas, new.at) == (134, row.dbp, 5, row.at)


def test_what_was_signed_whole_is_only_withdrawn(people: Cast) -> None:
    stage = at_step(people, "ordered")
    address = f"/care/correct/order/{stage.order.id}/"
    with visiting("tamsin", stage.at) as page:
        page.get(address)
        assert "signed as a whole" in page.page and "Correct it" not in page.page
        sent = {"submission": page.hidden("submission"), "reason": "Wrong day", "how": "correct"}
        assert page.post(address, sent).status_code == 302
    assert not Order.objects.current().exists()
    with visiting("jonah", stage.at) as page:
        assert page.get(address).status_code == 404, "a signed order is its signer's role to undo"


def test_no_kind_beyond_the_list_and_no_foreign_row(people: Cast) -> None:
    row = note_allergy(by=people.by("tamsin"), at=NOW, file=people.file("wren"), text="Latex")
    with visiting("tamsin", NOW) as page:
        for model in ("person", "event", "confirmation", "signature", "grant"):
            assert model not in MODELS
            assert page.get(f"/care/correct/{model}/{row.id}/").status_code == 404
    for who in ("odette", "mira"):
        with visiting(who, NOW) as page:
            assert page.get(f"/care/correct/allergy/{row.id}/").status_code == 404


@pytest.mark.usefixtures("given_to_pages")
def test_the_way_back_never_leads_away(people: Cast) -> None:
    row = note_allergy(by=people.by("tamsin"), at=NOW, file=people.file("wren"), text="Latex")
    for away in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        with visiting("tamsin", NOW) as page:
            answer = page.get(f"/care/correct/allergy/{row.id}/", {"next": away})
            assert answer.context["back"] == f"/care/patients/{people.file('wren').id}/"


def test_an_ended_infusion_and_a_confirmed_import_strike_nothing(people: Cast) -> None:
    stage = at_step(people, "recovering")
    assert Administration.objects.count() == 2
    chart = chart_of(reach(people, "tamsin", stage.at), people.file("wren"), stage.at, ZONE)
    assert not [e for e in chart.entries if e.struck]
    assert [e.title for e in chart.entries if e.model == "administration"] == ["Dose: 35 mg given"]


def test_the_chart_asks_for_what_there_is_and_no_more_than_twenty_times(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    scope = reach(people, "tamsin", stage.at)
    _empty, few = asked(lambda: chart_of(scope, people.file("noor"), stage.at, ZONE))
    full, many = asked(lambda: chart_of(scope, people.file("wren"), stage.at, ZONE))
    assert few <= 3
    assert many <= 17
    assert full.consent_known and len(full.sharing) == 1 and len(full.scores) == 2
    assert Score.objects.count() == 2 and full.next is None
    assert any(v.elsewhere and "Quiet Harbor" in v.where for v in full.visits)
    assert Result.objects.count() >= 5


def test_who_is_not_shown_a_consent_is_not_told_that_there_is_none(people: Cast) -> None:
    stage = at_step(people, "shared")
    seen = {
        key: chart_of(reach(people, key, stage.at), people.file("wren"), stage.at, ZONE)
        for key in ("tamsin", "mira")
    }
    assert seen["tamsin"].consent_known
    assert (seen["mira"].consent, seen["mira"].consent_known) == ("Consent is not shown to you", False)
    assert seen["mira"].next is None or seen["mira"].next.what != "consent"


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("opened", "evaluate"),
        ("decided", "consent"),
        ("shared", "plan"),
        ("planned", "order"),
        ("ordered", "dose"),
        ("gone_home", "after"),
    ],
)
def test_the_chart_says_what_comes_next_and_its_page_shows_it(people: Cast, step: str, what: str) -> None:
    stage = at_step(people, step)
    chart = chart_of(reach(people, "tamsin", stage.at), people.file("wren"), stage.at, ZONE)
    assert chart.next is not None
    assert chart.next.what == what
    with visiting("tamsin", stage.at) as page:
        assert page.get(f"/care/patients/{people.file('wren').id}/").status_code == 200
        assert chart.next.words in page.page


def test_the_link_is_shown_once_on_a_demonstration_site(people: Cast) -> None:
    stage = at_step(people, "decided")
    address = f"/care/patients/{people.file('wren').id}/"
    with visiting("tamsin", stage.at) as page:
        page.get(address)
        to = f"/care/courses/{stage.course.id}/send/"
        sent = {"submission": page.hidden("submission"), "what": "consent", "next": address}
        assert page.post(to, sent).status_code == 302
        page.get(address)
        assert "/l/" in page.page and "outbox" in page.page
        page.get(address)
        assert "/l/" not in page.page
        assert page.post(to, {**sent, "what": "gift"}).status_code == 302
