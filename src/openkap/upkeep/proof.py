"""What is asked of a restored site before anyone believes in its backup. Runs inside the throwaway place.

Decided here (docs/adr/0031-operations.md): each question is answered by the code that a real site runs. A key
is proved by opening something with it; where nothing was sealed yet, that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from openkap.door.who import BEGAN, HAT, PERSON, SEEN, STRONG
from openkap.permits import Role
from openkap.reads.upkeep import free_bytes
from openkap.records.chain import first_faults
from openkap.records.facts.journal import words_of
from openkap.records.guards import missing
from openkap.records.models import ChainLink, JournalEntry, Membership
from openkap.records.process_store import fault
from openkap.steps.chain import read_heads
from openkap.upkeep.pending import Pending

WRITTEN_AFTER = ("records_upkeep", "records_event", "records_chainlink", "records_task", "django_migrations")


def prove(folder: Path, note: Pending) -> Iterator[str]:
    """One line a question: "proved: …" or "failed: …"."""
    questions: tuple[tuple[str, Callable[[], str]], ...] = (
        ("every table holds what the manifest says", lambda: _counts(note.counts)),
        ("the trail is whole", lambda: _trail(folder, note)),
        ("nothing that was only added can be changed", lambda: ", ".join(missing())),
        ("second factors open", _second_factors),
        ("journals open", _journals),
        ("process notes open", lambda: fault(real=False)),
        ("pages open", _pages),
    )
    for what, ask in questions:
        wrong = ask()
        yield f"failed: {what}: {wrong}" if wrong else f"proved: {what}"
    yield f"proved: {free_bytes() // 1_000_000} MB were free afterwards"


def _counts(counts: dict[str, int]) -> str:
    """Blank where all agree. What the restore itself tells is more, never less."""
    with connection.cursor() as cursor:
        for table, wanted in counts.items():
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 names of the manifest, quoted
            (found,) = cursor.fetchone()
            grown = table.startswith(("auth_permission", "django_content_type")) or table in WRITTEN_AFTER
            if found != wanted and not (grown and found > wanted):
                return f"{table} has {found} rows, not {wanted}"
    return ""


def _trail(folder: Path, note: Pending) -> str:
    links = ChainLink.objects.select_related("event").order_by("chain", "place").iterator(chunk_size=500)
    faults = [fault.says for fault in first_faults(links, read_heads(folder))]
    for chain, end in note.ends.items():
        if not ChainLink.objects.filter(chain=chain, place=end["place"], hash=end["hash"]).exists():
            faults.append(f"The chain {chain or 'of the site'} does not pass where the manifest says.")
    return " ".join(faults[:3])


def _second_factors() -> str:
    for row in Authenticator.objects.filter(type=Authenticator.Type.TOTP)[:1]:
        try:
            get_adapter().decrypt(row.data["secret"])
        except Exception as error:  # noqa: BLE001 whatever it is, the key does not open it
            return type(error).__name__
    return ""


def _journals() -> str:
    for entry in JournalEntry.objects.order_by("-id")[:1]:
        if words_of(entry) is None:
            return "the journal's key is not the one it was sealed with"
    return ""


def _pages() -> str:
    """The front page and the site's health as a stranger; the first page of a clinician as one of them."""
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]}, raise_request_exception=False)
    for path in ("/health/ready", "/sign-in/", *_own_page(client)):
        answer: Any = client.get(path, secure=bool(settings.SESSION_COOKIE_SECURE))
        if answer.status_code != 200:
            return f"{path} answers {answer.status_code}"
    return ""


def _own_page(client: Client) -> list[str]:
    at = timezone.now()
    held = Membership.objects.filter(Membership.in_force(at))
    member = held.filter(role__in=[Role.PRESCRIBER, Role.THERAPIST, Role.MEDICAL_DIRECTOR]).first()
    if member is None:
        return []
    session = client.session
    session.update({PERSON: str(member.person_id), HAT: str(member.organisation_id), STRONG: True})
    session.update({SEEN: at.isoformat(), BEGAN: at.isoformat()})
    session.save()
    return ["/my-work/"]
