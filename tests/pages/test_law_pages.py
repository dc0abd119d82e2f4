"""The director's desk of rules: found, previewed, signed, seconded."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
import time_machine

from openkap.records.facts.law import rules_at
from openkap.records.models import RuleChange
from tests.at_step import at_step
from tests.integration.floor_visits import sent, visitor
from tests.pages.test_whole_law import text_of
from tests.people import cast

pytestmark = pytest.mark.django_db

LIMIT = "/lead/rules/all/D-IV-MAX/"


def test_every_rule_is_found_by_part_route_word_and_how_it_stands() -> None:
    stage = at_step(cast(), "planned")
    with time_machine.travel(stage.at, tick=False):
        client = visitor(stage.people, "osric", stage.at)
        every = text_of(client, "/lead/rules/all/")
        assert "D-IV-MAX" in every and "S06" in every and "way-blended" in every
        assert "Sources say: 140/90 as a guide" in every
        narrowed = text_of(client, "/lead/rules/all/?q=fasting&route=iv")
        assert "R-FASTING" in narrowed and "D-IV-MAX" not in narrowed
        assert "Nothing fits" in text_of(client, "/lead/rules/all/?q=nosuchword")
        part = text_of(client, "/lead/rules/all/?part=limits&route=esketamine&state=fixed")
        assert "D-ESK-DOSE" in part and "D-IV-MAX" not in part
        fixed = text_of(client, "/lead/rules/all/S01/")
        assert "Fixed by law or label" in fixed and "Set it for this practice" not in fixed
        assert client.get("/lead/rules/all/NOT-ONE/").status_code == 404
        nurse = visitor(stage.people, "jonah", stage.at)
        assert "The medical director sets this number." in text_of(nurse, LIMIT)
        assert nurse.post(LIMIT + "sign/", sent(n_limit="0.4", words="Lower")).status_code == 404


def test_a_number_is_previewed_then_signed_and_a_higher_one_waits_for_a_prescriber() -> None:
    stage = at_step(cast(), "under_way")
    at = stage.later(hours=1)
    with time_machine.travel(at, tick=False):
        client = visitor(stage.people, "osric", at)
        shown = text_of(client, LIMIT + "?n_limit=0.4&words=Ours+are+older")
        assert "1 person would have read otherwise." in shown and stage.course.patient.name in shown
        assert not RuleChange.objects.exists()
        assert "Nothing would change" in text_of(client, LIMIT + "?n_limit=1")
        assert "today or a later day" in text_of(client, LIMIT + "?n_limit=0.4&from_on=2020-01-01")
        wordless = client.post(LIMIT + "sign/", sent(n_limit="0.4"))
        assert wordless.status_code == 422 and "Say why." in wordless.content.decode()
        assert client.post(LIMIT + "sign/", sent(n_limit="0.4", words="Older people")).status_code == 302
        assert rules_at(stage.people.clinic.id, at).rule("D-IV-MAX")["limit"] == Decimal("0.4")
        assert "The practice’s own choice" in text_of(client, "/lead/rules/all/?state=changed")
        assert "Older people" in text_of(client, "/lead/rules/history/")
        client.post(LIMIT + "sign/", sent(n_limit="1.5", words="One patient needs it"))
        waiting = text_of(client, "/lead/rules/all/")
        assert "Waits for a second name" in waiting
        prescriber = visitor(stage.people, "tamsin", at)
        page = prescriber.get(LIMIT).content.decode()
        act = re.search(r'action="(/lead/rules/changes/[^"]+/second/)"', page)
        assert act is not None
        assert prescriber.post(act[1], sent(words="Read. I agree.")).status_code == 302
        assert rules_at(stage.people.clinic.id, at).rule("D-IV-MAX")["limit"] == Decimal("1.5")
