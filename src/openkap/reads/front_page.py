"""A practice's public page as its own people write it: what stands there, and each state it had."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.permits import Scope
from openkap.records.facts.clock import moment
from openkap.records.models import Organisation, PageVersion, PublicPage
from openkap.records.scoped import scoped

SHOWN = 20
FIELDS = {
    "words": gettext_noop("the words"),
    "offers": gettext_noop("what it offers"),
    "hours": gettext_noop("the hours"),
    "phone": gettext_noop("the telephone"),
    "asks": gettext_noop("whether an evaluation can be asked for"),
    "crisis_number": gettext_noop("the number for a crisis"),
    "crisis_words": gettext_noop("the words beside that number"),
}


@dataclass(frozen=True, slots=True)
class State:
    """One state of the page: who wrote it, when, what was other than before, and how it read."""

    number: int
    who: str
    when: str
    changed: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


def page_of(scope: Scope, here: Organisation) -> PublicPage | None:
    """The practice's own page, where it has one."""
    return scoped(PublicPage.objects.filter(organisation=here), scope).first()


def states_of(scope: Scope, page: PublicPage | None, zone: ZoneInfo) -> tuple[State, ...]:
    """The last states, newest first. One query."""
    if page is None:
        return ()
    rows = list(scoped(PageVersion.objects.filter(page=page), scope).order_by("-number")[: SHOWN + 1])
    before: list[PageVersion | None] = [*rows, None][1 : len(rows) + 1]
    found = [_state(row, older, zone) for row, older in zip(rows, before, strict=True)]
    return tuple(found[:SHOWN])


def _state(row: PageVersion, older: PageVersion | None, zone: ZoneInfo) -> State:
    changed = [name for name in FIELDS if older is not None and getattr(row, name) != getattr(older, name)]
    return State(
        number=row.number,
        who="" if row.by_kind == "system" else row.by_name,
        when=moment(row.at, zone),
        changed=tuple(_(FIELDS[name]) for name in changed),
        lines=tuple(
            (_(FIELDS[name]), _said(getattr(row, name))) for name in FIELDS if getattr(row, name) != ""
        ),
    )


def _said(value: str | bool) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value
