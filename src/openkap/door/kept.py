"""What was typed and could not be sent: kept in the person's own session until they unlock it.

Decided here: kept on the server, not in the lock page, which anyone at the desk may look at. At most
three forms of 200 kB; files and passwords are not kept. It is offered again under the same hat only.
What a patient writes for themselves (`own_words`) is sealed there with the journal's key.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from openkap.door.who import HAT, KEPT
from openkap.records.secret import Unreadable, key_in, seal, unseal

View = TypeVar("View", bound=Callable[..., Any])

MOST, LARGEST = 3, 200_000
SECRETS = ("password", "csrfmiddlewaretoken", "code", "credential")
QUIET = ("submission", "version")


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: where to, its fields in order, whether files were left out."""

    id: str
    path: str
    fields: tuple[tuple[str, str], ...]
    files_left_out: bool
    at: datetime

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What a person typed, for reading: names in words, without the form's own marks."""
        return [(words_of(name), value) for name, value in self.fields if name not in QUIET and value]


def typed_fields(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Every field of this POST but secrets, in order, repeated names repeated."""
    return tuple(
        (name, value)
        for name, values in request.POST.lists()
        if not any(secret in name.lower() for secret in SECRETS)
        for value in values
        if isinstance(value, str)
    )


def keep(request: HttpRequest, at: datetime) -> str:
    """Keep this POST in the session; gives the id under which it is offered again."""
    name = secrets.token_urlsafe(9)
    fields = typed_fields(request)
    if sum(len(key) + len(value) for key, value in fields) > LARGEST:
        return ""
    kept = dict(request.session.get(KEPT, {}))
    while len(kept) >= MOST:
        kept.pop(min(kept, key=lambda each: kept[each]["at"]))
    kept[name] = {
        "path": request.get_full_path(),
        **(_sealed(name, fields) if _are_own_words(request) else {"fields": fields}),
        "files": bool(request.FILES),
        "at": at.isoformat(),
        "hat": request.session.get(HAT),
    }
    request.session[KEPT] = kept
    return name


def kept_named(request: HttpRequest, name: str) -> Kept | None:
    """What was kept under this id, if it was typed under the hat worn now."""
    row = request.session.get(KEPT, {}).get(name)
    if row is None or row["hat"] != request.session.get(HAT):
        return None
    rows = row["fields"] if "fields" in row else _opened(name, row["sealed"])
    fields = tuple((key, value) for key, value in rows)
    return Kept(name, row["path"], fields, row["files"], datetime.fromisoformat(row["at"]))


def let_go(request: HttpRequest, name: str) -> None:
    kept = dict(request.session.get(KEPT, {}))
    if kept.pop(name, None) is not None:
        request.session[KEPT] = kept


def let_go_what_is_sent(request: HttpRequest) -> None:
    """A form kept earlier comes now: it is no longer offered. Known by its address and submission."""
    sent = request.POST.get("submission")
    for name, row in request.session.get(KEPT, {}).items():
        if (
            sent
            and row["path"] == request.get_full_path()
            and ["submission", sent] in list(map(list, row["fields"]))
        ):
            let_go(request, name)
            return


def words_of(name: str) -> str:
    """A field's name as words: `ended_why` becomes "Ended why"."""
    return name.replace("_", " ").replace("-", " ").capitalize() or _("Field")


def own_words(view: View) -> View:
    """Mark a page on which a patient writes for themselves alone."""
    view.has_own_words = True  # type: ignore[attr-defined]
    return view


def _are_own_words(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path).func, "has_own_words", False)
    except Resolver404:
        return False


def _sealed(name: str, fields: tuple[tuple[str, str], ...]) -> dict[str, str]:
    whole = seal(key_in(settings.JOURNAL_KEY_FILE), json.dumps(fields).encode(), f"kept {name}")
    return {"sealed": base64.b64encode(whole).decode()}


def _opened(name: str, sealed: str) -> list[list[str]]:
    """The fields again; none where this server's key does not open them."""
    try:
        whole = unseal(key_in(settings.JOURNAL_KEY_FILE), base64.b64decode(sealed), f"kept {name}")
    except Unreadable:
        return []
    return cast(list[list[str]], json.loads(whole))
