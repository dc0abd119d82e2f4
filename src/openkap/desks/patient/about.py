"""What is known about one: who has looked, and how one is doing, in kind words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from openkap.desks.patient.frame import me, needed_course, show, tell_opened, zone_of
from openkap.door.enter import patient
from openkap.door.page import now, scope
from openkap.reads.looked import looks_of
from openkap.reads.progress import Progress, progress_of
from openkap.ui.scorechart import Event, Point, ScoreChart


@patient
@require_GET
def looked(request: HttpRequest) -> HttpResponse:
    course = needed_course(request)
    tell_opened(request, course, "looked")
    # One's own openings are no news to oneself.
    rows = looks_of(scope(request), me(request).id, now(), zone_of(course), others=True)
    return show(request, "patient/looked.html", course, rows=[row for row in rows if row.organisation])


@patient
@require_GET
def outcome(request: HttpRequest) -> HttpResponse:
    course = needed_course(request)
    tell_opened(request, course, "outcome")
    found = progress_of(scope(request), course.id, now(), zone_of(course))
    return show(request, "patient/outcome.html", course, found=found, chart=chart_of(found))


def chart_of(found: Progress) -> ScoreChart:
    """The line as it is drawn. Without rules: a patient's page compares nobody with a cut-off."""
    return ScoreChart(
        points=tuple(
            Point(row.on, None if row.total is None else float(row.total), label=row.when)
            for row in found.answered
        ),
        low=float(found.low),
        high=float(found.high),
        events=(
            *(Event(on, "dose") for on in found.doses),
            *(Event(on, "session") for on in found.sessions),
        ),
        doses_words=_("Doses"),
        sessions_words=_("Sessions"),
        summary=_("%(name)s over time. Lower is better.") % {"name": found.name},
    )
