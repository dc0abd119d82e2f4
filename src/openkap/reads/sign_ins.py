"""Where someone is signed in now, for that person alone.

Decided here: a sign-in is shown while one of its sessions can still be opened; when it was last used is read
from the session itself. Nothing of anyone else's is ever shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openkap.records.models import BrowserSession, SignIn

MOST_PAST = 10


@dataclass(frozen=True, slots=True)
class SignInShown:
    """`used_at` is None where no session of it is left; `here`: the one that asks."""

    id: UUID
    device: str
    where: str
    how: str
    began_at: datetime
    used_at: datetime | None
    locked: bool
    here: bool
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignIns:
    now: tuple[SignInShown, ...]
    past: tuple[SignInShown, ...]


def sign_ins_of(person: UUID, here: UUID | None, at: datetime) -> SignIns:
    """Open ones, the latest used first, and the last that were ended. Two queries."""
    sessions = {
        row.sign_in: row.get_decoded()
        for row in BrowserSession.objects.filter(person=person, expire_date__gt=at).order_by("expire_date")
    }
    rows = SignIn.objects.filter(person_id=person).order_by("-began_at")[:200]
    shown = [_shown(row, sessions.get(row.pk), here) for row in rows]
    now = [each for each in shown if each.used_at is not None and each.ended_at is None]
    past = [each for each in shown if each not in now]
    now.sort(key=lambda each: (each.here, each.used_at), reverse=True)
    return SignIns(tuple(now), tuple(past[:MOST_PAST]))


def _shown(row: SignIn, session: dict[str, str] | None, here: UUID | None) -> SignInShown:
    seen = session.get("seen") if session is not None else None
    return SignInShown(
        id=row.pk,
        device=row.device,
        where=row.where,
        how=row.how,
        began_at=row.began_at,
        used_at=datetime.fromisoformat(seen) if seen else None,
        locked=bool(session and session.get("locked")),
        here=row.pk == here,
        ended_at=row.ended_at,
    )
