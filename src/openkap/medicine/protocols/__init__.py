"""Ways of care as data: `protocol("blended_iv")` is a plan a course can follow."""

from openkap.medicine.protocols.protocol import (
    PHASES,
    Count,
    Hours,
    Measures,
    Protocol,
    Spacing,
    UnknownProtocol,
    months_of,
    protocol,
    protocols,
    without_form,
)
from openkap.medicine.protocols.routes import Route

__all__ = [
    "PHASES",
    "Count",
    "Hours",
    "Measures",
    "Protocol",
    "Route",
    "Spacing",
    "UnknownProtocol",
    "months_of",
    "protocol",
    "protocols",
    "without_form",
]
