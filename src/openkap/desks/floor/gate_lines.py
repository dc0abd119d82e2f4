"""The gate's open lines as its page shows them: why, whose it is to mend, and the link that mends it.

Decided here: the morning's unanswered questions are one card with one button, since one page answers them;
every other line has its own. A reason over a line is asked where the line itself says who may give one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.desks.floor.forms import GoAheadForm
from openkap.door.page import actor, now, scope
from openkap.medicine.course.gate import who_mends
from openkap.medicine.dosing.draw import from_a_vial
from openkap.medicine.verdict import Finding, Level
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.order import Gate, OrderShown
from openkap.reads.overrides import file_of, may_be_gone_over_by, roles_now
from openkap.reads.second_person import NEARBY, Hint, hints_for
from openkap.records.facts.law import rules_at
from openkap.records.models import Session

# What the morning's page asks, named in a word.
MORNING = {
    "R-IDENTITY": gettext_noop("who this is"),
    "S38": gettext_noop("safety"),
    "R-HEALTH": gettext_noop("anything new"),
    "R-MEDICINES": gettext_noop("medicines taken"),
    "R-TAKEN": gettext_noop("alcohol and cannabis"),
    "C-MANIA-PSYCHOSIS": gettext_noop("mind since the last dose"),
    "S16": gettext_noop("pregnancy test"),
    "R-FASTING": gettext_noop("food and drink"),
    "S37": gettext_noop("escort"),
    "R-TOUCH": gettext_noop("touch"),
    "R-STAFF": gettext_noop("who stays"),
    "R-KIT": gettext_noop("emergency equipment"),
}
# Where each line is mended: the address, its words, and what the visitor must be allowed to do there.
MENDS: dict[str, tuple[str, str, Act]] = {
    "R-ORDER": ("care-order", gettext_noop("Order"), Act.SIGN),
    "R-DRAWN": ("rooms-draw", gettext_noop("Draw it up"), Act.ADD),
    "R-CONFIRMED": ("rooms-confirm", gettext_noop("Second person: check it"), Act.SEE),
    "R-VITALS": ("rooms-vitals", gettext_noop("Keep a set"), Act.ADD),
    "S06": ("rooms-vitals", gettext_noop("Measure again"), Act.ADD),
    "S07": ("rooms-vitals", gettext_noop("Measure again"), Act.ADD),
    "R-ROOM": ("calendar-session", gettext_noop("Choose another room or time"), Act.SEE),
    "D-SPACING": ("calendar-session", gettext_noop("Move it to another day"), Act.SEE),
    "C-INTEGRATION": ("calendar-session", gettext_noop("See its integration"), Act.SEE),
    "W-RELEASE": ("team-dose", gettext_noop("Around this dose"), Act.SEE),
    "W-BOOKED": ("calendar-session", gettext_noop("Book integration"), Act.SEE),
    "W-THERAPIST": ("team-dose", gettext_noop("Who is there"), Act.SEE),
    "W-MEDICAL": ("team-dose", gettext_noop("Check in"), Act.SEE),
    "W-ON-SITE": ("team-dose", gettext_noop("Check in"), Act.SEE),
    "W-HAND-OVER": ("team-dose", gettext_noop("See the hand-over"), Act.SEE),
    "W-HANDED-BACK": ("team-dose", gettext_noop("Around this dose"), Act.SEE),
    "W-FORM": ("team-dose", gettext_noop("Around this dose"), Act.SEE),
} | {rule: ("rooms-morning", gettext_noop("Ask again"), Act.ADD) for rule in MORNING}
# What is mended where licenses and certificates are kept.
OF_PEOPLE = ("R-LICENSE", "R-DEA", "R-ACLS", "R-BLS")
MOST_IN_A_SENTENCE = 2


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One thing to settle. `url` blank: nothing to press for this visitor. `form`: a reason they may give."""

    finding: Finding
    who: str
    url: str = ""
    words: str = ""
    form: GoAheadForm | None = None
    hint: Hint | None = None


@dataclass(frozen=True, slots=True)
class OpenLines:
    """What is left: the morning's unanswered questions together, then every other line."""

    morning: tuple[Finding, ...]
    others: tuple[OpenLine, ...]
    nobody_near: Hint | None = None
    staff_url: str = ""

    @property
    def morning_words(self) -> str:
        """What the morning's open questions are about, in one sentence."""
        return _("Open: %(what)s.") % {"what": ", ".join(_(MORNING[f.rule]) for f in self.morning)}


