"""The arithmetic of an order, line by line, for people.

Decided here: how a working is shown. Doses carry no trailing zero ("0.7 mL", never "0.70"), since a
zero that is read past a lost point is ten times the dose.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from openkap.medicine.dosing.case import Case
from openkap.medicine.dosing.order import CM_PER_INCH
from openkap.medicine.dosing.say import shown_figure as shown
from openkap.medicine.inputs import plain
from openkap.medicine.protocols.routes import Route


def workings(case: Case, mg: Decimal, ml: Decimal | None) -> tuple[str, ...]:
    """Such as "70 kg x 0.5 mg/kg = 35 mg", "35 mg / 50 mg/mL = 0.7 mL" and what else was worked out."""
    return tuple(_lines(case, mg, ml))


def _lines(case: Case, mg: Decimal, ml: Decimal | None) -> Iterator[str]:
    order, weight = case.order, case.dosing_weight
    yield from _weight(case)
    if order.mg_per_kg is not None and weight is not None:
        yield f"{shown(weight)} kg x {plain(order.mg_per_kg)} mg/kg = {shown(mg)} mg"
    elif weight is not None and case.mg_per_kg is not None and order.route is not Route.ESKETAMINE:
        yield f"{shown(mg)} mg / {shown(weight)} kg = {shown(case.mg_per_kg)} mg/kg"
    if ml is not None and order.concentration_mg_per_ml is not None:
        yield f"{shown(mg)} mg / {plain(order.concentration_mg_per_ml)} mg/mL = {shown(ml)} mL"
    if order.route is Route.ESKETAMINE:
        yield from _devices(case, mg)
    elif order.route is not Route.IV and case.iv_equivalent_mg_per_kg is not None:
        share, by = case.share(order.route), case.limit_weight
        assert by is not None  # an equivalent by weight has a weight
        equivalent = shown(case.iv_equivalent_mg_per_kg)
        yield f"{shown(mg)} mg x {plain(share)} / {shown(by)} kg = {equivalent} mg/kg as if into a vein"


def _weight(case: Case) -> Iterator[str]:
    order, ideal = case.order, case.ideal_weight
    if order.weight_basis not in ("ideal", "adjusted") or ideal is None or order.height_cm is None:
        return
    devine = case.rule("D-WEIGHT-IDEAL")
    inches = order.height_cm / CM_PER_INCH - devine["from_inches"]
    base, each = devine[str(order.sex)], devine["per_inch"]
    yield f"Ideal weight: {plain(base)} kg + {shown(inches)} in x {plain(each)} kg = {shown(ideal)} kg"
    if order.weight_basis == "adjusted" and order.weight_kg is not None and case.dosing_weight is not None:
        share, actual = case.rule("D-WEIGHT-BASIS")["adjusted_share"], shown(order.weight_kg)
        over = f"{plain(share)} x ({actual} - {shown(ideal)}) kg"
        yield f"Adjusted weight: {shown(ideal)} kg + {over} = {shown(case.dosing_weight)} kg"


def _devices(case: Case, mg: Decimal) -> Iterator[str]:
    device = case.rule("D-ESK-DEVICE")
    if mg % device["device"] == 0:
        count = mg / device["device"]
        many = "s" if count > 1 else ""
        yield f"{shown(mg)} mg / {plain(device['device'])} mg a device = {shown(count)} device{many}"
        if many:
            yield f"Rest {plain(device['rest'])} minutes between devices."
