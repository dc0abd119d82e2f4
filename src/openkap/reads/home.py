"""What follows a dose, as the going-home page says it: the window, who holds integration, the call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openkap.permits import Scope
from openkap.records.compiled import Compiled
from openkap.records.facts.dose import dose_now
from openkap.records.facts.home import integration_in_window
from openkap.records.models import Discharge, Escort, Session, Task, Window
from openkap.records.scoped import scoped
from openkap.records.together import answers


@dataclass(frozen=True, slots=True)
class AfterDose:
    """Times that the page names; None where there is none yet."""

    ended_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    integration_at: datetime | None
    integration_with: str
    call_at: datetime | None


WINDOWS: Compiled[Window] = Compiled(Window, lambda dose: Window.objects.filter(dose_id=dose).order_by("pk"))
CALLS: Compiled[Task] = Compiled(
    Task,
    lambda session: Task.objects.filter(session_id=session, what="next_day_call", done_at=None).order_by(
        "due_at", "pk"
    ),
)


def after_dose(scope: Scope, session: Session, at: datetime) -> AfterDose:
    """Four queries."""
    dose = dose_now(session)
    windows, calls = answers(
        WINDOWS.question_within(scope, dose=session.id), CALLS.question_within(scope, session=session.id)
    )
    window, call = next(iter(windows), None), next(iter(calls), None)
    held = integration_in_window(session, at)
    return AfterDose(
        ended_at=dose.ended_at if dose is not None else None,
        opens_at=window.opens_at if window is not None else None,
        closes_at=window.closes_at if window is not None else None,
        integration_at=held.planned_from if held is not None else None,
        integration_with=held.organisation.name if held is not None else "",
        call_at=call.due_at if call is not None else None,
    )


def escort_of(scope: Scope, session: Session) -> str:
    """With whom the patient went home; blank before that. One query."""
    rows = scoped(Discharge.objects.current().filter(session=session), scope)
    return rows.order_by("-recorded_at").values_list("escort_name", flat=True).first() or ""


def escort_named(scope: Scope, session: Session) -> Escort | None:
    """Who was named to take the patient home, before anyone goes. One query."""
    rows = scoped(Escort.objects.current().filter(session=session), scope)
    return rows.order_by("-recorded_at").first()
