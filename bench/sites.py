"""A site with so many patients: made once, kept in a folder, and brought up to this day before each run.

Decided here: what a filled site holds. A fixed number of patients are on their way now and a fixed number
come today, whatever the size; all others were here in the ten years before, so that what grows from row to
row of the table is the past. One practice keeps all of them, the hardest case for every list.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from django.utils import timezone
from tests.people import SYSTEM, Cast, cast, known_cast
from tests.routes import sign_route

from bench import originals
from bench.copies import Copy, Keys, came, copy_all, keys, marks
from bench.engines import size_of
from bench.originals import NOW_ON_THEIR_WAY, ROOMS, SHARES, Original
from bench.people import Names
from bench.places import FILLED, is_filled
from openkap.permits import Role
from openkap.records.models import Event, Membership, PatientFile, Person, Session
from openkap.steps.demonstration_papers import have_papers

YEARS_BACK = 10
ON_THEIR_WAY, COMING_TODAY = 300, 52
A_THERAPIST_SEES = 30
DAY_S = 86_400
SMALL_DAY = {"rooms": 2, "visits": 4}
__all__ = ["SMALL_DAY", "Filled", "bring_up_to_date", "fill", "known", "remember", "size_of"]
GRANTS_LAST = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made: how many patients, rows of all tables, and how long it took."""

    patients: int
    rows: int
    events: int
    seconds: float


def fill(address: str, patients: int) -> Filled:
    """Fill an empty, migrated site. Ten minutes at most for 100,000."""
    began, now = monotonic(), timezone.now().replace(minute=0, second=0, microsecond=0)
    people = cast(now - timedelta(days=366 * YEARS_BACK))
    renew_papers(people, now - timedelta(days=60))
    names = Names()
    earlier = max(patients - min(ON_THEIR_WAY, patients // 2), 0)
    therapists = originals.furnish(people, max(1, _sharing_now(patients, earlier) // A_THERAPIST_SEES))
    made, kept = _originals(people, now, (*SHARES, *NOW_ON_THEIR_WAY), names)
    copies = list(_copies(made, patients, earlier, now, therapists, names))
    rows = copy_all(address, kept, copies, people["mira"])
    here = PatientFile.objects.filter(organisation=people.clinic).count()
    return Filled(here, rows, Event.objects.count(), monotonic() - began)


def renew_papers(people: Cast, at: datetime) -> None:
    """The practices were founded years ago, and what their people hold has ended since."""
    for row in Membership.objects.filter(Membership.in_force(at)).select_related("person", "organisation"):
        have_papers(SYSTEM, row.person, row.organisation, [Role(row.role)], at=at)


def bring_up_to_date(address: str, *, rooms: int = len(ROOMS), visits: int = COMING_TODAY) -> None:
    """What happens today: a dose under way in each room, and visits to come. Yesterday's are over."""
    now = timezone.now()
    Session.objects.filter(state__in=(*Session.LIVE, "planned", "arrived", "ready")).filter(
        planned_from__lt=now - timedelta(hours=3)
    ).update(state="no_show", started_at=None, ended_at=None)
    people, names = known_cast(), Names(seed=now.toordinal())
    sign_route(
        people.by("osric"), people.clinic, "iv", now
    )  # where its rules changed since the site was filled
    running = Session.objects.filter(state__in=Session.LIVE).values_list("room__name", flat=True)
    for room in [name for name in ROOMS[:rooms] if name not in set(running)]:
        originals.make(people, "in_the_room", now - timedelta(minutes=170), names.next(), room)
    first = 10_000_000 + int(now.timestamp()) % 10_000_000
    _made, kept = _originals(people, now - timedelta(hours=2), ("coming_today",), names)
    copies = [
        Copy(first + n, 0, 600 * (n % 40), *_who(names), people["mira"].pk, people["mira"].name)
        for n in range(visits)
    ]
    copy_all(address, kept, copies, people["mira"], few=True)


def _originals(
    people: Cast, now: datetime, kinds: Sequence[str], names: Names
) -> tuple[list[Original], list[tuple[Person, Keys]]]:
    """Each kind once, its last act at `now` or before; and which rows came with each."""
    since = marks()
    made, kept, before = [], [], keys(since)
    for kind in kinds:
        one = originals.make(people, kind, now - LASTS.get(kind, timedelta(hours=3)), names.next())
        after = keys(since)
        made.append(one)
        kept.append((one.patient, came(before, after)))
        before = after
    return made, kept


# How long each original's story is, rounded up: it ends before now.
LASTS = {
    "six_doses": timedelta(days=40),
    "two_doses": timedelta(days=16),
    "after_one_dose": timedelta(days=3),
    "after_three_doses": timedelta(days=14),
    "coming_today": timedelta(hours=1),
}


def _sharing_now(patients: int, earlier: int) -> int:
    """How many patients share with a therapist at this moment."""
    lately = earlier * GRANTS_LAST.days / (365 * YEARS_BACK)
    return int(lately * (SHARES["six_doses"] + SHARES["two_doses"]) / 100) + patients - earlier


def _copies(
    made: Sequence[Original],
    patients: int,
    earlier: int,
    now: datetime,
    therapists: Sequence[Person],
    names: Names,
) -> Iterator[Copy]:
    """Earlier patients first, oldest first; then those on their way now."""
    chance = random.Random(10)
    kinds = [kind for kind, share in SHARES.items() for _each in range(share)]
    place = {original.kind: number for number, original in enumerate(made)}
    whole = int(timedelta(days=365 * YEARS_BACK).total_seconds())
    for n in range(patients):
        past = n < earlier
        kind = kinds[chance.randrange(100)] if past else NOW_ON_THEIR_WAY[n % len(NOW_ON_THEIR_WAY)]
        seconds = -(whole - whole * n // max(earlier, 1)) if past else -600 * (n % 30)
        if past:
            seconds = seconds // DAY_S * DAY_S  # the time of day stays what it was
        therapist = therapists[chance.randrange(len(therapists))]
        yield Copy(n, place[kind], seconds, *_who(names), therapist.pk, therapist.name)


def _who(names: Names) -> tuple[str, str, str]:
    given, family = names.next()
    return given, family, names.birth_date().isoformat()


def remember(folder: Path, filled: Filled) -> None:
    (folder / FILLED).write_text(json.dumps({name: getattr(filled, name) for name in Filled.__slots__}))


def known(folder: Path) -> Filled | None:
    return Filled(**json.loads((folder / FILLED).read_text())) if is_filled(folder) else None
