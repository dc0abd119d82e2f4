"""The director's desk of rules: found, previewed, signed, seconded."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine

from openkap.records.facts.law import rules_at
from openkap.records.models import Credential, RuleChange
from openkap.steps.standing import correct_credential
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
        opened = text_of(client, "/lead/rules/all/")
        assert "18 years , under" in opened and "D-IV-MAX" not in opened
        assert "S06" not in opened and "Show the rest:" in opened
        assert "S06" in text_of(client, "/lead/rules/all/?part=who&rest=1")
        every = text_of(client, "/lead/rules/all/?part=all&rest=1")
        assert "D-IV-MAX" in every and "S06" in every and "way-blended" in every and "form-phq9" in every
        assert "R-FASTING" in text_of(client, "/lead/rules/all/?part=who&rule=R-FASTING")
        assert "Sources say: 140/90 as a guide" in every
        narrowed = text_of(client, "/lead/rules/all/?q=fasting&route=iv")
        assert "R-FASTING" in narrowed and "D-IV-MAX" not in narrowed
        assert "Nothing fits" in text_of(client, "/lead/rules/all/?q=nosuchword")
        part = text_of(client, "/lead/rules/all/?part=limits&route=esketamine&state=fixed")
        assert "D-ESK-DOSE" in part and "D-IV-MAX" not in part
        fixed = text_of(client, "/lead/rules/all/S01/")
        assert "Fixed by law or label" in fixed and "Set it for this practice" not in fixed
        form = text_of(client, "/lead/rules/all/form-phq9/")
        assert "10 to 14" in form and "Its authors fixed it" in form and "Scored alike" in form
        texts = text_of(client, "/lead/rules/all/?part=texts&rule=text-consent-iv-en")
        assert "page of consent texts" in texts and "Version 1" in texts
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
        assert "1 person would have read otherwise." in wordless.content.decode()
        assert client.post(LIMIT + "sign/", sent(n_limit="0.4", words="Older people")).status_code == 302
        assert rules_at(stage.people.clinic.id, at).rule("D-IV-MAX")["limit"] == Decimal("0.4")
        late = client.post(LIMIT + "sign/", sent(n_limit="0.45", words="Late", seen="limit=1"))
        assert late.status_code == 422 and "Someone set this rule since" in late.content.decode()
        again = client.get(LIMIT + "?n_limit=0.45&words=Late").content.decode()
        assert 'name="seen" value="limit=0.4"' in again
        assert "The practice’s own choice" in text_of(client, "/lead/rules/all/?state=changed")
        assert "Older people" in text_of(client, "/lead/rules/history/")
        client.post(LIMIT + "sign/", sent(n_limit="1.5", words="One patient needs it"))
        waiting = text_of(client, "/lead/rules/all/")
        assert "Waits for a second name" in waiting and "D-IV-HIGH" in waiting
        prescriber = visitor(stage.people, "tamsin", at)
        page = prescriber.get(LIMIT).content.decode()
        act = re.search(r'action="(/lead/rules/changes/[^"]+/second/)"', page)
        assert act is not None
        assert prescriber.post(act[1], sent(words="Read. I agree.")).status_code == 302
        assert rules_at(stage.people.clinic.id, at).rule("D-IV-MAX")["limit"] == Decimal("1.5")


def test_a_sources_number_is_one_choice_and_two_sets_stand_beside_each_other_and_on_paper() -> None:
    stage = at_step(cast(), "planned")
    page = "/lead/rules/all/?part=who&rule=S07"
    with time_machine.travel(stage.at, tick=False):
        client = visitor(stage.people, "osric", stage.at)
        offered = text_of(client, page)
        for each in ("140/90, refuse", "In use now", "at 60 of each kind", "about 3 seconds"):
            assert each in offered
        asked = "&choice=0&n_sbp_at_least=160&n_dbp_at_least=100&n_minutes_apart=5"
        told = client.get(f"{page}{asked}&n_refer_sbp=180&n_refer_dbp=110").content.decode()
        assert 'name="n_sbp_at_least" value="140"' in told and "If you sign" in told
        assert 'name="n_refer_sbp" value="180"' in told
        assert "only one" in text_of(client, "/lead/rules/compare/")
        numbers = {"n_sbp_at_least": "140", "n_dbp_at_least": "90"}
        signing = "/lead/rules/all/S07/sign/"
        kept = {"n_minutes_apart": "5", "n_refer_sbp": "180", "n_refer_dbp": "110"}
        assert client.post(signing, sent(words="As they do", **numbers, **kept)).status_code == 302
        beside = text_of(client, "/lead/rules/compare/")
        assert "160 mmHg" in beside and "140 mmHg" in beside and "As they do" in beside
        assert "library 1" in text_of(client, "/lead/rules/compare/?until=2020-01-01")
        assert client.get("/lead/rules/compare/?until=nonsense").status_code == 422
        paper = text_of(client, "/lead/rules/iv/print/")
        assert "name and signature" in paper and "140 mmHg" in paper and "Not signed" not in paper


def test_a_second_name_takes_a_license_that_a_colleague_looked_at() -> None:
    stage = at_step(cast(), "planned")
    row = Credential.objects.current(stage.at).get(person=stage.people["tamsin"], kind="license")
    ended = {"kind": "license", "number": "OR-1", "state": "Oregon", "expires_on": date(2026, 1, 1)}
    by = stage.people.by("osric")
    correct_credential(by=by, at=stage.at, credential=row, reason="Read wrongly.", **ended)
    with time_machine.travel(stage.at, tick=False):
        client = visitor(stage.people, "osric", stage.at)
        client.post(LIMIT + "sign/", sent(n_limit="1.5", words="One patient needs it"))
        prescriber = visitor(stage.people, "tamsin", stage.at)
        act = re.search(
            r'action="(/lead/rules/changes/[^"]+/second/)"', prescriber.get(LIMIT).content.decode()
        )
        assert act is not None
        refused = prescriber.post(act[1], sent(words="Agreed."))
        assert refused.status_code == 422 and "Your license has ended here." in refused.content.decode()
        assert rules_at(stage.people.clinic.id, stage.at).rule("D-IV-MAX")["limit"] == 1
