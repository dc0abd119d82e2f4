"""What the person's weight and age say about a dose.

Decided here: how the rows `D-WEIGHT-*` and `D-AGE-*` are read. Ideal weight is never chosen for
anyone: from the body mass index of the library on, the prescriber is asked which weight to go by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from openkap.medicine.dosing.case import Case
from openkap.medicine.dosing.lower_start import lower_start_findings, not_lower
from openkap.medicine.dosing.say import beyond, finding
from openkap.medicine.protocols.routes import Route
from openkap.medicine.verdict import Finding, Level


def people_findings(case: Case) -> Iterator[Finding]:
    yield from _age(case)
    yield from lower_start_findings(case)
    if case.order.route is not Route.ESKETAMINE:
        yield from _weight(case)


def _age(case: Case) -> Iterator[Finding]:
    adult, older, age = case.rule("D-AGE-ADULT"), case.rule("D-AGE-OLDER"), case.order.age
    if age is None:
        # Screening holds the age rules; here its absence is told and weighs nothing.
        said = finding(adult, Level.UNKNOWN, action="", could_be=Level.CAUTION, value="?")
        yield replace(said, because="The age was not given.", data={})
    elif age < adult["limit"]:
        yield finding(adult, Level.STOP, value=age, limit=adult["limit"])
    elif age >= older["limit"] and case.order.is_first and not_lower(case):
        yield finding(older, Level.CAUTION, value=age, limit=older["limit"])


def _weight(case: Case) -> Iterator[Finding]:
    order, basis, old = case.order, case.rule("D-WEIGHT-BASIS"), case.rule("D-WEIGHT-AGE")
    if order.weighed_on is not None and order.on is not None:
        days = (order.on - order.weighed_on).days
        if days > old["limit"]:
            yield finding(old, Level.HOLD, value=days, limit=old["limit"])
    if order.weight_basis is not None:
        return
    if case.body_mass_index is not None and case.body_mass_index >= basis["limit"]:
        yield finding(
            basis, Level.CAUTION, value=beyond(case.body_mass_index, basis["limit"]), limit=basis["limit"]
        )
    elif case.body_mass_index is None and order.mg_per_kg is not None:
        said = finding(basis, Level.UNKNOWN, action="", could_be=Level.CAUTION, value="?")
        yield replace(said, because="Without a height the body mass index is not known.", data={})
