"""What stands between a practice and its first real patient, told live from what is recorded.

Decided here: a list of facts and no ticks: a line is open until the thing itself is so, and opens again when
it is no longer so. It refuses nothing; the gate before a dose does (docs/adr/0021-gate.md). The same list is
printed at the end of `openkap setup` (docs/adr/0030-a-real-site.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.protocols.routes import Route
from openkap.medicine.verdict import Level
from openkap.permits import Role, Scope
from openkap.reads.before_care_staff import Staff, papers_asked, waiting_for_a_look
from openkap.reads.serving import address_to_bind, certificate_ends_at, is_loopback
from openkap.reads.upkeep import last_backup
from openkap.records.facts.law import law_of
from openkap.records.facts.on_call import uncovered
from openkap.records.facts.signing import state_of
from openkap.records.models import (
    Course,
    DocumentVersion,
    Event,
    Membership,
    Organisation,
    Room,
    RouteSigning,
    Upkeep,
)
from openkap.records.scoped import scoped

WEEK = timedelta(days=7)
CERTIFICATE_ENDS_SOON = timedelta(days=21)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing. `state`: done, open (care must wait) or advice. `address` names the page to mend it on."""

    key: str
    state: str
    name: str
    note: str
    address: str = ""
    kwargs: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        """The page's address on this site; blank where it is mended elsewhere."""
        return reverse(self.address, kwargs=dict(self.kwargs)) if self.address else ""


@dataclass(frozen=True, slots=True)
class BeforeCare:
    lines: tuple[Line, ...]

    @property
    def open(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state == "open")

    @property
    def advice(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state == "advice")

    @property
    def nothing_open(self) -> bool:
        return not self.open


def nobody_treated_yet(organisation: UUID | None) -> bool:
    """Whether no course was ever opened here: a practice that begins. One query."""
    return organisation is not None and not Course.objects.filter(organisation=organisation).exists()


def before_care_of(scope: Scope, organisation: Organisation, at: datetime) -> BeforeCare:
    """Every line for this practice, within a Scope that may see its staff. About fifteen queries."""
    staff = _staff(scope, organisation, at)
    gives = organisation.what in (Organisation.What.CLINIC, Organisation.What.BOTH)
    treats = organisation.what in (Organisation.What.THERAPY, Organisation.What.BOTH)
    lines = [*_administrators(staff), *_factors(staff, at)]
    waits = waiting_for_a_look(organisation)
    if gives:
        routes, signed = _routes(organisation)
        lines += [*_medical(staff, waits), *_papers(staff, organisation, signed, at)]
        lines += [*routes, _rooms(organisation), *_witness(organisation)]
    if treats:
        lines.append(_role(staff, waits, Role.THERAPIST, _("A therapist works here")))
    lines += [_on_call(organisation, at), _phone(organisation), _mail(organisation), _sealed(at)]
    lines += [_backup(at), _keys()]
    return BeforeCare(tuple(lines))


def _staff(scope: Scope, organisation: Organisation, at: datetime) -> Staff:
    rows = scoped(Membership.objects.filter(Membership.in_force(at), organisation=organisation), scope)
    found: dict[UUID, tuple[str, frozenset[Role]]] = {}
    for row in rows.select_related("person").order_by("person__family_name"):
        name, roles = found.get(row.person_id, (row.person.name, frozenset()))
        found[row.person_id] = (name, roles | {Role(row.role)})
    return found


def _holding(staff: Staff, *roles: Role) -> list[str]:
    return [name for name, held in staff.values() if held & set(roles)]


def _administrators(staff: Staff) -> list[Line]:
    found = _holding(staff, Role.ADMINISTRATOR)
    state = "done" if len(found) > 1 else "advice" if found else "open"
    note = (
        ", ".join(found)
        if len(found) > 1
        else _("If the only administrator loses their phone, nobody can let them back in.")
    )
    return [Line("administrators", state, _("Two administrators"), note, "lead-staff")]


