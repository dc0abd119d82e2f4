"""Whether showing a page is an opening of someone's record, and telling it.

Decided here: a person's look is told each time. What a page asks for by itself, and a form that comes back
with words, is told only where this page of this patient was not opened lately: a header or a form
sent on purpose is no way to read a record unseen (docs/adr/0007-trail.md).
"""

from __future__ import annotations

from django.http import HttpRequest

from openkap.door.idle import is_background
from openkap.door.page import actor, now
from openkap.permits import Kind
from openkap.steps.frame import HasSubject
from openkap.steps.open import Opened, open_again, open_record, open_records


def is_first_look(request: HttpRequest) -> bool:
    """A person asked for this page, now."""
    return request.method == "GET" and not is_background(request)


def tell_openings(request: HttpRequest, *opened: Opened) -> None:
    """Tell the trail that a page shows these, each with the page it counts as and its kind of fact."""
    by, at = actor(request), now()
    if is_first_look(request):
        open_records(by=by, at=at, opened=opened)
        return
    for about, page, kind in opened:
        open_again(by=by, at=at, about=about, page=page, kind=kind)


def tell_opening(request: HttpRequest, about: HasSubject, page: str, kind: Kind = Kind.IDENTITY) -> None:
    """Tell the trail that this page of this patient is shown."""
    tell = open_record if is_first_look(request) else open_again
    tell(by=actor(request), at=now(), about=about, page=page, kind=kind)
