"""How the desks look is chosen in a browser, and the room keeps its own rule."""

from __future__ import annotations

import pytest
import time_machine

from tests.at_step import at_step
from tests.integration.floor_visits import visitor
from tests.people import cast

pytestmark = pytest.mark.django_db


def test_a_browser_is_dark_where_someone_chose_it_and_the_gate_stays_light() -> None:
    stage = at_step(cast(), "arrived")
    with time_machine.travel(stage.at, tick=False):
        client = visitor(stage.people, "tamsin", stage.at)
        assert 'data-theme="day"' in client.get("/my-work/").content.decode()
        assert client.post("/account/look/", {"look": "room"})["Location"] == "/account/"
        assert 'data-theme="room"' in client.get("/my-work/").content.decode()
        kept = client.get("/account/").content.decode()
        assert 'value="room" aria-pressed="true"' in kept and 'value="day" aria-pressed="false"' in kept
        assert 'data-theme="day"' in client.get(f"/rooms/sessions/{stage.dose.pk}/").content.decode()
        assert client.post("/account/look/", {"look": "purple"}).status_code == 404
        client.post("/account/look/", {"look": "auto"})
        assert 'data-theme="auto"' in client.get("/my-work/").content.decode()
