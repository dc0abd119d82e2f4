"""An order with nothing to say against it, for the dosing tables to change."""

from __future__ import annotations

from typing import Any

from openkap.medicine.dosing import Order

ON = "2026-11-21"
PLAIN = {
    "iv": {"mg_per_kg": "0.4", "duration_min": "40"},
    "im": {"mg_per_kg": "0.4"},
    "sublingual": {"mg": "100"},
    "oral": {"mg": "100"},
    "nasal_racemic": {"mg": "40"},
    "esketamine": {
        "mg": "56",
        "indication": "trd",
        "hcs_certified": True,
        "patient_enrolled": True,
        "prescriber_on_site": True,
    },
}
COLUMNS = {
    "mg/kg": "mg_per_kg",
    "weight": "weight_kg",
    "height": "height_cm",
    "minutes": "duration_min",
    "mg/mL": "concentration_mg_per_ml",
    "basis": "weight_basis",
    "weighed on": "weighed_on",
    "first": "first_dose",
    "certified": "hcs_certified",
    "enrolled": "patient_enrolled",
    "on site": "prescriber_on_site",
    "drawing up": "drawing_up",
    "lower start": "lower_start",
}
OUTCOMES = ("finding", "told", "verdict", "gives", "mL", "as iv", "working", "error")
WORDS: dict[str, Any] = {"yes": True, "no": False, "not known": None}


def order(cells: dict[str, str]) -> Order:
    """The plain order of the line's route, with the changes that the line names. Raises `Unusable`."""
    route = cells.get("route", "iv")
    given: dict[str, Any] = {"route": route, "weight_kg": "70", "height_cm": "172", "age": "44", "on": ON}
    given |= PLAIN.get(route, {})
    for column, cell in cells.items():
        if not cell or column in OUTCOMES:
            continue
        key = COLUMNS.get(column, column)
        if key in ("mg", "mg_per_kg"):
            given.pop("mg", None)
            given.pop("mg_per_kg", None)
        given[key] = past(cell) if key == "before" else WORDS.get(cell, cell)
        if key == "lower_start":
            given[key] = [reason.strip() for reason in cell.split(";")]
    given["history"] = given.pop("before", [])
    return Order.read(given)


def past(cell: str) -> list[dict[str, Any]]:
    """ "2026-11-17 iv 35 tolerated; 2026-11-14T09:00-05:00 iv 30 not tolerated, same session"."""
    return [_dose(part.strip()) for part in cell.split(";")]


def _dose(text: str) -> dict[str, Any]:
    when, route, mg, *rest = text.split(maxsplit=3)
    said = rest[0] if rest else ""
    tolerated = None if "unknown" in said else "not tolerated" not in said
    dose: dict[str, Any] = {"route": route, "mg": mg, "tolerated": tolerated}
    dose["at" if "T" in when else "on"] = when
    return dose | ({"same_session": True} if "same session" in said else {})
