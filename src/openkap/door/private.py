"""For pages whose words may stand nowhere in clear: a fresh second factor, and what a locked session typed.

Decided here: a second factor is fresh for five minutes after it was asked for again, by whoever is signed in
(signing in does not count: it was not asked for this). What was being sent to such a page when the session
locked is not kept in the session, whose rows lie in the database; it goes sealed into its author's draft.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from openkap.door.page import actor, now
from openkap.door.who import HAT, PERSON, unlocked
from openkap.records.models import PatientFile
from openkap.records.scoped import scoped
from openkap.records.site import is_demonstration
from openkap.records.standing import scope_now
from openkap.steps.frame import Refused
from openkap.steps.process import keep_process_draft

View = TypeVar("View", bound=Callable[..., Any])
SHOWN = "factor_shown"


def private(view: View) -> View:
    """Mark a view whose words may not be kept in a session."""
    view.is_private = True  # type: ignore[attr-defined]
    return view


def is_private(request: HttpRequest) -> bool:
    """Whether this address is one whose words may stand nowhere in clear."""
    try:
        return getattr(resolve(request.path).func, "is_private", False)
    except Resolver404:
        return False


def factor_at(request: HttpRequest) -> datetime | None:
    """When this person last showed a second factor because they were asked again, in this session."""
    found = [
        datetime.fromtimestamp(record["at"], UTC)
        for record in get_authentication_records(request, request.user)
        if record.get("method") == "mfa" and record.get("reauthenticated")
    ]
    shown = request.session.get(SHOWN, {})
    if is_demonstration() and shown.get("person") == str(actor(request).person):
        found.append(datetime.fromisoformat(shown["at"]))
    return max(found, default=None)


def show_factor(request: HttpRequest) -> None:
    """A demonstration's personas have no second factor: a button stands for it, there only."""
    if is_demonstration():
        request.session[SHOWN] = {"person": str(actor(request).person), "at": now().isoformat()}


def keep_sealed(request: HttpRequest) -> None:
    """Into the draft of the person whose session this is, if the page is one they could write on."""
    by = unlocked(request)
    file_id = resolve(request.path).kwargs.get("file")
    if (
        by is None
        or file_id is None
        or not request.session.get(PERSON)
        or request.session.get(HAT) == "patient"
    ):
        return
    file = scoped(PatientFile.objects.all(), scope_now(by, now())).filter(pk=file_id).first()
    words = request.POST.get("words", "")
    if file is None or file.organisation_id != by.organisation or not words.strip():
        return
    with contextlib.suppress(Refused):  # not theirs to write, or the store is closed: then nowhere at all
        keep_process_draft(by=by, at=now(), file=file, words=words)
