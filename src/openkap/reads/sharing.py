"""Who sees what of a patient's record: grants in force, what crossed under them, whom one could choose.

Decided here: the words for the scopes are those of the sharing page and of the therapist's page alike.
What crossed is shown whatever became of the grant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.permits import Role, Scope
from openkap.permits.roles import GRANT_SCOPES
from openkap.records.facts.clock import hour, moment
from openkap.records.models import Credential, Disclosure, Grant, Membership
from openkap.records.scoped import scoped

# In the order of the sharing page. The keys are those of `permits.roles`.
SCOPE_WORDS = {
    "schedule": (gettext_lazy("Dates and doses"), gettext_lazy("Sessions and the windows after doses")),
    "session_summaries": (
        gettext_lazy("How each session went"),
        gettext_lazy("What the clinic writes about a dose"),
    ),
    "preparation": (
        gettext_lazy("Preparation and small things"),
        gettext_lazy("Hopes, comfort, what touch is agreed, and what was agreed to do between sessions"),
    ),
    "measures": (gettext_lazy("Scores over time"), gettext_lazy("Answers to forms and what they add up to")),
    "safety_plan": (gettext_lazy("Safety plan"), gettext_lazy("The six steps for a hard hour")),
}
PAGE_WORDS = {
    "around": gettext_lazy("looked at the page around a dose"),
    "way": gettext_lazy("looked at your way of care"),
    "practice": gettext_lazy("opened your page"),
    "window": gettext_lazy("looked at your window"),
    "summary": gettext_lazy("read how a session went"),
    "measures": gettext_lazy("read your scores"),
    "answers": gettext_lazy("read your answers"),
    "preparation": gettext_lazy("read what you prepared"),
    "proposal": gettext_lazy("looked at a proposed time"),
    "chart": gettext_lazy("opened your record"),
    "safety_plan": gettext_lazy("read your safety plan"),
}
RECENT = 5


@dataclass(frozen=True, slots=True)
class Switch:
    """One thing that is or is not shared."""

    key: str
    name: str
    note: str
    on: bool
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """One line of what crossed."""

    words: str
    when: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A grant as its page shows it. `person` is whoever sees; `until` is when it ends or ended.

    `to` is the receiver's key, as in `Receiver`.
    """

    id: UUID
    to: str
    person: str
    practice: str
    keeper: str
    purpose: str
    until: datetime
    since: datetime
    from_start: bool
    stopped_at: datetime | None
    rows: tuple[Switch, ...]
    looked: tuple[Looked, ...]
    looked_total: int


