"""Each route from the order to the way home, by the persons who would do it; and what each refuses."""

from __future__ import annotations

import pytest

from tests.at_step import at_step
from tests.people import cast
from tests.routes import ROUTES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", ROUTES)
def test_a_dose_by_this_route_goes_from_order_to_home(route: str) -> None:
    stage = at_step(cast(), "gone_home", route=route)
    assert stage.dose.state == "done"
