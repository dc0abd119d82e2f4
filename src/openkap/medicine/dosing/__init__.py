"""Doses: arithmetic, limits, spacing. `check(Order(...))` answers with a verdict and the amounts."""

from openkap.medicine.dosing.check import Checked, check
from openkap.medicine.dosing.order import Order, PastDose
from openkap.medicine.inputs import Unusable
from openkap.medicine.protocols.routes import Route

__all__ = ["Checked", "Order", "PastDose", "Route", "Unusable", "check"]