@dataclass(frozen=True, slots=True)
class Sharing:
    """Everything a person shares now, and what they stopped. Newest first."""

    now: tuple[Shared, ...]
    stopped: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Someone one could share with: `key` is "organisation" or "organisation:person"."""

    key: str
    name: str
    practice: str


def sharing_of(scope: Scope, patient: UUID, at: datetime, zone: ZoneInfo) -> Sharing:
    """What this patient shares and shared, as far as `scope` sees. Two queries."""
    grants = list(
        scoped(Grant.objects.filter(patient_id=patient), scope)
        .select_related("to_person", "to_organisation", "organisation")
        .order_by("-made_at", "-id")
    )
    crossed = list(scoped(Disclosure.objects.filter(patient_id=patient), scope).order_by("-at"))
    standing = [grant for grant in grants if grant.revoked_at is None and grant.until > at]
    receivers = {_receiver(grant) for grant in standing}
    # A grant that another follows for the same receiver is part of that one's story.
    ended, seen = [], set(receivers)
    for grant in grants:
        if grant not in standing and _receiver(grant) not in seen:
            seen.add(_receiver(grant))
            ended.append(grant)
    by_grant = {grant.id: _receiver(grant) for grant in grants}
    return Sharing(
        tuple(_shared(grant, crossed, by_grant, at, zone) for grant in standing),
        tuple(_shared(grant, crossed, by_grant, at, zone) for grant in ended),
    )


def receivers(at: datetime, *, but: Iterable[UUID], patient: UUID) -> tuple[Receiver, ...]:
    """The practices of this site and who treats there, without those that keep the record. One query.

    Whoever wrote their own name and license when they were invited, and was not looked at since, is offered
    to the patients who shared with them already, and to nobody else: anyone may be invited by anyone.
    """
    here = {"person_id": OuterRef("person_id"), "organisation_id": OuterRef("organisation_id")}
    licenses = Credential.objects.filter(**here, kind="license")
    own_word, valid = licenses.filter(written_by=None), licenses.current(at).found_valid(at)
    known = Grant.objects.filter(patient_id=patient, to_organisation_id=OuterRef("organisation_id"))
    treating = (
        Membership.objects.filter(Membership.in_force(at), role__in=(Role.THERAPIST.value,))
        .exclude(organisation_id__in=list(but))
        .filter(~Exists(own_word) | Exists(valid) | Exists(known))
        .select_related("person", "organisation")
        .order_by("organisation__name", "person__family_name", "person__given_name")
    )
    people = [
        Receiver(f"{m.organisation_id}:{m.person_id}", _titled(m.person), m.organisation.name)
        for m in treating
    ]
    practices = {
        str(m.organisation_id): Receiver(
            str(m.organisation_id),
            _("Anyone who treats you at %(p)s") % {"p": m.organisation.name},
            m.organisation.name,
        )
        for m in treating
    }
    return (*people, *practices.values())


def switches(on: Iterable[str]) -> tuple[Switch, ...]:
    """One switch for each scope there is."""
    chosen = frozenset(on)
    return tuple(
        Switch(key, str(name), str(note), key in chosen)
        for key, (name, note) in SCOPE_WORDS.items()
        if key in GRANT_SCOPES
    )


def _shared(
    grant: Grant, crossed: list[Disclosure], by_grant: Mapping[UUID, object], at: datetime, zone: ZoneInfo
) -> Shared:
    mine = [line for line in crossed if by_grant.get(line.grant_id) == _receiver(grant)]
    return Shared(
        id=grant.id,
        to=f"{grant.to_organisation_id}:{grant.to_person_id}"
        if grant.to_person_id
        else str(grant.to_organisation_id),
        person=_called(grant),
        practice=grant.to_organisation.name,
        keeper=grant.organisation.name,
        purpose=grant.purpose.rstrip(".") + ".",
        until=grant.until.astimezone(zone),
        since=grant.made_at.astimezone(zone),
        from_start=grant.from_start,
        stopped_at=None
        if grant.revoked_at is None and grant.until > at
        else (grant.revoked_at or grant.until).astimezone(zone),
        rows=switches(grant.scopes),
        looked=tuple(_looked(line, at, zone) for line in mine[:RECENT]),
        looked_total=len(mine),
    )


def _looked(line: Disclosure, at: datetime, zone: ZoneInfo) -> Looked:
    said = PAGE_WORDS.get(line.what, _("opened your record"))
    today = line.at.astimezone(zone).date() == at.astimezone(zone).date()
    when = _("Today, %(t)s") % {"t": hour(line.at, zone)} if today else moment(line.at, zone)
    return Looked(f"{line.by_name} {said}", when)


def _receiver(grant: Grant) -> tuple[UUID, UUID, UUID | None]:
    return (grant.organisation_id, grant.to_organisation_id, grant.to_person_id)


def _called(grant: Grant) -> str:
    """Whom the page speaks of: the first name they go by, or the practice."""
    person = grant.to_person
    return (person.chosen_name or person.given_name) if person else grant.to_organisation.name


def _titled(person: object) -> str:
    name, title = str(person), getattr(person, "title", "")
    return f"{title} {name}" if title == "Dr" else ", ".join(filter(None, (name, title)))
