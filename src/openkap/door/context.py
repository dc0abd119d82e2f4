"""What every page is given: as whom one acts, where one can go, whom to call.

Decided here: nothing is asked of the records until a page shows it, and then once a request: the hats
of a person are one query, whether this is a demonstration site is one.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from openkap.door import nav
from openkap.door.enter import is_nobody, is_patient, is_staff
from openkap.door.hats import PATIENT_HAT, Hat, hat_named, hats_of
from openkap.door.look import look_of
from openkap.door.page import actor, now, place_of
from openkap.door.worker_address import worker_address
from openkap.permits import ActorKind, Role
from openkap.reads.upkeep import LastBackup, last_backup
from openkap.records.facts.crisis import Crisis, crisis_of, crisis_of_site, crisis_unasked
from openkap.records.models import PatientFile
from openkap.records.site import is_demonstration

# Who is told on every page how old the last good backup is.
LEADING = frozenset({Role.MEDICAL_DIRECTOR, Role.ADMINISTRATOR})


class Acting:
    """As whom this request acts, in words. Reads the hats when first asked."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._by = actor(request)

    @property
    def name(self) -> str:
        return "" if self.nobody else self._by.name

    @property
    def nobody(self) -> bool:
        return is_nobody(self._by)

    @property
    def staff(self) -> bool:
        return is_staff(self._by)

    @property
    def patient(self) -> bool:
        return is_patient(self._by)

    @property
    def link(self) -> bool:
        return self._by.kind is ActorKind.LINK and not self.nobody

    @cached_property
    def hats(self) -> tuple[Hat, ...]:
        return hats_of(self._by.person, now()) if self._by.person and not self.link else ()

    @cached_property
    def hat(self) -> Hat | None:
        return hat_named(self.hats, PATIENT_HAT if self.patient else str(self._by.organisation))

    @property
    def place(self) -> str:
        return self.hat.place if self.hat else ""

    @property
    def role_words(self) -> str:
        return self.hat.role_words if self.hat else ""

    @cached_property
    def nav(self) -> tuple[nav.Item, ...]:
        if self.patient:
            return nav.for_patient(self._request.path)
        return nav.for_staff(self.hat.roles, self._request.path) if self.staff and self.hat else ()


def acting(request: HttpRequest) -> Acting:
    """The same Acting for the whole of a request, unless the actor has changed meanwhile."""
    known = getattr(request, "_hats", None)
    if not isinstance(known, Acting) or known._by is not actor(request):
        known = Acting(request)
        request._hats = known  # type: ignore[attr-defined]
    return known


class Frame:
    """What the frame of a page shows: the way around, as whom, and when it locks. Read when first shown."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._acting = acting(request)

    @property
    def nav(self) -> tuple[nav.Item, ...]:
        return self._acting.nav

    @property
    def home_url(self) -> str:
        return nav.address("start") if self._acting.name else "/"

    @property
    def brand(self) -> str:
        """The practice one acts for; blank for everyone else, who is shown the name of the software."""
        return self._acting.place if self._acting.staff else ""

    @property
    def who(self) -> str:
        return "" if self._acting.link else self._acting.name

    @property
    def acting(self) -> str:
        """The roles of the hat worn. Its practice stands at the top of the page as `brand`."""
        return self._acting.role_words or self._acting.place

    @property
    def switch_url(self) -> str:
        return nav.address("hat") if len(self._acting.hats) > 1 else ""

    @property
    def account_url(self) -> str:
        """Where one is signed in, and how: everyone's own."""
        return nav.address("account") if self._acting.staff or self._acting.patient else ""

    @property
    def owner(self) -> str:
        """Whose phone this is for now: a patient's, or nobody's."""
        by = actor(self._request)
        return str(by.person) if self._acting.patient else ""

    @property
    def worker(self) -> str:
        return worker_address()

    @property
    def menu_url(self) -> str:
        return nav.address("menu") if self._acting.patient else ""

    @property
    def search_url(self) -> str:
        return next((nav.address(name) for name in self._finds() if nav.address(name)), "")

    def _finds(self) -> tuple[str, ...]:
        if not self._acting.staff or self._acting.hat is None:
            return ()
        wanted = {item.url for item in self.nav}
        return tuple(n for n in ("care-find", "practice-people", "desk-find") if nav.address(n) in wanted)

    @property
    def search(self) -> str:
        """What was looked for, on the page that finds people; another page's own `q` is not a person."""
        return self._request.GET.get("q", "") if self._request.path == self.search_url else ""

    @property
    def look(self) -> str:
        """How the desks look in this browser."""
        return look_of(self._request)

    @cached_property
    def backup(self) -> LastBackup | None:
        """How old the last good backup is, for those who lead here."""
        hat = self._acting.hat if self._acting.staff else None
        return last_backup(now()) if hat is not None and hat.roles & LEADING else None

    @property
    def lock_url(self) -> str:
        return nav.address("session-lock")

    @property
    def act_url(self) -> str:
        return nav.address("session-act")

    @property
    def idle_seconds(self) -> int | str:
        minutes = settings.PATIENT_IDLE_MINUTES if self._acting.patient else settings.IDLE_MINUTES
        return minutes * 60 if self._acting.staff or self._acting.patient else ""


class SiteShown:
    """What this site is, as its pages say it."""

    name = "OpenKAP"

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def crisis(self) -> Crisis:
        """Whom to call when it cannot wait, where this page belongs; also while the database is away."""
        try:
            place = place_of(self._request) or self._own_place()
            return crisis_of(place) if place is not None else crisis_of_site()
        except DatabaseError:
            return crisis_unasked()

    def _own_place(self) -> UUID | None:
        """Where a patient was first taken on, on a page that belongs to no practice."""
        by = actor(self._request) if hasattr(self._request, "actor") else None
        if by is None or not is_patient(by):
            return None
        own = PatientFile.objects.filter(patient_id=by.person).order_by("opened_at")
        return own.values_list("organisation_id", flat=True).first()

    @cached_property
    def demonstration(self) -> bool:
        return is_demonstration()

    @property
    def demo_url(self) -> str:
        return nav.address("demo") if self.demonstration else ""


def page(request: HttpRequest) -> dict[str, Any]:
    """`frame`, `acting`, `hats` and `site`, for every template."""
    return {
        "frame": Frame(request),
        "acting": SimpleLazyObject(lambda: acting(request)),
        "hats": SimpleLazyObject(lambda: acting(request).hats),
        "site": SiteShown(request),
    }
