"""What goes home in writing, to read aloud, print in large letters and give."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from openkap.desks.floor.names import title_of
from openkap.desks.floor.session_page import show, the_session
from openkap.door.enter import staff
from openkap.door.page import now
from openkap.reads.instructions import of_session


@staff
def paper(request: HttpRequest, session: UUID) -> HttpResponse:
    """The text of this route, as it prints."""
    row = the_session(request, session)
    taken = of_session(row)
    sheet = {
        "organisation": row.organisation.name,
        "title": taken.text.title,
        "lines": [row.organisation.phone] if row.organisation.phone else [],
        "person": row.patient.name,
        "version": _("version %(n)s") % {"n": taken.text.version},
        "printed_at": now(),
    }
    return show(
        request, "floor/paper.html", row, page="home", theme="day", taken=taken, sheet=sheet, **title_of(row)
    )
