"""A day is said as the clock on the practice's wall has it, in lists and in pictures alike."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from openkap.door.times import on_day
from openkap.records.models import Session
from tests.at_step import at_step
from tests.people import cast

pytestmark = pytest.mark.django_db


def test_an_evening_dose_stands_on_its_own_day_in_the_ribbon() -> None:
    now = datetime.now(UTC)
    evening = now.replace(hour=2, minute=30) + timedelta(days=2)  # an evening in New York
    people = cast(now - timedelta(days=60))
    stage = at_step(people, "planned", at=now)
    Session.objects.filter(id=stage.dose.id).update(
        planned_from=evening, planned_to=evening + timedelta(hours=1)
    )
    client = Client()
    client.post("/demo/become/tamsin/")
    page = client.get(f"/care/patients/{people.file('wren').id}/").content.decode()
    before = evening.astimezone(ZoneInfo(people.clinic.zone))
    assert before.day != evening.day
    assert f"{before:%b} {before.day}" in re.findall(r'y="88"[^>]*>([^<]*)<', page)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_at_the_end_of_all_days_is_a_day_like_any_other(day: date) -> None:
    for zone in ("America/New_York", "Pacific/Auckland"):
        start, end = on_day(day, ZoneInfo(zone))
        assert start < end
