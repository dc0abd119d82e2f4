"""What the oversight pages say: numbers that open lists, rows that are settled, a month to print."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from openkap.records.models import OversightLook, Task
from openkap.steps.adverse import note_event
from tests.at_step import at_step
from tests.harm import sick
from tests.integration.floor_visits import sent, visitor
from tests.pages.test_whole_law import text_of
from tests.people import cast

pytestmark = pytest.mark.django_db


def test_a_number_opens_its_list_and_a_row_is_settled_so_that_only_new_ones_stand_out() -> None:
    stage = at_step(cast(), "gone_home")
    said = sick(at=stage.dose.started_at, term="E-SEIZURE", grade=3, serious=("hospital",))
    event = note_event(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, said=said)
    with time_machine.travel(stage.at, tick=False):
        client = visitor(stage.people, "osric", stage.at)
        whole = text_of(client, "/lead/oversight/")
        assert "Look first at: Adverse events" in whole and "1 serious" in whole
        page = client.get("/lead/oversight/events/?q=seizure")
        assert (
            "Seizure" in page.content.decode()
            and f"/rooms/sessions/{stage.dose.pk}/event" in page.content.decode()
        )
        assert "Nothing fits" in text_of(client, "/lead/oversight/events/?q=rash")
        act = f"/lead/oversight/events/{event.pk}/settle/?q=seizure"
        kept = client.post(act, sent(act="nothing", words=""))
        assert kept.status_code == 422 and "Say it in a few words" in kept.content.decode()
        done = client.post(act, sent(act="to_do", words="Ask the hospital for its letter"))
        assert done.status_code == 302 and done["Location"].endswith("/events/?q=seizure")
        assert (
            Task.objects.filter(text__contains="its letter").exists() and OversightLook.objects.count() == 1
        )
        assert "Seizure" not in text_of(client, "/lead/oversight/events/")
        assert "To be done" in text_of(client, "/lead/oversight/events/?shows=settled")
        printed = text_of(client, "/lead/oversight/events/print/?shows=all")
        assert "Ask the hospital for its letter" in printed and "Wren" not in printed
        assert client.get("/lead/oversight/nothing/").status_code == 404
        assert "Nothing here that nobody has looked at" in text_of(client, "/lead/oversight/signs/")
        for since in ("since=then", "until=9999-12-31", "since=0001-01-01"):
            assert client.get(f"/lead/oversight/signs/?{since}").status_code == 422


def test_rows_that_are_ticked_are_settled_at_once_and_a_refusal_keeps_the_ticks_and_the_words() -> None:
    stage = at_step(cast(), "gone_home")
    made = {"organisation": stage.people.clinic, "made_at": stage.at, "due_at": stage.at, "role": "nurse"}
    one, two = (str(Task.objects.create(what=f"send_{n}", text="Send it", **made).pk) for n in range(2))
    late = stage.at + timedelta(days=1)
    with time_machine.travel(late, tick=False):
        client = visitor(stage.people, "osric", late)
        assert "Settle what is ticked" not in text_of(client, "/lead/oversight/events/")
        assert "Settle what is ticked" in text_of(client, "/lead/oversight/tasks/")
        act = "/lead/oversight/tasks/settle/?period=month"
        kept = client.post(act, sent(subjects=[one], words=""))
        page = kept.content.decode()
        assert kept.status_code == 422 and f'value="{one}" form="together" checked' in page
        assert f'value="{two}" form="together">' in page
        none = client.post(act, sent(subjects=[], words="On paper"))
        assert none.status_code == 422 and 'value="On paper"' in none.content.decode()
        assert "Tick the rows" in none.content.decode()
        done = client.post(act, sent(subjects=[one, two], words="Both are on paper"))
        assert done["Location"] == "/lead/oversight/tasks/?period=month"
        assert OversightLook.objects.filter(words="Both are on paper", act="nothing").count() == 2
        assert client.post("/lead/oversight/events/settle/", sent(subjects=[], words="x")).status_code == 422


def test_the_first_page_has_one_fact_of_each_place_and_no_other_role_reads_what_is_clinical() -> None:
    stage = at_step(cast(), "gone_home")
    with time_machine.travel(stage.at, tick=False):
        director = text_of(visitor(stage.people, "osric", stage.at), "/lead/")
        assert (
            "What have we decided?" in director and "Oversight" in director and "Backup" in director.title()
        )
        keeper = visitor(stage.people, "priya", stage.at)
        assert "Licenses and certificates" in text_of(keeper, "/lead/oversight/")
        assert "Adverse events" not in text_of(keeper, "/lead/oversight/")
        assert keeper.get("/lead/oversight/events/").status_code == 404
        nurse = visitor(stage.people, "jonah", stage.at)
        for address in ("/lead/oversight/", "/lead/month/", "/lead/month/2027-03/print/"):
            assert nurse.get(address).status_code == 404


def test_a_month_is_read_and_printed_and_one_that_has_not_begun_is_no_page() -> None:
    stage = at_step(cast(), "gone_home")
    with time_machine.travel(stage.at, tick=False):
        client = visitor(stage.people, "osric", stage.at)
        shown = text_of(client, "/lead/month/?month=2027-03")
        assert "Oversight of March 2027" in shown and "Doses: 1. People: 1." in shown
        kept = client.get("/lead/month/?month=2027-03").content.decode()
        # Numbers stand under one another, words do not stand at their end.
        assert '<td class="n">1</td>' in kept and '<th scope="col">Way of care</th>' in kept
        printed = client.get("/lead/month/2027-03/print/").content.decode()
        assert "Medical director, name and signature" in printed and "Not over yet" in printed
        assert not re.search(r"Wren|Alderbrook", printed)
        for wrong in ("2027-04", "2027-13", "march"):
            assert client.get(f"/lead/month/{wrong}/print/").status_code == 404