def open_lines(request: HttpRequest, row: Session, asked: Gate, order: OrderShown | None) -> OpenLines:
    """The open lines, with what this visitor can do about each."""
    names = roles_now(actor(request), now())
    unasked = tuple(f for f in asked.open if f.rule in MORNING and f.level is Level.UNKNOWN)
    hints = hints_for(row, order, (f.rule for f in asked.open), now())
    return OpenLines(
        unasked,
        tuple(_line(request, row, f, names, hints.get(f.rule)) for f in asked.open if f not in unasked),
        hints.get(NEARBY) if any(f.rule == NEARBY for f in unasked) else None,
        reverse("lead-staff") if hints and _may(request, row, Kind.STAFF, Act.ADD) else "",
    )


def gate_words(asked: Gate) -> tuple[str, str, str]:
    """The verdict in one sentence, the facts behind it, and the count."""
    met, everything = len(asked.met), len(asked.lines)
    count = _("%(met)s of %(all)s clear") % {"met": met, "all": everything}
    if asked.may_start:
        return _("Ready"), " ".join(f.because for f in asked.cautions), count
    left = len(asked.open)
    says = ngettext("Not yet. %(n)s thing left", "Not yet. %(n)s things left", left) % {"n": left}
    if asked.level is Level.STOP:
        says = _("Stop. Not today")
    said = sorted(asked.open, key=lambda f: -f.weighs.weight)[:MOST_IN_A_SENTENCE]
    more = left - len(said)
    why = " ".join(f.because for f in said)
    if more > 0:
        why += " " + ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": more}
    return says, why, count


def signed_words(row: Session, asked: Gate) -> str:
    """Whose rules these are, for the foot of the page."""
    line = next((f for f in asked.lines if f.rule == "R-ROUTE"), None)
    name = rules_at(row.organisation_id, now()).name
    return _("Rules: %(name)s. %(who)s") % {"name": name, "who": line.because if line else ""}


def approved_by(asked: Gate) -> str:
    """Who signed this route's rules as they are now, in the gate's own sentence; blank where nobody did."""
    line = next((f for f in asked.lines if f.rule == "R-ROUTE"), None)
    return line.because if line is not None and line.level is Level.CLEAR else ""


def _line(
    request: HttpRequest, row: Session, finding: Finding, names: frozenset[str], hint: Hint | None
) -> OpenLine:
    url, words = _mend(request, row, finding)
    form = None
    if finding.level is Level.HOLD and may_be_gone_over_by(finding, names):
        told = {"rule": finding.rule, "because": finding.because}
        form = GoAheadForm(initial=told, auto_id=f"{finding.rule}-%s")
    return OpenLine(finding, who_mends(finding), url, words, form, hint)


def _mend(request: HttpRequest, row: Session, finding: Finding) -> tuple[str, str]:
    if finding.rule in MENDS:
        name, words, act = MENDS[finding.rule]
        if finding.rule == "R-DRAWN" and not from_a_vial(row.course.route):
            words = gettext_noop("Lay it out")
        return (
            (reverse(name, args=[row.id]), _(words)) if _may(request, row, Kind.CLINICAL, act) else ("", "")
        )
    if finding.rule == "R-ROUTE" and _may(request, row, Kind.RULES, Act.SEE):
        return reverse("lead-route", args=[row.course.route]), _("See the rules")
    if finding.rule == "W-SITE" and _may(request, row, Kind.RULES, Act.SEE):
        return reverse("lead-certification"), _("Esketamine program")
    if finding.rule in OF_PEOPLE:
        may = _may(request, row, Kind.STAFF, Act.SEE)
        return (reverse("lead-standing"), _("Licenses and certificates")) if may else ("", "")
    if finding.rule == "W-ENROLLED":
        return reverse("team-way", args=[row.course_id]), _("Write down the enrollment")
    if finding.rule in ("C-WORSE", "C-NEW-SUICIDAL-THOUGHTS") and finding.level is Level.UNKNOWN:
        form = "phq9" if finding.rule == "C-WORSE" else "cssrs_slc"
        return reverse("care-in-room", args=[row.course_id, form]), _("Ask it now")
    if finding.rule == "R-DECISION":
        return reverse("care-evaluation", args=[row.course_id]), _("Open the evaluation")
    file = file_of(scope(request), row)
    if file is None:
        return "", ""
    words = _("Send it from the chart") if finding.rule == "R-CONSENT" else _("Open the chart")
    return reverse("care-patient", args=[file.pk]), words


def _may(request: HttpRequest, row: Session, kind: Kind, act: Act) -> bool:
    subject = Subject(
        kind,
        row.organisation_id,
        row.patient_id if kind is Kind.CLINICAL else None,
        row.course_id if kind is Kind.CLINICAL else None,
        row.id if kind is Kind.CLINICAL else None,
        row.room_id if kind is Kind.CLINICAL else None,
        now(),
    )
    return bool(decide(scope(request), Need(kind, act), subject))
