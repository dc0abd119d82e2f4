"""Only whoever may write down that the consent was gone through is shown the form for it."""

from __future__ import annotations

from html import unescape

import pytest
import time_machine

from tests.at_step import at_step
from tests.integration.floor_visits import visitor
from tests.people import cast

pytestmark = pytest.mark.django_db
MINE = "I went through it with the patient"
THEIRS = "A clinician goes through the text with the patient, and writes it down here."


@pytest.mark.parametrize(("who", "form"), [("odette", False), ("jonah", True)])
def test_only_a_clinician_is_shown_the_form(who: str, form: bool) -> None:
    stage = at_step(cast(), "planned")
    with time_machine.travel(stage.at, tick=True):
        client = visitor(stage.people, who, stage.at)
        found = client.get(f"/care/courses/{stage.course.id}/consent/")
        shown = unescape(found.content.decode())
    assert found.status_code == 200
    assert (MINE in shown, THEIRS in shown) == (form, not form)
