"""What is ordered, prepared and given by each route, for one person's weight.

Decided here: everyday doses inside every route's signed limits, so that nothing in a demonstration teaches a
dose. They are the same from one visit to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

D = Decimal


@dataclass(frozen=True, slots=True)
class Given:
    """What is `wanted`, what the `hand` prepares, each `part` given, `rest` minutes from one to the next."""

    wanted: dict[str, Any]
    hand: dict[str, Any]
    words: str = ""
    part: dict[str, Any] = field(default_factory=dict)
    parts: int = 1
    rest: int = 0
    said: str = ""

    @property
    def label(self) -> str:
        return str(self.hand.get("label", ""))


def given(route: str, weight: int) -> Given:
    """An everyday dose by this route for someone of so many kg."""
    mg = D(weight) / 2
    drawn = {"concentration_mg_per_ml": D(50), "ml": mg / 50}
    match route:
        case "iv":
            wanted = {"mg_per_kg": D("0.5"), "duration_min": 40, "concentration_mg_per_ml": D(50)}
            return Given(wanted, drawn, said=f"{mg.normalize():f} mg over 40 minutes. Steady when leaving.")
        case "im":
            return Given(
                {"mg_per_kg": D("0.5"), "concentration_mg_per_ml": D(50)},
                drawn,
                part={"site": "left_deltoid"},
                said=f"{mg.normalize():f} mg into the left shoulder. Quiet, then talking. Steady.",
            )
        case "sublingual":
            return Given(
                {"mg": D(200), "unit_mg": D(100), "hold_min": 10, "after_hold": "spat"},
                {"unit_mg": D(100), "units": 2},
                said="200 mg under the tongue, held for 10 minutes and spat out. Talked all through.",
            )
        case "oral":
            return Given(
                {"mg": D(150), "unit_mg": D(50)},
                {"unit_mg": D(50), "units": 3},
                said="150 mg by mouth. Slow to come and slow to go. Steady when leaving.",
            )
        case "nasal_racemic":
            return Given(
                {"mg": D(40), "concentration_mg_per_ml": D(100), "unit_mg": D(10)},
                {
                    "concentration_mg_per_ml": D(100),
                    "unit_mg": D(10),
                    "units": 4,
                    "label": "Ketamine nasal spray, compounded",
                },
                words="The alert was read and talked over. No other route is wanted.",
                said="40 mg racemic ketamine by nose. A light dose. Steady when leaving.",
            )
    return Given(
        {"mg": D(56), "indication": "trd"},
        {"units": 2, "label": "Spravato 28 mg"},
        parts=2,
        rest=5,
        said="56 mg esketamine. Floating for an hour, clear after 90 minutes.",
    )
