"""What happened to patients that a director looks over: gone ahead, adverse events, signs, plans, going home.

Decided here: serious events come first, then those not over; a settled sign is no longer on the list. A
safety plan is missed where an alert about suicide was raised in an open course and none is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.course.alerts import ALERT, SAFETY_TASKS, is_of_safety
from openkap.reads.harm import event_words, sign_words
from openkap.reads.overrides import Overridden, Wanted, overrides_of
from openkap.reads.oversight.lists import Asked, Line, Section
from openkap.records.models import (
    AdverseEvent,
    Course,
    Discharge,
    MisuseSign,
    RoomEvent,
    SafetyPlan,
    Session,
    Task,
)
from openkap.records.scoped import scoped

OVER = ("gone", "harm", "death")
GRAVE = 3  # as CTCAE names severe


def overrides(asked: Asked) -> Section:
    """What somebody went ahead over in this stretch, and what came of it. Six queries."""
    said = overrides_of(asked.scope, asked.place, Wanted("", asked.period.since, asked.period.until))
    rows: dict[UUID, list[Overridden]] = defaultdict(list)
    for one in said.lines:
        rows[one.row].append(one)
    came = _came_of(asked, said.lines)
    return Section(
        "overrides",
        _("Gone ahead all the same"),
        tuple(_override(row, each, came) for row, each in rows.items()),
        why=_(
            "Every line that a person set aside with a reason: at an evaluation, at the gate, by an order."
        ),
        empty=_("Nobody went ahead over anything."),
        more=said.more,
        link="overrides",
    )


def _override(row: UUID, each: list[Overridden], came: Mapping[UUID, _Came]) -> Line:
    first = each[0]
    about = first.session or first.course
    because = tuple(f"{one.because} ({one.rule})" for one in each)
    words = tuple(dict.fromkeys(one.words for one in each if one.words))
    reason = _("Reason: %(words)s") % {"words": "; ".join(words)} if words else _("No reason was written.")
    outcome = came.get(about, _Came()) if about is not None else _Came()
    opens = (
        ("session", str(first.session))
        if first.session is not None
        else ("evaluation", str(first.course))
        if first.course is not None
        else ()
    )
    return Line(
        row,
        first.at,
        f"{first.kind_words}: {because[0]}",
        (*because[1:], reason, outcome.words),
        first.who,
        "stop" if outcome.serious else "caution" if outcome.events else "",
        outcome.patient,
        opens,
    )


@dataclass(frozen=True, slots=True)
class _Came:
    """What came of a session, or of the doses of a course."""

    doses: int = 0
    events: int = 0
    serious: int = 0
    patient: UUID | None = None

    @property
    def words(self) -> str:
        if not self.doses:
            return _("Outcome: no dose was given.")
        if not self.events:
            return _("Outcome: given, and no adverse event was noted.")
        said = ngettext("%(n)s adverse event was noted", "%(n)s adverse events were noted", self.events)
        more = _(", %(n)s serious") % {"n": self.serious} if self.serious else ""
        return _("Outcome: given; %(said)s%(more)s.") % {"said": said % {"n": self.events}, "more": more}


def _came_of(asked: Asked, lines: Iterable[Overridden]) -> dict[UUID, _Came]:
    lines = tuple(lines)
    sessions = {one.session for one in lines if one.session is not None}
    courses = {one.course for one in lines if one.course is not None}
    if not sessions and not courses:
        return {}
    wanted = Q(pk__in=sessions) | Q(course_id__in=courses, phase=Session.Phase.DOSING)
    doses = list(
        scoped(Session.objects.filter(wanted), asked.scope).values_list(
            "pk", "course_id", "patient_id", "started_at"
        )
    )
    harmed = scoped(AdverseEvent.objects.current(), asked.scope).filter(
        session_id__in=[pk for pk, *_rest in doses]
    )
    noted: dict[UUID, list[bool]] = defaultdict(list)
    for session, serious in harmed.values_list("session_id", "serious"):
        noted[session].append(bool(serious))
    found: dict[UUID, _Came] = {}
    for pk, course, patient, started in doses:
        for key in {pk, course} & (sessions | courses):
            was = found.get(key, _Came())
            found[key] = _Came(
                was.doses + (started is not None),
                was.events + len(noted[pk]),
                was.serious + sum(noted[pk]),
                patient,
            )
    for patient_of, course in scoped(
        Course.objects.filter(pk__in=courses - set(found)), asked.scope
    ).values_list("patient_id", "pk"):
        found[course] = _Came(patient=patient_of)
    return found


def events(asked: Asked) -> Section:
    """Adverse events of this stretch, and earlier ones that are not over. One query."""
    at = asked.period
    wanted = Q(at__gte=at.since, at__lt=at.until) | (~Q(outcome__in=OVER) & Q(at__lt=at.until))
    rows = scoped(AdverseEvent.objects.current().filter(wanted, organisation=asked.place), asked.scope)
    held = sorted(rows, key=lambda row: (not row.serious, row.outcome in OVER, -row.at.timestamp()))
    counts = (
        (sum(bool(row.serious) for row in held), _("serious")),
        (sum(row.expected != "expected" for row in held), _("not on the list of what is expected")),
        (sum(row.outcome not in OVER for row in held), _("not over, or not known to be")),
        (sum(row.grade is None for row in held), _("not graded yet")),
    )
    return Section(
        "events",
        _("Adverse events"),
        tuple(
            Line(
                row.id,
                row.at,
                event_words(row),
                (),
                row.by_name,
                "stop" if row.serious else "caution" if (row.grade or 0) >= GRAVE else "",
                row.patient_id,
                ("event", str(row.session_id)),
            )
            for row in held
        ),
        tuple(f"{n} {says}" for n, says in counts if n),
        _("Serious ones first, then those that are not over. Earlier ones stay until they are."),
        _("No adverse event was written down."),
    )


def signs(asked: Asked) -> Section:
    """Signs of misuse that nobody has decided on. One query."""
    rows = MisuseSign.objects.current().filter(organisation=asked.place, settled=False)
    return Section(
        "signs",
        _("Signs of misuse not decided on"),
        tuple(
            Line(
                row.id,
                row.at,
                sign_words(row),
                (),
                row.by_name,
                "caution",
                row.patient_id,
                ("misuse", str(row.course_id)),
            )
            for row in scoped(rows, asked.scope).order_by("-at", "-id")
        ),
        why=_("While one stands, the next dose of this patient waits."),
        empty=_("None stands."),
        now=True,
    )


def plans(asked: Asked) -> Section:
    """Open courses with an alert about suicide and no safety plan. Three queries."""
    own = Task.objects.filter(
        course__ended_at=None, course__organisation=asked.place, organisation=asked.place
    )
    raised = own.filter(Q(what__startswith=ALERT) | Q(what__in=SAFETY_TASKS))
    tasks = scoped(raised, asked.scope).order_by("made_at", "id")
    first: dict[UUID, Task] = {}
    for task in tasks:
        if task.course_id is not None and is_of_safety(task.what):
            first.setdefault(task.course_id, task)
    courses = scoped(Course.objects.filter(organisation=asked.place, ended_at=None), asked.scope)
    written = SafetyPlan.objects.filter(course=OuterRef("pk"))
    held = dict(courses.annotate(planned=Exists(written)).values_list("pk", "planned"))
    missed = [task for course, task in first.items() if not held.get(course, False)]
    fact = _("%(n)s of %(of)s open courses have a safety plan") % {"n": sum(held.values()), "of": len(held)}
    return Section(
        "plans",
        _("Safety plans missing"),
        tuple(
            Line(
                task.id,
                task.made_at,
                _("An alert about suicide was raised, and no safety plan is written."),
                (),
                "",
                "stop",
                task.patient_id,
                ("plan", str(task.course_id)),
            )
            for task in missed
        ),
        (fact,) if held else (),
        _("Asked of every open course in which an alert about suicide was raised."),
        _("Every open course that had such an alert has one."),
        now=True,
    )


def home(asked: Asked) -> Section:
    """Who went home while an item was open. Two queries."""
    at = asked.period
    rows = Discharge.objects.current().filter(organisation=asked.place, at__gte=at.since, at__lt=at.until)
    all_home = list(scoped(rows, asked.scope).order_by("-at", "-id"))
    early = [row for row in all_home if row.level != "clear"]
    told: dict[UUID, list[str]] = defaultdict(list)
    said = RoomEvent.objects.current().filter(
        session_id__in=[row.session_id for row in early], what="went_home_early"
    )
    for session, words in scoped(said, asked.scope).values_list("session_id", "words"):
        told[session].append(words)
    fact = _("%(n)s of %(of)s went home with an item open") % {"n": len(early), "of": len(all_home)}
    return Section(
        "home",
        _("Home before every item was met"),
        tuple(_early(row, told[row.session_id]) for row in early),
        (fact,) if all_home else (),
        _("A prescriber may let someone go with a reason, except where law or label fixed the item."),
        _("Everyone who went home had every item met.") if all_home else _("Nobody went home."),
    )


def _early(row: Discharge, words: list[str]) -> Line:
    open_ones = [item["because"] for item in row.items if not item["met"]]
    reason = (_("Reason: %(words)s") % {"words": "; ".join(words)},) if words else ()
    return Line(
        row.id,
        row.at,
        ". ".join(open_ones),
        reason,
        row.by_name,
        "caution",
        row.patient_id,
        ("session", str(row.session_id)),
    )
