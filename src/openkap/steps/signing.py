"""A medical director signs the rules of one route, or withdraws that.

Decided here: what is signed is a fingerprint of every number and word of the route's rules, as they stood
on the page; a page made from older rules signs nothing. It takes a person who showed a second factor, and
words of their own. Both acts are rows that are added; the newest counts (docs/adr/0021-gate.md).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.protocols.route_set import route_set
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.facts.law import rules_at
from openkap.records.facts.signing import signed_of
from openkap.records.models import Organisation, RouteSigning
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.room import a_person


@step
def sign_route_set(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    route: str,
    fingerprint: str,
    words: str,
    submission: UUID | None = None,
) -> RouteSigning:
    """Sign the rules of `route` as they stand; `fingerprint` is that of the page. Raises Refused or Stale."""
    _may_sign(by, organisation, words, at=at)
    now = route_set(route, rules_at(organisation.id, at))
    if fingerprint != now.fingerprint:
        raise Stale(_("The rules changed since you opened this page. Look at them again, then decide."))
    if signed_of(organisation.id, route).stands:
        raise Refused(_("These very rules are signed already. Nothing has changed since."))
    row = RouteSigning.objects.create(
        **Authored.authored(by),
        organisation=organisation,
        route=now.route,
        act=RouteSigning.Act.SIGNED,
        ruleset=now.ruleset,
        fingerprint=now.fingerprint,
        numbers=dict(now.lines),
        words=words.strip()[:500],
        at=at,
    )
    tell(by, "rules.signed", row, at=at)
    return row


@step
def withdraw_route_set(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    route: str,
    words: str,
    submission: UUID | None = None,
) -> RouteSigning:
    """From now on nothing is ordered by this route here. What was given stays as it was."""
    _may_sign(by, organisation, words, at=at)
    signed = signed_of(organisation.id, route)
    if signed.row is None or signed.state == "withdrawn":
        raise Refused(_("There is no signature on this route's rules to withdraw."))
    row = RouteSigning.objects.create(
        **Authored.authored(by),
        organisation=organisation,
        route=signed.route,
        act=RouteSigning.Act.WITHDRAWN,
        ruleset=signed.row.ruleset,
        fingerprint=signed.row.fingerprint,
        words=words.strip()[:500],
        at=at,
    )
    tell(by, "rules.withdrawn", row, at=at)
    return row


def _may_sign(by: Actor, organisation: Organisation, words: str, *, at: datetime) -> None:
    must(by, Kind.RULES, Act.SIGN, Subject(Kind.RULES, organisation.id), at=at)
    a_person(by)
    if not by.strong:
        raise Refused(_("This needs your second factor. Sign in with it, then sign here."))
    if not words.strip():
        raise Refused(
            _("Say in your own words what you looked at. It stays with the signature."), field="words"
        )
