"""What each route is ordered by, prepared from and given as, in the stages of a course."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from openkap.demonstration import doses
from openkap.medicine.protocols import Route
from openkap.permits import Actor
from openkap.records.facts.signing import signed_of
from openkap.records.models import Organisation
from openkap.steps.signing import sign_route_set


@dataclass(frozen=True, slots=True)
class Given(doses.Given):
    """What the demonstration gives someone of 70 kg, and how many minutes they stay."""

    stays: int = 125


def _given(route: Route) -> Given:
    of_demonstration = doses.given(route, 70)
    kept = {each.name: getattr(of_demonstration, each.name) for each in fields(of_demonstration)}
    if route is Route.IV:
        kept |= {
            "stays": 65,
            "said": "35 mg over 40 minutes. Calm, some tears near the end. Steady when leaving.",
        }
    return Given(**kept)


ROUTES: dict[str, Given] = {str(route): _given(route) for route in Route}


def protocol_of(route: str) -> str:
    """The way of care these stages take by this route, where none is named."""
    return "esketamine" if route == "esketamine" else f"blended_{route}"


def sign_route(director: Actor, organisation: Organisation, route: str, at: datetime) -> None:
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