def _factors(staff: Staff, at: datetime) -> list[Line]:
    safe = set(
        Authenticator.objects.filter(user__person__in=list(staff), type__in=FACTORS).values_list(
            "user__person", flat=True
        )
    )
    without = [name for person, (name, _roles) in staff.items() if person not in safe]
    if not without:
        return [Line("factors", "done", _("Everyone has a second factor"), "", "lead-staff")]
    note = _("Not yet: %(names)s. It is asked of them at their next sign-in.") % {"names": ", ".join(without)}
    return [Line("factors", "advice", _("Everyone has a second factor"), note, "lead-staff")]


def _medical(staff: Staff, waits: Mapping[str, list[str]]) -> list[Line]:
    two = _holding(staff, Role.PRESCRIBER, Role.MONITOR)
    return [
        _role(staff, waits, Role.MEDICAL_DIRECTOR, _("A medical director is named")),
        _role(staff, waits, Role.PRESCRIBER, _("A prescriber works here")),
        _role(staff, waits, Role.MONITOR, _("Someone watches during a dose")),
        Line(
            "two",
            "done" if len(two) > 1 else "open",
            _("Two people, so that one checks what the other ordered or drew"),
            ", ".join(two) or _("Nobody yet."),
            "lead-staff",
        ),
    ]


def _role(staff: Staff, waits: Mapping[str, list[str]], role: Role, name: str) -> Line:
    found, lacking = _holding(staff, role), _("Nobody yet. Invite them.")
    if asked := waits.get(role.value):
        lacking = _("%(names)s: a colleague who keeps the staff has to look at the license first.") % {
            "names": ", ".join(asked)
        }
    return Line(
        role.value,
        "done" if found else "open",
        name,
        ", ".join(found) or lacking,
        "lead-staff",
    )


def _papers(staff: Staff, organisation: Organisation, signed: list[Route], at: datetime) -> list[Line]:
    """What the gate will ask of those who order and watch. Until a route is signed, for every route."""
    states = {Level.CLEAR: "done", Level.CAUTION: "advice"}
    return [
        Line(one.rule, states.get(one.level, "open"), _(one.title), _(one.says), "lead-standing")
        for one in papers_asked(staff, organisation, [each.value for each in signed or Route], at)
    ]


def _routes(organisation: Organisation) -> tuple[list[Line], list[Route]]:
    """At least one route is signed, and each signed one has a consent document to read; and which these are.

    That a route is signed is told to whoever keeps the staff; what stands in its rules is not.
    """
    rows = RouteSigning.objects.filter(organisation=organisation).order_by("at", "id")
    newest, law = {row.route: row for row in rows}, law_of(organisation.id)
    routes = [state_of(route.value, newest.get(route.value), law) for route in Route]
    signed = [row for row in routes if row.stands]
    changed = [row for row in routes if row.state == "changed"]
    note = ", ".join(Route(row.route).words for row in signed) or _(
        "None yet. The medical director reads and signs."
    )
    lines = [
        Line(
            "routes",
            "done" if signed else "open",
            _("The rules of a route are signed"),
            note,
            "lead-rules",
        )
    ]
    lines += [
        Line(
            f"route-{row.route}",
            "open",
            _("The rules changed since they were signed: %(route)s") % {"route": Route(row.route).words},
            _("Nothing is ordered by it until they are signed as they are now."),
            "lead-route",
            (("route", str(row.route)),),
        )
        for row in changed
    ]
    found = [Route(row.route) for row in signed]
    return [*lines, _consent(organisation, found)], found


def _consent(organisation: Organisation, signed: list[Route]) -> Line:
    name = _("A consent document for each signed route")
    published = set(
        DocumentVersion.objects.filter(organisation=organisation).values_list("document", flat=True)
    )
    lacking = [route.value for route in signed if f"consent.{route.value}" not in published]
    if not signed:
        return Line("consent", "open", name, _("No route is signed yet."), "lead-consent")
    if lacking:
        note = _("Not yet for: %(routes)s.") % {"routes": ", ".join(lacking)}
        return Line("consent", "open", name, note, "lead-consent")
    return Line("consent", "done", name, "", "lead-consent")


