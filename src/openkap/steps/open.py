"""Opening a person's record. Reading is an act too: who, whose, which page, when.

Decided here: every page about one patient tells the trail once per opening; where the opening rests
on a patient's grant, what crossed is kept as a disclosure for both sides (docs/adr/0007-trail.md).
A form that comes back and a page that refreshes itself are no new openings, but only where the page was
opened before: saying "this is a refresh" is no way to read a record unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from openkap.permits import Actor, Kind, Subject, Yes
from openkap.records.base import Authored
from openkap.records.models import Disclosure, Event, Grant
from openkap.steps.frame import HasSubject, must_see, step, tell

# A page that stays open says nothing new for this long; after that its next refresh is told again.
STAYS_OPEN = timedelta(hours=12)


# What is opened, as which page, and the kind of fact it shows.
Opened = tuple[HasSubject, str, Kind]


@step
def open_record(*, by: Actor, at: datetime, about: HasSubject, page: str, kind: Kind = Kind.IDENTITY) -> None:
    """Tell the trail that `by` opened `page` of this patient; refuse where they may not."""
    _open(by, at, must_see(by, [(kind, about)], at=at), [page])


@step
def open_records(*, by: Actor, at: datetime, opened: Sequence[Opened]) -> None:
    """The same for a page that shows several things: each is told, and all of them or none."""
    answered = must_see(by, [(kind, about) for about, _page, kind in opened], at=at)
    _open(by, at, answered, [page for _about, page, _kind in opened])


def _open(by: Actor, at: datetime, answered: Sequence[tuple[Subject, Yes]], pages: Sequence[str]) -> None:
    for (subject, _yes), page in zip(answered, pages, strict=True):
        tell(
            by,
            f"opened.{page}",
            None,
            at=at,
            organisation=subject.keeper,
            patient=subject.patient,
            session=subject.session,
            outcome=Event.Outcome.OPENED,
        )
    lent = [
        (yes.grant, page) for (_s, yes), page in zip(answered, pages, strict=True) if yes.grant is not None
    ]
    if not lent:
        return
    grants = Grant.objects.in_bulk([grant for grant, _page in lent])
    Disclosure.objects.bulk_create(
        Disclosure(
            **Authored.authored(by),
            grant=grants[grant],
            patient_id=grants[grant].patient_id,
            organisation_id=grants[grant].organisation_id,
            to_organisation_id=grants[grant].to_organisation_id,
            what=page,
            at=at,
        )
        for grant, page in lent
    )


def open_again(*, by: Actor, at: datetime, about: HasSubject, page: str, kind: Kind = Kind.IDENTITY) -> None:
    """For a refresh, or a form sent back: tells the opening where this page was not opened lately."""
    subject = about.as_subject()
    told = _told_lately(by, at, page).filter(patient=subject.patient, organisation=subject.keeper)
    if not told.exists():
        open_record(by=by, at=at, about=about, page=page, kind=kind)


def opened_lately(*, by: Actor, at: datetime, page: str) -> frozenset[UUID]:
    """The patients whose `page` this actor has opened within `STAYS_OPEN`: one question for a whole list."""
    told = _told_lately(by, at, page).exclude(patient_id=None)
    return frozenset(told.values_list("patient_id", flat=True).distinct().order_by())


def _told_lately(by: Actor, at: datetime, page: str) -> QuerySet[Event]:
    return Event.objects.filter(
        verb=f"opened.{page}",
        outcome=Event.Outcome.OPENED,
        by_person_id=by.person,
        by_name=by.name,
        by_organisation_id=by.organisation,
        at__gt=at - STAYS_OPEN,
    )
