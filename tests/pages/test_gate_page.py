"""The page before a dose: over an open line there is one way to go ahead, at the line itself."""

from __future__ import annotations

import re

import pytest
import time_machine

from openkap.records.models import GoAhead
from tests.at_step import at_step, reading
from tests.integration.floor_visits import sent, visitor
from tests.pages.test_whole_law import text_of
from tests.people import cast

pytestmark = pytest.mark.django_db


def test_a_reason_is_asked_at_its_line_and_then_the_dose_can_start() -> None:
    stage = at_step(cast(), "arrived")
    stage.later(minutes=2)
    reading(stage, sbp=152, dbp=88)
    page = f"/rooms/sessions/{stage.dose.id}/"
    with time_machine.travel(stage.at, tick=False):
        client = visitor(stage.people, "tamsin", stage.at)
        held = text_of(client, page)
        assert "Go ahead over each open line with its own reason." in held
        assert held.count("Go ahead with a reason") == 1 and "with this reason" not in held
        asked = re.search(r'name="because" value="([^"]+)"', client.get(page).content.decode())
        assert asked is not None
        said = sent(rule="S06", because=asked[1], words="She is nervous.")
        assert client.post(f"{page}go-ahead/", said).status_code == 302
        assert GoAhead.objects.get().words == "She is nervous."
        assert "Nothing holds it." in text_of(client, page)
