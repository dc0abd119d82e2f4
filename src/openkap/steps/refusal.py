"""A row was asked for that the asker cannot see. The page says 404; the trail says who tried.

Decided here: whose patient it was is told to the trail of the organisation that keeps it, so that
its privacy officer can see tries from outside. An id that leads nowhere is told without a patient.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from openkap.permits import Actor
from openkap.records.models import Event
from openkap.steps.frame import tell


def tell_missed(*, by: Actor, at: datetime, model: type[Model], pk: str) -> None:
    """Record a try at something outside the asker's Scope."""
    try:
        row = model._base_manager.filter(pk=UUID(pk)).first()
    except ValueError:
        row = None
    subject = row.as_subject() if row is not None and hasattr(row, "as_subject") else None
    with transaction.atomic():
        tell(
            by,
            f"missed.{model._meta.model_name}",
            None,
            at=at,
            organisation=subject.keeper if subject else None,
            patient=subject.patient if subject else None,
            outcome=Event.Outcome.REFUSED,
        )