def _witness(organisation: Organisation) -> list[Line]:
    """Only where the practice asks for one: nobody signs without."""
    if not organisation.consent_witness:
        return []
    note = _("Whoever goes through the text with the patient names the witness. Nobody signs before that.")
    return [Line("witness", "done", _("A witness at each consent"), note, "lead-practice")]


def _rooms(organisation: Organisation) -> Line:
    found = list(Room.objects.filter(organisation=organisation).values_list("name", flat=True))
    return Line(
        "rooms",
        "done" if found else "open",
        _("A room for doses"),
        ", ".join(found) or _("None yet. Name it as it is written on its door."),
        "lead-practice",
    )


def _on_call(organisation: Organisation, at: datetime) -> Line:
    left = uncovered(organisation, at, at + WEEK)
    note = (
        ngettext(
            "%(n)s stretch of the next seven days is covered by nobody.",
            "%(n)s stretches of the next seven days are covered by nobody.",
            len(left),
        )
        % {"n": len(left)}
        + " "
        + _("No form that asks of safety goes out.")
        if left
        else _("Every hour of the next seven days.")
    )
    return Line(
        "on_call", "open" if left else "done", _("Someone is on call at every hour"), note, "care-on-call"
    )


def _phone(organisation: Organisation) -> Line:
    note = organisation.phone or _("Patients read it on every page for help.")
    return Line(
        "phone",
        "done" if organisation.phone else "open",
        _("A number that patients can call"),
        note,
        "lead-practice",
    )


def _mail(organisation: Organisation) -> Line:
    tests = Event.objects.filter(
        organisation=organisation, verb__in=("mail.tested", "mail.test_failed")
    ).order_by("-seq")
    last = tests.first()
    name = _("Mail leaves the house")
    if settings.MAIL_SERVER is None:
        return Line(
            "mail", "open", _("Mail leaves the house"), _("No mail server is set. Run: openkap setup")
        )
    if last is None or last.verb == "mail.test_failed":
        note = _("It was not seen to work yet. Run: openkap setup")
        return Line("mail", "open", name, note)
    return Line("mail", "done", name, _("A test message was taken by the server."))


def _sealed(at: datetime) -> Line:
    name = _("What crosses the network is encrypted")
    if settings.PROXY:
        return Line("tls", "done", name, _("By the proxy in front of this site."))
    if not settings.TLS_CERT:
        if is_loopback(address_to_bind()):
            note = _("This site answers on this machine only. Others need a certificate: OPENKAP_TLS_CERT.")
            return Line("tls", "open", name, note)
        return Line("tls", "open", name, _("There is no certificate."))
    ends = certificate_ends_at()
    if ends is not None and ends - at < CERTIFICATE_ENDS_SOON:
        note = _("The certificate ends on %(day)s. Renew it.") % {"day": f"{ends:%Y-%m-%d}"}
        return Line("tls", "open" if ends <= at else "advice", name, note)
    return Line("tls", "done", name, "")


def _backup(at: datetime) -> Line:
    last = last_backup(at)
    note = last.words if last.at is not None else _("None yet. Run: openkap backup")
    wanting = last.late or last.at is None
    if not wanting and settings.BACKUP_HOUR is None:
        note = _("No further one is made by itself: OPENKAP_BACKUP_HOUR is off.")
        return Line("backup", "advice", _("A backup of the last day"), note)
    return Line("backup", "open" if wanting else "done", _("A backup of the last day"), note)


def _keys() -> Line:
    """They are in no backup: whoever restores one needs them."""
    out = Upkeep.objects.filter(what=Upkeep.What.KEYS, good=True).exists()
    note = "" if out else _("Without them a backup is of no full use. Run: openkap keys export")
    return Line("keys", "done" if out else "advice", _("The keys lie in a second place"), note)
