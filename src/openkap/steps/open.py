"""Opening a person's record. Reading is an act too: who, whose, which page, when.

Decided here: every page about one patient tells the trail once per opening; where the opening rests
on a patient's grant, what crossed is kept as a disclosure for both sides (docs/adr/0007-trail.md).
"""

from __future__ import annotations

from datetime import datetime

from openkap.permits import Act, Actor, Kind
from openkap.records.base import Authored
from openkap.records.models import Disclosure, Event, Grant
from openkap.steps.frame import HasSubject, must, step, tell


@step
def open_record(*, by: Actor, at: datetime, about: HasSubject, page: str, kind: Kind = Kind.IDENTITY) -> None:
    """Tell the trail that `by` opened `page` of this patient; refuse where they may not."""
    yes = must(by, kind, Act.SEE, about, at=at)
    subject = about.as_subject()
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
    if yes.grant is not None:
        grant = Grant.objects.get(id=yes.grant)
        Disclosure.objects.create(
            **Authored.authored(by),
            grant=grant,
            patient_id=grant.patient_id,
            organisation_id=grant.organisation_id,
            to_organisation_id=grant.to_organisation_id,
            what=page,
            at=at,
        )
