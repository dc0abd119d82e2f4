"""A browser that holds a redeemed link: which link, whether it is late, how its holder was known.

For the pages behind a link: `held`, `is_late`, `known_by`, and `finish` when what it asked is done.
"""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest

from openkap.door.page import actor
from openkap.door.who import hold_link
from openkap.permits import ActorKind
from openkap.records.models import PersonalLink
from openkap.steps.redeem import finish_link

LATE, KNOWN_BY = "late", "known_by"


def hold(request: HttpRequest, link: PersonalLink, *, at: datetime, late: bool, known_by: str) -> None:
    """This browser holds `link` from now on, and nobody is signed in here any more."""
    hold_link(request, link, at=at)
    request.session.update({LATE: late, KNOWN_BY: known_by})


def held(request: HttpRequest) -> PersonalLink:
    """The link that opened this page, with its patient, practice and course; 404 where there is none."""
    by = actor(request)
    if by.kind is not ActorKind.LINK or by.bound is None or by.id is None:
        raise Http404
    return PersonalLink.objects.select_related("patient", "organisation", "course").get(id=by.id)


def is_late(request: HttpRequest, at: datetime) -> bool:
    """Whether the link's time was over when it was opened, or has run out since."""
    return bool(request.session.get(LATE)) or at >= held(request).expires_at


def known_by(request: HttpRequest) -> str:
    """How the holder was known, as a signature says it: "link and birth date" or "link"."""
    return str(request.session.get(KNOWN_BY, "link"))


def finish(request: HttpRequest, at: datetime) -> None:
    """What the link asked is done: it does not open again. This page stays readable until it is left."""
    link = held(request)
    finish_link(by=actor(request), at=at, link=link.id)
