"""What each route is ordered by, prepared from and given as, in the stages of a course."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openkap.permits import Actor
from openkap.records.facts.signing import signed_of
from openkap.records.models import Organisation
from openkap.steps.signing import sign_route_set

D = Decimal


@dataclass(frozen=True)
class Given:
    """An everyday dose by one route for someone of 70 kg. `rest`: minutes from one part to the next."""

    wanted: dict[str, Any]
    hand: dict[str, Any]
    words: str = ""
    part: dict[str, Any] = field(default_factory=dict)
    parts: int = 1
    rest: int = 0
    stays: int = 125
    said: str = ""

    @property
    def label(self) -> str:
        return str(self.hand.get("label", ""))


ROUTES: dict[str, Given] = {
    "iv": Given(
        {"mg_per_kg": D("0.5"), "duration_min": 40, "concentration_mg_per_ml": D(50)},
        {"concentration_mg_per_ml": D(50), "ml": D("0.70")},
        stays=65,
        said="35 mg over 40 minutes. Calm, some tears near the end. Steady when leaving.",
    ),
    "im": Given(
        {"mg_per_kg": D("0.5"), "concentration_mg_per_ml": D(50)},
        {"concentration_mg_per_ml": D(50), "ml": D("0.70")},
        part={"site": "left_deltoid"},
        said="35 mg into the left shoulder. Quiet for half an hour, then talking. Steady when leaving.",
    ),
    "sublingual": Given(
        {"mg": D(200), "unit_mg": D(100), "hold_min": 10, "after_hold": "spat"},
        {"unit_mg": D(100), "units": 2},
        said="200 mg under the tongue, held for 10 minutes and spat out. Talked all through.",
    ),
    "oral": Given(
        {"mg": D(150), "unit_mg": D(50)},
        {"unit_mg": D(50), "units": 3},
        said="150 mg by mouth. Slow to come and slow to go. Steady when leaving.",
    ),
    "nasal_racemic": Given(
        {"mg": D(40), "concentration_mg_per_ml": D(100), "unit_mg": D(10)},
        {
            "concentration_mg_per_ml": D(100),
            "unit_mg": D(10),
            "units": 4,
            "label": "Ketamine nasal spray, compounded",
        },
        words="The alert was read and talked over. No other route is wanted.",
        said="40 mg racemic ketamine by nose. A light dose. Steady when leaving.",
    ),
    "esketamine": Given(
        {"mg": D(56), "indication": "trd"},
        {"units": 2, "label": "Spravato 28 mg"},
        parts=2,
        rest=5,
        said="56 mg esketamine. Floating for an hour, clear after 90 minutes.",
    ),
}


def protocol_of(route: str) -> str:
    """The way of care these stages take by this route, where none is named."""
    return "esketamine" if route == "esketamine" else f"blended_{route}"


def sign_route(director: Actor, organisation: Organisation, route: str, at: Any) -> None:
    """The medical director signs the route's rules, unless they are signed as they stand."""
    signed = signed_of(organisation.id, route)
    if not signed.stands:
        sign_route_set(
            by=director,
            at=at,
            organisation=organisation,
            route=route,
            fingerprint=signed.now.fingerprint,
            words="Read row by row.",
        )
