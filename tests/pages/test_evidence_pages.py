"""What is known, on the pages where people decide."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from openkap.reads.source_list import WantedSources, all_rules, source_list
from openkap.records.models import EvidenceCard
from tests.at_step import at_step
from tests.integration.floor_visits import sent, visitor
from tests.pages.test_whole_law import text_of
from tests.people import cast

pytestmark = pytest.mark.django_db

PUBLIC = 40_000
CARD = {
    "asks": "How long does it last?",
    "patient": "Here about half still felt better after 2 months.",
    "staff": "Own follow-up.",
    "strength": "One group without a comparison group.",
    "not_said": "How long it lasts for you.",
    "sources": ["S9", "S2"],
    "version": "0",
}


def test_everyone_reads_what_is_known_in_both_languages_under_the_limit() -> None:
    people = cast()
    at_step(people, "planned")
    client = Client()
    for address in ("/evidence/", "/at/larkmoor/evidence/"):
        page = client.get(address)
        assert page.status_code == 200 and len(page.content) < PUBLIC
        said = page.content.decode()
        assert "Nobody knows yet." in said and "tel:988" in said
    spanish = client.get("/evidence/", headers={"accept-language": "es"}).content.decode()
    assert "Todavía nadie lo sabe." in spanish and len(spanish.encode()) < PUBLIC


def test_a_director_publishes_words_of_their_own_and_is_told_why_a_promise_is_refused() -> None:
    stage = at_step(cast(), "planned")
    with time_machine.travel(stage.at, tick=False):
        client = visitor(stage.people, "osric", stage.at)
        address = "/lead/evidence/claim/how-long/en/"
        asked = {"claim": "how-long", "language": "en", **CARD}
        refused = client.post(address, sent(**{**asked, "patient": "It cures most people."}))
        words = refused.content.decode()
        assert refused.status_code == 422 and "“cures”" in words and "It cures most people." in words
        assert not EvidenceCard.objects.exists()
        unpicked = client.post(address, sent(**{**asked, "sources": []})).content.decode()
        assert "A claim without a source cannot be shown" in unpicked
        picks = re.findall(r'value="(S\d+)"[^>]*?( checked)?>', words)
        assert {key for key, held in picks if held} == {"S9", "S2"} and len(picks) > 60
        assert client.post(address, sent(**asked)).status_code == 302
        assert CARD["patient"] in Client().get("/at/larkmoor/evidence/").content.decode()
        assert "version 1, by Osric Thanewell" in text_of(client, "/lead/evidence/")
        own = {**asked, "asks": "What did we see here?", "patient": "Some."}
        assert client.post("/lead/evidence/new/", sent(**own)).status_code == 302
        assert "What did we see here?" in text_of(client, "/lead/evidence/")
        other = client.get("/lead/evidence/claim/what-did-we-see-here/es/").content.decode()
        assert "What did we see here?" in other and "Not written in this language yet." in other
        assert client.get("/lead/evidence/claim/nothing-of-ours/es/").status_code == 404
        assert client.post(address, sent(reason="Counted wrongly.", version="1")).status_code == 302
        assert CARD["patient"] not in Client().get("/at/larkmoor/evidence/").content.decode()
        assert "Counted wrongly." in text_of(client, address)
        nurse = visitor(stage.people, "jonah", stage.at)
        assert nurse.get(address).status_code == 404
        assert "Wilkinson 2017" in text_of(nurse, "/lead/evidence/?word=open-label")


def test_a_source_says_what_it_shows_what_is_not_known_and_which_rules_rest_on_it() -> None:
    stage = at_step(cast(), "planned")
    with time_machine.travel(stage.at, tick=False):
        client = visitor(stage.people, "osric", stage.at)
        page = client.get("/lead/evidence/source/S2/").content.decode()
        assert "It was neither" in page and "Not known" in page and "/lead/rules/all/" in page
        assert client.get("/lead/evidence/source/S999/").status_code == 404
        rule = client.get("/lead/rules/all/C-NO-RESPONSE/").content.decode()
        assert 'href="/lead/evidence/source/S2/"' in rule
        gate = text_of(client, f"/care/courses/{stage.course.id}/evaluation/")
        assert "What is known for this" in gate
        assert (
            "/lead/evidence/source/"
            in client.get(f"/care/courses/{stage.course.id}/evaluation/").content.decode()
        )
    alone = source_list(WantedSources(word="nosuchword"))
    assert alone.rows == () and {id for id, _title in alone.alone} < {rule.id for rule in all_rules()}
    read = source_list(WantedSources(kind="cited"))
    assert read.rows and all(row.entries == () for row in read.rows)
