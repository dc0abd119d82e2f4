"""Where a course stands, in the words a patient reads: whole, without blame, never a dead end.

Decided here: the decision, the fact behind it, what would change it, who to talk to (the design's section 6,
how to word a refusal). What a clinician wrote to the patient stands as they wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.reads.standing import Standing
from openkap.records.facts.clock import day as day_of
from openkap.records.facts.clock import long_day


@dataclass(frozen=True, slots=True)
class Said:
    """A title, its sentences, what a clinician wrote (`quoted`); `calls`: a button to call stands below."""

    title: str
    lines: tuple[str, ...]
    quoted: str = ""
    calls: bool = True
    link: str = ""


def said_of(standing: Standing, practice: str, zone: ZoneInfo) -> Said | None:
    """None where the course goes its way and there is nothing to say about it."""
    here = {"practice": practice}
    match standing.what:
        case "evaluation":
            return Said(
                _("Your evaluation is under way"),
                (
                    _("%(practice)s looks at whether this care is safe for you.") % here,
                    _("Nothing is decided yet."),
                    _("You hear the answer from a person, and it stands here in words, yes or no."),
                ),
                calls=False,
            )
        case "not_now":
            return Said(_("Not now"), _not_now(standing, here), quoted=standing.words)
        case "not_candidate":
            return Said(
                _("This care is not safe for you"),
                (
                    _("%(practice)s decided this after your evaluation.") % here,
                    _("It is about safety, not about you."),
                    _("Other care may help. They talk with you about what else there is. Ask them anything."),
                ),
                quoted=standing.words,
            )
        case "taken_back":
            return Said(
                _("You took your consent back"),
                (
                    _("No dose can start. %(practice)s has been told and calls you.") % here,
                    _("Nothing else changes. If you wish, you can read the text and sign it again later."),
                ),
                link="me-consent",
            )
        case "said_no":
            return Said(
                _("You said no for now"),
                (
                    _("That counts. %(practice)s has been told and asks what would help.") % here,
                    _("The text stays here, should you wish to read it again."),
                ),
                link="me-consent",
            )
        case _:
            return _ended(standing, here, zone)


def _not_now(standing: Standing, here: dict[str, str]) -> tuple[str, ...]:
    first = _("%(practice)s decided to wait. Something may change, and then they look again.") % here
    if standing.look_again_on is None:
        return (first, _("You can call and ask at any time."))
    day = long_day(standing.look_again_on)
    return (first, _("They look again on %(day)s. You can call before then.") % {"day": day})


def _ended(standing: Standing, here: dict[str, str], zone: ZoneInfo) -> Said | None:
    day = day_of(standing.at.astimezone(zone).date()) if standing.at is not None else ""
    kept = _("What you wrote and signed stays here for you.")
    since = _("Since %(day)s.") % {"day": day} if day else ""
    lines: tuple[str, ...]
    match standing.what:
        case "done":
            title, lines = _("Your course is done"), (_("All that was planned is done."), since)
        case "stopped":
            title, lines = _("Your course has stopped"), (_("No more doses are planned."), since)
        case "declined":
            title = _("You decided against it")
            lines = (_("The course is closed. You can come back and ask again at any time."), since)
        case "transferred":
            title = _("Your course has moved")
            lines = (_("Another practice goes on with it. %(practice)s keeps what it wrote.") % here,)
        case "died":
            return Said(
                _("This course has ended"),
                (
                    _("What was written here is kept. Nothing is sent from here any more."),
                    _("If you were close to them, you can call %(practice)s.") % here,
                ),
            )
        case _:
            return None
    help_words = _("If things get hard, call %(practice)s, or the number below at any hour.") % here
    return Said(title, (*filter(None, lines), kept, help_words))
