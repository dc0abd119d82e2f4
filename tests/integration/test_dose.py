"""From order to going home: who may, what is asked, what is refused."""

from __future__ import annotations

import pytest

from tests.at_step import at_step
from tests.people import cast

pytestmark = pytest.mark.django_db


def test_a_dose_goes_its_whole_way() -> None:
    stage = at_step(cast(), "gone_home")
    assert stage.dose.state == "done"
