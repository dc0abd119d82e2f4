"""Why no dose can be booked in a course as it stands, and what would change it.

Decided here: a date is offered once a prescriber has signed that there is to be a dose. Before that a
booked dose is a promise nobody made; what the course's own state says is enough to know.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from openkap.records.models import Course


def why_no_dose(course: Course) -> str:
    """A sentence for whoever would book; empty where a dose can be booked."""
    if course.ended_at is not None:
        return _("This course has ended. Nothing is booked in it.")
    if course.state == "evaluation":
        return _(
            "No dose can be booked yet: the evaluation is not decided. Once a prescriber has signed that "
            "%(name)s is a candidate, doses can be booked."
        ) % {"name": course.patient.name}
    if course.state == "not_now":
        return _(
            "No dose can be booked now: the decision was “not now”. Once a prescriber has looked again and "
            "signed that %(name)s is a candidate, doses can be booked."
        ) % {"name": course.patient.name}
    return ""
