"""A person about whom everything is known and nothing speaks against a dose, for tables to change."""

from __future__ import annotations

import copy
import re
from typing import Any

from openkap.medicine.screening.questions import all_questions

AT = "2026-11-21T09:00:00-05:00"
DAY = "2026-11-21"
YES_NO = {"yes": True, "no": False}


def clean() -> dict[str, Any]:
    """The case that is clear on every route."""
    return {
        "at": AT,
        "route": "iv",
        "born_on": "1982-04-11",
        "childbearing_potential": False,
        "history": {q.key: False for q in all_questions() if q.group == "history"},
        "medications": ["sertraline 100 mg daily"],
        "allergies": [],
        "labs": {"alt_x_uln": 0.8, "ast_x_uln": 0.7},
        "vitals": [
            {"at": f"{DAY}T08:50:00-05:00", "sbp": 124, "dbp": 76, "hr": 70, "spo2": 98}
            | {"weight_kg": 72, "height_cm": 172}
        ],
        "scores": {"audit": 3, "dast10": 0, "asrm": 1, "cssrs_recent": "none", "phq9": 18}
        | {"stop_bang": 1, "moca": 28, "des2": 5},
        "escort": True,
        "dosing_day": True,
    }


def changed(cells: dict[str, str]) -> dict[str, Any]:
    """The clean case with the changes that a table's line names."""
    case = copy.deepcopy(clean())
    for column, cell in cells.items():
        if cell and column not in ("finding", "who may override", "told"):
            _change(case, column, cell)
    return case


def _change(case: dict[str, Any], column: str, cell: str) -> None:
    if column in case["history"]:
        _set(case["history"], column, cell)
    elif column == "blood pressure":
        case["vitals"] = [] if cell == "not known" else [_pressure(part) for part in cell.split(";")]
    elif column in ("spo2", "weight_kg", "height_cm"):
        case["vitals"][0][column] = None if cell == "not known" else float(cell)
    elif column.startswith(("labs.", "scores.")):
        group, _, key = column.partition(".")
        case[group].pop(key, None)
        if cell != "not known":
            case[group][key] = _value(cell)
    elif column in ("medications", "allergies"):
        names = [] if cell == "none" else [part.strip() for part in cell.split(";")]
        case[column] = None if cell == "not known" else names
    elif column in ("route", "born_on", "at"):
        case[column] = None if cell == "not known" else cell
    elif column in ("escort", "dosing_day", "childbearing_potential"):
        _set(case, column, cell)
    else:
        raise ValueError(f"No case has {column!r}.")


def _set(place: dict[str, Any], key: str, cell: str) -> None:
    """Yes, no, or (not asked) nothing at all."""
    place.pop(key, None)
    if cell not in ("not asked", "not known"):
        place[key] = YES_NO[cell]


def _pressure(text: str) -> dict[str, Any]:
    """ "165/100 at 08:40", "146/88" (at ten to nine) or "146/88 on 2026-11-20 at 08:59"."""
    found = re.fullmatch(r"\s*(\d+)/(\d+)(?: on (\S+))?(?: at (\d\d:\d\d))?\s*", text)
    if not found:
        raise ValueError(f"{text!r} is no blood pressure.")
    sbp, dbp, day, clock = found.groups()
    at = f"{day or DAY}T{clock or '08:50'}:00-05:00"
    return {
        "at": at,
        "sbp": int(sbp),
        "dbp": int(dbp),
        "hr": 70,
        "spo2": 98,
        "weight_kg": 72,
        "height_cm": 172,
    }


def _value(cell: str) -> Any:
    """A number, a word, or "negative on 2026-11-20"."""
    word, _, day = cell.partition(" on ")
    value: Any = float(word) if re.fullmatch(r"[\d.]+", word) else word
    return {"value": value, "at": f"{day}T08:00:00-05:00"} if day else value
