"""The first page of who leads: what have we decided, is it kept, does it help, with the one fact of each.

Decided here: one fact a place, the most urgent that is known there. A place that this reader may not open, or
that is not there, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.medicine.evidence import cards
from openkap.medicine.protocols.routes import Route
from openkap.permits import Kind, Need, Subject, decide
from openkap.reads.evidence import published
from openkap.reads.oversight.lists import Asked, Section
from openkap.reads.oversight.month import months_of
from openkap.reads.oversight.page import may_see, sections
from openkap.reads.rules import routes_of
from openkap.reads.staff_standing import ended_here
from openkap.reads.upkeep import is_silent, last_backup
from openkap.records.facts.law import law_of
from openkap.records.models import Course, DocumentVersion
from openkap.records.scoped import scoped

QUESTIONS = {
    "decided": gettext_noop("What have we decided?"),
    "kept": gettext_noop("Is it kept?"),
    "helps": gettext_noop("Does it help?"),
    "site": gettext_noop("The practice and its site"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place to go: `name` of its address, the question it answers, its fact and how urgent that is."""

    name: str
    question: str
    title: str
    says: str
    level: str = ""


Fact = tuple[str, str]
Told = Callable[[Asked], Fact]


def places(asked: Asked) -> tuple[Place, ...]:
    """Every place this reader may open. About sixty queries at most."""
    return tuple(
        Place(name, question, _(title), *fact(asked))
        for name, question, title, kinds, fact in _PLACES
        if all(decide(asked.scope, Need(kind), Subject(kind, asked.place.id)) for kind in kinds)
    )


def _law(asked: Asked) -> Fact:
    waits = sum(one.state(asked.at) == "second" for one in law_of(asked.place.id).changes)
    if waits:
        said = ngettext("%(n)s change waits for a second name", "%(n)s changes wait for a second name", waits)
        return said % {"n": waits}, "caution"
    routes = routes_of(asked.scope, asked.place.id, asked.at)
    unsigned = {one.route: one.words for one in routes if not one.signed.stands}
    return _by_use(
        asked,
        unsigned,
        _("Not signed as they are now, and a course waits for it: %(routes)s"),
        _("Not signed, and no course you may see uses them: %(routes)s"),
    ) or (_("Every route is signed"), "clear")


def _consent(asked: Asked) -> Fact:
    rows = scoped(DocumentVersion.objects.filter(organisation=asked.place), asked.scope)
    there = set(rows.values_list("document", flat=True))
    missing = {str(route): route.words for route in Route if f"consent.{route}" not in there}
    return _by_use(
        asked,
        missing,
        _("No text is published, and a course waits for it: a dose %(routes)s"),
        _("No text is published, and no course you may see uses it: a dose %(routes)s"),
    ) or (_("A text is published for every route"), "clear")


def _by_use(asked: Asked, lacking: Mapping[str, str], waits: str, unused: str) -> Fact | None:
    """What these routes lack: urgent only where an open course is by that route. None where none lacks it."""
    if not lacking:
        return None
    courses = Course.objects.filter(organisation=asked.place, ended_at=None, route__in=lacking)
    used = set(scoped(courses, asked.scope).values_list("route", flat=True))
    named = [words for route, words in lacking.items() if not used or route in used]
    return (waits if used else unused) % {"routes": ", ".join(named)}, "caution" if used else ""


def _evidence(asked: Asked) -> Fact:
    own = len({row.claim for row in published(asked.place.id)})
    said = _("%(n)s claims with their sources; in this practice’s own words: %(own)s")
    return said % {"n": len(cards()), "own": own}, ""


def _standing(asked: Asked) -> Fact:
    ended = ended_here(asked.place, asked.at)
    if ended:
        said = ngettext("%(n)s license or certificate ended", "%(n)s licenses or certificates ended", ended)
        return said % {"n": ended}, "stop"
    return _("No license and no certificate on record has ended"), "clear"


def _oversight(asked: Asked) -> Fact:
    if not may_see(asked.scope, asked.place.id):
        return "", ""
    found = sections(asked)
    new = sum(len(section.new) for section in found)
    if not new:
        return _("Every row of this month was looked at"), "clear"
    worst = _worst(found)
    said = ngettext("%(n)s row nobody has looked at", "%(n)s rows nobody has looked at", new) % {"n": new}
    return f"{said}; {_('first:')} {worst.title.lower()}" if worst is not None else said, (
        worst.level if worst is not None else ""
    )


def _worst(found: Iterable[Section]) -> Section | None:
    graded = [section for section in found if section.level]
    return min(graded, key=lambda one: ("stop", "caution", "unknown").index(one.level), default=None)


def _month(asked: Asked) -> Fact:
    months = months_of(asked.scope, asked.place, asked.at, asked.zone)
    if len(months) < 2:
        return _("The month under way, as far as your own permit allows"), ""
    return _("Latest that is over: %(month)s") % {"month": months[1][1]}, ""


def _running(asked: Asked) -> Fact:
    backup = last_backup(asked.at)
    if is_silent(asked.at):
        return _("The watcher is silent. %(backup)s") % {"backup": backup.words}, "caution"
    return backup.words, "caution" if backup.late else ""


def _says(words: str) -> Told:
    return lambda _asked: (_(words), "")


# Name of the address, question, title, what it asks of a permit, and its fact.
_PLACES: tuple[tuple[str, str, str, tuple[Kind, ...], Told], ...] = (
    ("lead-law", "decided", gettext_noop("Rules and protocols"), (Kind.RULES,), _law),
    ("lead-consent", "decided", gettext_noop("Consent texts"), (Kind.STAFF,), _consent),
    ("lead-oversight", "kept", gettext_noop("Oversight"), (Kind.OVERSIGHT,), _oversight),
    ("lead-standing", "kept", gettext_noop("Licenses and certificates"), (Kind.STAFF,), _standing),
    ("lead-month", "kept", gettext_noop("The month on paper"), (Kind.OVERSIGHT,), _month),
    (
        "lead-trail",
        "kept",
        gettext_noop("Trail"),
        (Kind.TRAIL,),
        _says(gettext_noop("Who did what, who opened whose record, who was refused")),
    ),
    ("lead-evidence", "helps", gettext_noop("What is known"), (Kind.RULES,), _evidence),
    (
        "lead-staff",
        "site",
        gettext_noop("Staff"),
        (Kind.STAFF,),
        _says(gettext_noop("Who holds which role here")),
    ),
    (
        "lead-before-care",
        "site",
        gettext_noop("Before care"),
        (Kind.STAFF,),
        _says(gettext_noop("What stands before the first patient")),
    ),
    ("lead-running", "site", gettext_noop("How this site runs"), (Kind.STAFF,), _running),
)
