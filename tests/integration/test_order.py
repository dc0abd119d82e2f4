"""The order page: the working before the signature, and the second person's page."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from openkap.records.models import Confirmation, Draw, Order, Result
from openkap.steps.order import order_dose
from tests.at_step import Stage, at_step
from tests.integration.floor_visits import sent, visitor
from tests.people import NOW, cast

pytestmark = pytest.mark.django_db
ASKED = {"mg_per_kg": "0.5", "duration_min": "40", "concentration_mg_per_ml": "50"}


@pytest.fixture
def stage() -> Iterator[Stage]:
    with time_machine.travel(NOW, tick=False) as traveller:
        planned = at_step(cast(), "planned")
        traveller.move_to(planned.at)
        yield planned


def order_page(stage: Stage) -> str:
    return f"/care/sessions/{stage.dose.id}/order/"


def test_looking_works_it_out_and_keeps_nothing(stage: Stage) -> None:
    doctor = visitor(stage.people, "tamsin", stage.at)
    shown = doctor.post(order_page(stage), sent(look="1", **ASKED)).content.decode()
    assert "70 kg x 0.5 mg/kg = 35 mg" in shown
    assert "35 mg / 50 mg/mL = 0.7 mL" in shown
    assert "Sign this order" in shown
    assert not Order.objects.exists()


def test_signing_then_checking_by_another(stage: Stage) -> None:
    doctor, nurse = (visitor(stage.people, key, stage.at) for key in ("tamsin", "jonah"))
    assert doctor.post(order_page(stage), sent(**ASKED)).status_code == 302
    order = Order.objects.get()
    confirm = f"/rooms/sessions/{stage.dose.id}/confirm/"
    assert "Nothing is prepared yet" in doctor.get(confirm).content.decode()
    drawn = sent(order=order.id, concentration_mg_per_ml="50", ml="0.70")
    assert doctor.post(f"/rooms/sessions/{stage.dose.id}/draw/", drawn).status_code == 302
    assert "You signed this order." in doctor.get(confirm).content.decode()
    checked = {"order": order.id, "draw": Draw.objects.get().id}
    refused = doctor.post(confirm, sent(**checked))
    assert refused.status_code == 422 and not Confirmation.objects.exists()
    assert "70 kg x 0.5 mg/kg = 35 mg" in nurse.get(confirm).content.decode()
    assert nurse.post(confirm, sent(**checked)).status_code == 302
    assert Confirmation.objects.get().by_name == "Jonah Bellwether"


def test_a_refused_order_keeps_what_was_typed(stage: Stage) -> None:
    doctor = visitor(stage.people, "tamsin", stage.at)
    answer = doctor.post(order_page(stage), sent(**{**ASKED, "mg_per_kg": "0.6"}))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="0.6"' in shown and "Say why it is right all the same" in shown


def test_an_order_page_made_before_anothers_order_is_told(stage: Stage) -> None:
    doctor = visitor(stage.people, "tamsin", stage.at)
    page = sent(**ASKED)
    order_dose(
        by=stage.people.by("osric"),
        at=stage.at,
        session=stage.dose,
        mg_per_kg=Decimal("0.4"),
        duration_min=40,
    )
    answer = doctor.post(order_page(stage), page)
    assert answer.status_code == 422 and "Osric Thanewell has ordered" in answer.content.decode()


@pytest.mark.parametrize(("weight", "unit", "kg"), [("154", "lb", "69.9"), ("70.5", "kg", "70.5")])
def test_weighed_today_in_pounds_or_kilograms(stage: Stage, weight: str, unit: str, kg: str) -> None:
    nurse = visitor(stage.people, "jonah", stage.at)
    fields = {f"weigh-{name}": value for name, value in sent(weight=weight, unit=unit).items()}
    assert nurse.post(f"/care/sessions/{stage.dose.id}/weigh/", fields).status_code == 302
    assert Result.objects.filter(key="weight_kg").order_by("-recorded_at")[0].value == kg


def test_seven_hundred_kilograms_is_asked_about(stage: Stage) -> None:
    nurse = visitor(stage.people, "jonah", stage.at)
    fields = {f"weigh-{name}": value for name, value in sent(weight="700", unit="kg").items()}
    answer = nurse.post(f"/care/sessions/{stage.dose.id}/weigh/", fields)
    assert answer.status_code == 422
    assert "Did you mean 70.0?" in answer.content.decode()
