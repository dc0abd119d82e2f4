"""What was typed and could not be sent: kept in the person's own session until they unlock it.

Decided here: kept on the server, not in the lock page, which anyone at the desk may look at. At most
three forms of 200 kB; files and passwords are not kept. It is offered again under the same hat only.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from openkap.door.who import HAT, KEPT

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
        "fields": fields,
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
    fields = tuple((key, value) for key, value in row["fields"])
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
