"""A practice publishes its own words for what is known, and takes them back.

Decided here: the medical director answers for a claim. One without a source is refused, and so is a promise
that nobody may make, with the words that make it and the reason. A card is another version or none: the same
words again stay the version they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.evidence import LANGUAGES
from openkap.medicine.protocols.routes import Route
from openkap.medicine.sources import NO_AUTHORITY, bibliography
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.models import EvidenceCard, Organisation
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.promised import refuse_promises
from openkap.steps.room import a_person

CLAIM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# What a card says, and how long each part may be.
WORDS = {"asks": 200, "patient": 1200, "staff": 2000, "strength": 300, "not_said": 600}


@step
def publish_card(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    claim: str,
    language: str,
    asks: str,
    patient: str,
    staff: str,
    strength: str,
    not_said: str,
    sources: Sequence[str],
    routes: Sequence[str] = (),
    version: int | None = None,
    submission: UUID | None = None,
) -> EvidenceCard:
    """Publish the next version of a claim in one language.

    `sources` are keys of the bibliography; `version` is the one that was on the page, 0 for none. Raises
    Refused for a claim without a source, a missing part or a promise; Stale where another was first.
    """
    latest = _latest(by, organisation, claim, language, version, at)
    said = {"asks": asks, "patient": patient, "staff": staff, "strength": strength, "not_said": not_said}
    said = {name: text.strip().replace("\r\n", "\n") for name, text in said.items()}
    keys = tuple(dict.fromkeys(key.strip() for key in sources if key.strip()))
    _refuse(said, keys, routes)
    refuse_promises(said)
    content = {**said, "sources": list(keys), "routes": sorted(routes)}
    if (
        latest is not None
        and not latest.withdrawn
        and all(getattr(latest, k) == v for k, v in content.items())
    ):
        return latest
    row = EvidenceCard.objects.create(
        **Authored.authored(by),
        organisation=organisation,
        claim=claim,
        language=language,
        version=latest.version + 1 if latest is not None else 1,
        at=at,
        **content,
    )
    tell(by, "evidence.published", row, at=at)
    return row


@step
def withdraw_card(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    claim: str,
    language: str,
    reason: str,
    version: int | None = None,
    submission: UUID | None = None,
) -> EvidenceCard:
    """Take a card back: the library's words stand again, where it has any. Raises Refused, Stale."""
    latest = _latest(by, organisation, claim, language, version, at)
    if latest is None or latest.withdrawn:
        raise Stale(_("There is no card of yours to withdraw here. Look at the page again."))
    if not reason.strip():
        raise Refused(_("Say why. Staff read it next to the card."), field="reason")
    row = EvidenceCard.objects.create(
        **Authored.authored(by),
        organisation=organisation,
        claim=claim,
        language=language,
        version=latest.version + 1,
        withdrawn=True,
        reason=reason.strip()[:500],
        at=at,
    )
    tell(by, "evidence.withdrawn", row, at=at)
    return row


def _latest(
    by: Actor, organisation: Organisation, claim: str, language: str, version: int | None, at: datetime
) -> EvidenceCard | None:
    """The newest version of this claim, held so that of two hands one is first."""
    must(by, Kind.RULES, Act.SIGN, Subject(Kind.RULES, organisation.id), at=at)
    a_person(by)
    if not CLAIM.fullmatch(claim) or len(claim) > 40:
        raise Refused(
            _("Name the claim with small letters, digits and hyphens, as in how-long."), field="claim"
        )
    if language not in LANGUAGES:
        raise Refused(_("A card is in English or in Spanish."), field="language")
    Organisation.objects.select_for_update().only("id").get(pk=organisation.pk)
    rows = EvidenceCard.objects.filter(organisation=organisation, claim=claim, language=language)
    latest = rows.order_by("-version").first()
    if version is not None and version != (latest.version if latest is not None else 0):
        raise Stale(_("Someone changed this card since you opened it. Look at it again, then decide."))
    return latest


def _refuse(said: dict[str, str], keys: tuple[str, ...], routes: Sequence[str]) -> None:
    """Everything that is missing or too long, said at once, each under its field."""
    each = {}
    for name, text in said.items():
        if not text:
            each[name] = _("A card needs this part.")
        elif len(text) > WORDS[name]:
            each[name] = _("This is %(n)s characters long; %(most)s fit here.") % {
                "n": len(text),
                "most": WORDS[name],
            }
    if because := _no_source(keys):
        each["sources"] = because
    if set(routes) - {str(route) for route in Route}:
        each["routes"] = _("Choose from the list.")
    if each:
        raise Refused(next(iter(each.values())), each=each)


def _no_source(keys: tuple[str, ...]) -> str:
    known = bibliography()
    if unknown := [key for key in keys if key not in known]:
        return _("Not published. No source has the key %(key)s.") % {"key": ", ".join(unknown)}
    if not [key for key in keys if known[key].kind != NO_AUTHORITY]:
        return _("Not published. A claim without a source cannot be shown. Pick a source that says it.")
    return ""
