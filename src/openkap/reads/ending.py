"""How a course stands, what may follow, and what an end would call off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.medicine.course import COURSE
from openkap.medicine.course.alerts import STAYS
from openkap.permits import Scope
from openkap.records.facts.clock import moment
from openkap.records.models import AskStop, Course, CourseEnd, Organisation, PersonalLink, Session, Task
from openkap.records.scoped import scoped

ENDS = ("finish", "stop", "decline", "transfer", "record_death")
# Words for the buttons that take a course on; the table of states says which of them may be pressed.
GOES_ON = {
    "end_doses": gettext_noop("The doses are over"),
    "begin_doses": gettext_noop("Begin doses again"),
    "follow": gettext_noop("Go on to follow-up"),
}
COMING = ("planned", "arrived", "ready")


@dataclass(frozen=True, slots=True)
class Ending:
    """`ends` and `moves` are what the table allows now; `does` says in sentences what an end calls off."""

    state: str
    ends: tuple[str, ...]
    moves: tuple[tuple[str, str], ...]
    does: tuple[str, ...]
    asking_stopped: str
    ended: bool
    died: bool
    said: str
    why: str
    practices: tuple[str, ...]


def ending_of(scope: Scope, course: Course, at: datetime, zone: ZoneInfo) -> Ending:
    """Six queries at most."""
    possible = COURSE.moves[course.state]
    ended = course.ended_at is not None
    end = (
        scoped(CourseEnd.objects.current().filter(course=course), scope).order_by("-at").first()
        if ended
        else None
    )
    stop = AskStop.objects.filter(course=course, until=None).first()
    return Ending(
        state=_(COURSE.words[course.state]),
        ends=tuple(verb for verb in ENDS if verb in possible),
        moves=() if ended else tuple((verb, _(words)) for verb, words in GOES_ON.items() if verb in possible),
        does=() if ended else _does(course, at),
        asking_stopped=_("%(who)s, %(when)s") % {"who": stop.by_name, "when": moment(stop.at, zone)}
        if stop
        else "",
        ended=ended,
        died=course.state == "died",
        said=_("%(who)s, %(when)s") % {"who": end.by_name, "when": moment(end.at, zone)} if end else "",
        why=end.why if end else course.ended_why,
        practices=tuple(
            Organisation.objects.filter(participations__course=course, participations__until=None)
            .exclude(id=course.organisation_id)
            .values_list("name", flat=True)
        ),
    )


def _does(course: Course, at: datetime) -> tuple[str, ...]:
    places = list(
        Session.objects.filter(course=course, state__in=COMING).values_list("organisation_id", flat=True)
    )
    own = sum(place == course.organisation_id for place in places)
    tasks = list(Task.objects.filter(course=course, done_at=None).values_list("what", flat=True))
    owed = sum(not what.startswith(STAYS) for what in tasks)
    alerts = len(tasks) - owed
    links = PersonalLink.objects.filter(course=course, ended_at=None, expires_at__gt=at).count()
    elsewhere = len(places) - own
    said = [
        ngettext("%(n)s planned session is called off.", "%(n)s planned sessions are called off.", own),
        ngettext(
            "%(n)s session of another practice stays theirs; they are told, as far as it is shared.",
            "%(n)s sessions of other practices stay theirs; they are told, as far as it is shared.",
            elsewhere,
        ),
        ngettext("%(n)s open task is closed.", "%(n)s open tasks are closed.", owed),
        ngettext(
            "%(n)s alert or call stays open until someone says what came of it.",
            "%(n)s alerts or calls stay open until someone says what came of each.",
            alerts,
        ),
        ngettext(
            "%(n)s link is over; a form answered late is still kept, and still alerts.",
            "%(n)s links are over; a form answered late is still kept, and still alerts.",
            links,
        ),
    ]
    numbers = (own, elsewhere, owed, alerts, links)
    return tuple(words % {"n": n} for words, n in zip(said, numbers, strict=True) if n)
