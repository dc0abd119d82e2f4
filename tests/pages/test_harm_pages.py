"""The pages of adverse events and of signs of misuse: what they ask, what they keep, and who reads what."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from openkap.desks.floor.rates import WHERE, rates_of
from openkap.medicine.monitoring.adverse import terms
from openkap.records.models import AdverseEvent, MisuseSign
from openkap.steps.adverse import note_event
from tests.at_step import Stage, at_step
from tests.harm import sick
from tests.integration.door_visitors import Visitor
from tests.integration.floor_visits import body, page_of, sent, visitor
from tests.people import cast

pytestmark = pytest.mark.django_db

TOLD = {"grade": "1", "related": "possibly", "action": "none", "outcome": "gone", "words": "Since the start"}


@pytest.fixture
def home() -> Stage:
    return at_step(cast(), "gone_home")


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_an_event_is_chosen_graded_and_gone_on_with(home: Stage) -> None:
    with time_machine.travel(home.at, tick=False):
        nurse, address = visitor(home.people, "jonah", home.at), page_of(home, "event/")
        assert "Something else, in own words" in body(nurse, address)
        asked = plain(body(nurse, f"{address}?term=E-VOMITING&ctcae_version=5.0"))
        assert "1. Nothing is needed" in asked and "By CTCAE 5.0." in asked and "Grade by 6.0" in asked
        assert "Expected: it is known to follow a dose." in asked and "9.1%, without the drug 1.8%" in asked
        apart = plain(body(nurse, f"{address}?term=E-DISSOCIATION"))
        assert "Esketamine, asked by the CADSS scale: 61 to 84%" in apart and "cadss from" not in apart
        surge = plain(body(nurse, f"{address}?term=E-PRESSURE"))
        assert "for over 60 minutes" in surge and "Highest pressure of this session" in surge
        refused = nurse.post(address, sent(term="E-NAUSEA", words="Since the start"))
        assert refused.status_code == 422 and "Since the start" in refused.content.decode()
        assert "Choose the grade. Each says what it means." in refused.content.decode()
        kept = nurse.post(address, sent(term="E-NAUSEA", **TOLD))
        assert kept.status_code == 302, plain(kept.content.decode())[:600]
        event = AdverseEvent.objects.get()
        assert (event.at, event.grade, event.words) == (home.at, 1, "Since the start")
        assert "Grade 1 by CTCAE 6.0: Less appetite" in body(nurse, page_of(home))
        on = f"/rooms/events/{event.id}/"
        assert "What changed, or what was wrong" in body(nurse, on)
        later = TOLD | {"grade": "3", "serious": "hospital", "at": "2027-03-09T11:00"}
        assert nurse.post(on, sent(**later)).status_code == 422  # why is asked
        assert nurse.post(on, sent(**later, reason="Taken in at night")).status_code == 302
        tamsin = visitor(home.people, "tamsin", home.at)
        chart = plain(body(tamsin, f"/care/patients/{home.people.file('wren').id}/"))
        assert "A serious adverse event is written down" in chart and "grade 3" in chart
        paper = plain(body(tamsin, f"/care/courses/{home.course.id}/print/"))
        assert "Adverse events and signs of misuse" in paper and "taken into hospital" in paper
        assert nurse.get(f"/rooms/events/{event.id}/").status_code == 404  # the newest is gone on with
        late = nurse.post(on, sent(**later, reason="Also taken in"))  # from a tab that was open before
        assert late.status_code == 422 and "already corrected this" in late.content.decode()
        assert "Also taken in" in late.content.decode()


def test_every_rate_says_in_words_where_it_was_seen() -> None:
    shown = [rate for term in terms() for rate in rates_of(term)]
    assert {rate.where for rate in shown} <= set(WHERE.values()) and len(shown) > len(WHERE)


def test_a_patient_reads_what_was_written_down_in_plain_words(home: Stage) -> None:
    said = sick(home.dose.started_at, outcome="better", grade=2)
    note_event(by=home.people.by("jonah"), at=home.at, session=home.dose, said=said)
    with time_machine.travel(home.at + timedelta(hours=2), tick=False):
        wren = Visitor().become("wren")
        page = plain(body(wren, f"/me/sessions/{home.dose.id}/"))
        assert "Feeling sick: moderate. It is getting better." in page and "CTCAE" not in page
        wren.post("/language/", {"language": "es"})
        assert "Náuseas: moderado. Va mejorando." in plain(body(wren, f"/me/sessions/{home.dose.id}/"))


def test_a_sign_of_misuse_is_written_down_and_decided_on(home: Stage) -> None:
    with time_machine.travel(home.at, tick=False):
        nurse = visitor(home.people, "jonah", home.at)
        address = f"/care/courses/{home.course.id}/misuse/"
        assert "No sign of misuse is written down." in body(nurse, address)
        empty = nurse.post(address, sent(sign="", words=""))
        assert empty.status_code == 422 and "say what you saw in a few words" in empty.content.decode()
        assert nurse.post(address, sent(sign="craving", words="Said so twice")).status_code == 302
        sign = MisuseSign.objects.get()
        tamsin = visitor(home.people, "tamsin", home.at)
        assert "Signs of misuse stand" in body(tamsin, f"/care/patients/{home.people.file('wren').id}/")
        settle = f"/care/misuse/{sign.id}/settle/"
        assert tamsin.post(settle, sent(decided=" ")).status_code == 422
        decided = sent(decided="Talked over")
        assert [tamsin.post(settle, decided).status_code for _twice in range(2)] == [302, 302]
        late = tamsin.post(settle, sent(decided="From another tab"))
        assert late.status_code == 422 and "From another tab" in late.content.decode()
        assert "Decided: Talked over" in body(nurse, address)
        assert visitor(home.people, "mira", home.at).get(address).status_code == 404
