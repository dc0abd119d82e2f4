"""Finding a person: spelling forgiven, dates in many ways, and nobody outside Scope."""

from __future__ import annotations

from datetime import date

import pytest

from openkap.reads.find import find_people, recent_people, same_person
from openkap.reads.matching import dates_in, name_score
from openkap.records.models import Event, PatientFile, Person
from openkap.steps.open import open_record
from tests.integration.clinic_desk import ZONE, asked, form_in, reach, visiting
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 9)


def found(people: Cast, text: str, who: str = "odette") -> list[str]:
    return [p.name for p in find_people(reach(people, who, NOW), text, NOW, ZONE).people]


@pytest.mark.parametrize(
    "typed",
    [
        "wren",
        "Alderbrook, Wren",
        "gwendolyn alderbrook",
        "aldrbrook",
        "Alderbrok Gwen",
        "WREN ÄLDERBROOK",
        "5/3/1985",
        "5/3/85",
        "1985-05-03",
        "1985.05.03",
        "05031985",
        "19850503",
        "May 3, 1985",
        "3rd May 1985",
        "3 de mayo de 1985",
        "wren 1985-05-03",
        "00001",
        "#1",
    ],
)
def test_wren_is_found_however_she_is_asked_for(people: Cast, typed: str) -> None:
    assert found(people, typed)[:1] == ["Wren Alderbrook"]


@pytest.mark.parametrize(
    "typed", ["", "  ", "zzz", "al xq", "1985-13-45", "2099-05-03", "'; drop table", "%", "%%_"]
)
def test_nothing_is_found_where_nothing_fits(people: Cast, typed: str) -> None:
    assert found(people, typed) == []


def test_the_same_name_twice_is_said(people: Cast) -> None:
    list_ = find_people(reach(people, "odette", NOW), "ibarra", NOW, ZONE).people
    assert len(list_) == 2 and all(p.twins for p in list_)
    assert {p.born for p in list_} == {"February 9, 1979", "July 30, 1993"}


def test_a_birth_date_beside_a_name_puts_the_right_twin_first(people: Cast) -> None:
    first = find_people(reach(people, "odette", NOW), "ana ibarra 7/30/1993", NOW, ZONE).people[0]
    assert first.number == people.file("ana_b").number


def test_a_patient_of_another_practice_cannot_be_found(people: Cast) -> None:
    assert found(people, "pell strand") == []
    assert found(people, "1968-01-15") == []
    assert found(people, "pell strand", "mira") == ["Pell Strand"]
    assert found(people, "wren", "mira") == []
    assert found(people, "wren", "priya") == ["Wren Alderbrook"], "the privacy officer sees who is a patient"


def test_dates_are_read_by_the_country_first() -> None:
    assert dates_in("4/5/1990", TODAY)[0] == (date(1990, 4, 5), date(1990, 5, 4))
    assert dates_in("4/5/1990", TODAY, "GB")[0] == (date(1990, 5, 4), date(1990, 4, 5))
    assert dates_in("25/12/1990", TODAY)[0] == (date(1990, 12, 25),)
    assert dates_in("2/2/30", TODAY)[0] == (date(1930, 2, 2),), "two digits are never a year to come"


def test_every_word_must_be_met() -> None:
    assert name_score("wren strand", "gwendolyn alderbrook wren") == 0
    assert name_score("wren", "gwendolyn alderbrook wren") == 1


def test_many_are_cut_with_their_number(people: Cast) -> None:
    for n in range(30):
        person = Person.objects.create(given_name=f"Sam{n}", family_name="Many", born_on=date(1990, 1, 1))
        PatientFile.objects.create(
            organisation=people.clinic, patient=person, number=f"9{n:04d}", opened_at=NOW
        )
    list_, few = asked(lambda: find_people(reach(people, "odette", NOW), "many", NOW, ZONE))
    assert (len(list_.people), list_.more) == (25, 5)
    assert few <= 6, "four of the search, and those of the Scope"


def test_whom_one_opened_last_stands_first(people: Cast) -> None:
    by = people.by("tamsin")
    for key in ("noor", "wren", "noor"):
        open_record(by=by, at=NOW, about=people.file(key), page="chart")
    recent = recent_people(reach(people, "tamsin", NOW), by, NOW, ZONE)
    assert [p.name for p in recent] == ["Noor Castellane", "Wren Alderbrook"]
    assert recent_people(reach(people, "odette", NOW), people.by("odette"), NOW, ZONE) == ()


def test_registering_shows_who_is_alike_first_and_is_done_once(people: Cast) -> None:
    alike = same_person(reach(people, "odette", NOW), "Wren", "Alderbrok", date(1985, 5, 3), NOW, ZONE)
    assert [p.name for p in alike] == ["Wren Alderbrook"]
    typed = {"given_name": "Wren", "family_name": "Alderbrok", "born_on": "1985-05-03"}
    with visiting("odette", NOW) as page:
        page.get("/care/patients/new/")
        sent = {**typed, "submission": page.hidden("submission")}
        assert page.post("/care/patients/new/", sent).status_code == 422
        assert "Someone like this is already here" in page.page and 'value="Alderbrok"' in page.page
        before = PatientFile.objects.count()
        assert page.post("/care/patients/new/", {**sent, "sure": "on"}).status_code == 302
        assert page.post("/care/patients/new/", {**sent, "sure": "on"}).status_code == 302
    assert PatientFile.objects.count() == before + 1


@pytest.mark.parametrize(
    ("typed", "said"), [("0202-05-03", "The year 0202 cannot be right"), ("2028-01-01", "still to come")]
)
def test_a_birth_date_that_cannot_be_is_named_and_kept(people: Cast, typed: str, said: str) -> None:
    with visiting("odette", NOW) as page:
        page.get("/care/patients/new/")
        sent = {
            "given_name": "A",
            "family_name": "B",
            "born_on": typed,
            "submission": page.hidden("submission"),
        }
        assert page.post("/care/patients/new/", sent).status_code == 422
        assert said in page.page and f'value="{typed}"' in page.page


def test_the_page_has_its_empty_its_found_and_its_none_state(people: Cast) -> None:
    with visiting("jonah", NOW) as page:
        page.get("/care/patients/")
        assert "Nobody opened yet" in page.page and "Register someone new" not in page.page
        page.get("/care/patients/?q=5/3/1985")
        assert "Read as May 3, 1985 or March 5, 1985" in page.page and "Wren Alderbrook" in page.page
        page.get("/care/patients/?q=<b>zz</b>")
        assert "Nobody here fits" in page.page and "<b>zz" not in page.page


def test_opening_is_told_once_and_a_refresh_is_not(people: Cast) -> None:
    address = f"/care/patients/{people.file('wren').id}/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        page.get(address, headers={"X-OpenKAP-Background": "1"})
    opened = Event.objects.filter(verb="opened.chart", patient=people["wren"])
    assert opened.count() == 1 and form_in(page.page, f"{address}open/")["submission"]


def test_a_foreign_patient_is_not_there_and_the_trail_knows(people: Cast) -> None:
    foreign = people.file("pell")
    with visiting("tamsin", NOW) as page:
        for rest in ("", "outcome/", "looked/"):
            assert page.get(f"/care/patients/{foreign.id}/{rest}").status_code == 404
    assert Event.objects.filter(verb="missed.patientfile", patient=people["pell"]).count() == 3
