"""The one question: may this Scope do that to this thing? Yes, or a sentence why not.

Decided here: denied unless a reach says yes. The sentence names what is missing and never the
person it is about: a foreign patient is not refused, it is not there (pages answer 404).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openkap.permits.need import Need
from openkap.permits.scope import Scope, Subject


@dataclass(frozen=True, slots=True)
class Yes:
    """Allowed; `grant` names the patient's consent where the answer rests on one."""

    grant: UUID | None = None

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class No:
    """Not allowed, and why, for the person who asked."""

    because: str

    def __bool__(self) -> bool:
        return False


def decide(scope: Scope, need: Need, subject: Subject) -> Yes | No:
    """Own reach first, so that a grant is only named where it was needed."""
    covering = [reach for reach in scope.reaches if reach.covers(need, subject)]
    if not covering:
        return No(_why_not(scope, need))
    return Yes(grant=None if any(r.grant is None for r in covering) else covering[0].grant)


def _why_not(scope: Scope, need: Need) -> str:
    if scope.allowing(need):
        return f"Your role may {need.act} this kind of fact ({need.kind}), but not this one."
    return f"Your role here does not include this: {need.act} {need.kind}."
