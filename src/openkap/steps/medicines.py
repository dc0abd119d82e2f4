"""Medicines and allergies as living lists: started, stopped, held, restarted, put right, gone through.

Decided here: what becomes of a medicine is a row that follows the one before, with its reason; nothing
is overwritten. Only a list with nothing left to look at can be signed off as gone through with the
patient; an empty one then means that nothing is taken (docs/adr/0006-append-only.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.facts.people import lists_of
from openkap.records.models import Allergy, Medication, PatientFile, Reconciliation
from openkap.steps.correct import replace
from openkap.steps.evaluation import columns
from openkap.steps.frame import Refused, Stale, must, step, tell


@step
def note_allergy(
    *,
    by: Actor,
    at: datetime,
    file: PatientFile,
    text: str = "",
    none_known: bool = False,
    submission: UUID | None = None,
) -> Allergy:
    """Keep an allergy, or that there is none known: either way it was asked."""
    must(by, Kind.CLINICAL, Act.ADD, _of_file(file, at), at=at)
    if not none_known and not text.strip():
        raise Refused(_("Say what the allergy is to, or that none is known."), field="text")
    known = Allergy.objects.current().filter(
        patient_id=file.patient_id, organisation_id=file.organisation_id, confirmed=True, none_known=False
    )
    if none_known and known.exists():
        raise Refused(
            _("An allergy is on the list. Mark it entered in error first, if it is not one."),
            field="none_known",
        )
    row = Allergy.objects.create(
        **columns(by, at, file.organisation_id, file.patient_id, at),
        text="" if none_known else text.strip()[:300],
        none_known=none_known,
    )
    tell(by, "allergy.noted", row, at=at)
    return row


@step
def note_medicine(
    *, by: Actor, at: datetime, file: PatientFile, text: str, submission: UUID | None = None
) -> Medication:
    """Keep a medicine that the patient takes now, as they call it."""
    must(by, Kind.CLINICAL, Act.ADD, _of_file(file, at), at=at)
    if not text.strip():
        raise Refused(_("Say which medicine, with its dose if it is known."), field="text")
    row = Medication.objects.create(
        **columns(by, at, file.organisation_id, file.patient_id, at), text=text.strip()[:300]
    )
    tell(by, "medicine.noted", row, at=at)
    return row


@step
def stop_medicine(
    *, by: Actor, at: datetime, row: Medication, why: str = "", submission: UUID | None = None
) -> Medication:
    """It is no longer taken. What an import brought and is not taken ends here too."""
    if not row.active:
        raise Refused(_("This medicine was already stopped."))
    words = why.strip() or _("Stopped")
    return _change(by, at, row, words, "stopped", active=False, held=False)


@step
def hold_medicine(
    *, by: Actor, at: datetime, row: Medication, why: str = "", submission: UUID | None = None
) -> Medication:
    """It is not taken for now, and stays on the list: every rule still sees it."""
    if not row.active or row.held:
        raise Refused(_("Only a medicine that is taken can be put on hold."))
    return _change(by, at, row, why.strip() or _("On hold"), "held", active=True, held=True)


@step
def restart_medicine(
    *, by: Actor, at: datetime, row: Medication, why: str = "", submission: UUID | None = None
) -> Medication:
    """It is taken again, after a hold or a stop."""
    if row.active and not row.held:
        raise Refused(_("This medicine is on the list and taken already."))
    return _change(by, at, row, why.strip() or _("Taken again"), "restarted", active=True, held=False)


def _change(by: Actor, at: datetime, row: Medication, why: str, change: str, **so: Any) -> Medication:
    """The row that follows. Who says what became of a medicine has said that it was one."""
    changes = {**so, "change": change, "at": at, "confirmed": True}
    return replace(by, at, row, why, changes, withdrawn=False, verb=change)


@step
def end_allergy(
    *, by: Actor, at: datetime, row: Allergy, why: str, submission: UUID | None = None
) -> Allergy:
    """It is no longer so, as an allergy doctor found. It stays readable, with the reason."""
    if not row.active or row.none_known:
        raise Refused(_("This is no allergy that stands."))
    changes = {"active": False, "at": at, "confirmed": True}
    return replace(by, at, row, why, changes, withdrawn=False, verb="ended")


@step
def reconcile(
    *, by: Actor, at: datetime, file: PatientFile, seen: str | None = None, submission: UUID | None = None
) -> Reconciliation:
    """Both lists were gone through with the patient, line by line. `seen`: `Lists.seen` of the page."""
    must(by, Kind.CLINICAL, Act.ADD, _of_file(file, at), at=at)
    lists = lists_of(file.patient_id, file.organisation_id)
    if seen is not None and seen != lists.seen:
        raise Stale(_("A list changed after you opened the page. Look at it again with the patient."))
    if lists.waiting:
        raise Refused(
            ngettext(
                "%(n)s line from an import waits. Say whether it is so, then go through the lists.",
                "%(n)s lines from an import wait. Say whether they are so, then go through the lists.",
                lists.waiting,
            )
            % {"n": lists.waiting}
        )
    if lists.allergies is None:
        raise Refused(_("Allergies were not asked. Add one, or say that none is known."))
    row = Reconciliation.objects.create(
        **columns(by, at, file.organisation_id, file.patient_id, at),
        medicines=list(lists.medications or ()),
        allergies=list(lists.allergies),
    )
    tell(by, "lists.gone_through", row, at=at)
    return row


def _of_file(file: PatientFile, at: datetime) -> Subject:
    return Subject(Kind.CLINICAL, file.organisation_id, file.patient_id, at=at)
