"""What a month says of what was decided: gone ahead, alerts, consents, rules, staff, access, what stays open.

Decided here: counts only, and no patient; the lists behind them are on the oversight page.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from openkap.medicine.consent.brought import named
from openkap.medicine.protocols.routes import Route
from openkap.reads.consent_documents import document_words
from openkap.reads.law_row import BECOMES
from openkap.reads.overrides import KINDS, Wanted, overrides_of
from openkap.reads.oversight.lists import Asked
from openkap.reads.oversight.looks import found, why_words
from openkap.reads.oversight.month_part import Part, share
from openkap.reads.oversight.work import WRITING, alerts_of, clock_words
from openkap.records.facts.law import SECONDED, SIGNED, law_of
from openkap.records.models import (
    Administration,
    AdverseEvent,
    Decision,
    Discharge,
    LicensedRole,
    Membership,
    MisuseSign,
    Order,
    OversightLook,
    Reading,
    RouteSigning,
    Signature,
    Task,
)
from openkap.records.scoped import scoped

CORRECTED = (Administration, AdverseEvent, Decision, Discharge, Order, Reading)


def overrides(asked: Asked) -> Part:
    """Where and over what. Four queries."""
    since, until = asked.period.since, asked.period.until
    said = overrides_of(asked.scope, asked.place, Wanted("", since, until, asked.at))
    counted = Counter((one.kind, one.rule) for one in said.lines)
    people = len({one.who for one in said.lines})
    notes = [_("Lines: %(n)s. People who went ahead: %(people)s.") % {"n": len(said.lines), "people": people}]
    if said.more:
        notes.append(_("There were more than could be counted here. See the list."))
    return Part(
        "overrides",
        _("Gone ahead all the same"),
        (_("Where"), _("Rule"), _("Times")),
        tuple((_(KINDS[kind]), rule, str(n)) for (kind, rule), n in sorted(counted.items())),
        tuple(notes) if said.lines else (),
        _("Nobody went ahead over anything."),
    )


def alerts(asked: Asked) -> Part:
    """By level, with their times. Four queries."""
    raised = alerts_of(asked, also_open=False)
    levels = sorted({one.task.level for one in raised}, reverse=True)
    rows = []
    for level in levels:
        held = [one for one in raised if one.task.level == level]
        late = sum(one.late(asked.at) for one in held)
        still = sum(one.closed_at is None for one in held)
        rows.append((level, str(len(held)), share(late, len(held)), str(still)))
    return Part(
        "alerts",
        _("Alerts and their times"),
        (_("Level"), _("Raised"), _("Nobody in time"), _("Open at the end")),
        tuple(rows),
        tuple(f"{words[:1].upper()}{words[1:]}." for words in clock_words(raised, asked.at)),
        _("No alert was raised."),
    )


def consents(asked: Asked) -> Part:
    """Signatures, and those by someone who had signed the same document before. Two queries."""
    at = asked.period
    rows = list(
        scoped(Signature.objects.as_of(asked.at), asked.scope)
        .filter(organisation=asked.place)
        .order_by("at", "id")
        .values_list("patient_id", "document__document", "at")
    )
    signed = [row for row in rows if at.since <= row[2] < at.until]
    before = {(patient, document): when for patient, document, when in reversed(rows)}
    again = sum(before[patient, document] < when for patient, document, when in signed)
    said = share(again, len(signed))
    documents = Counter(document for _patient, document, _when in signed)
    return Part(
        "consents",
        _("Consents signed"),
        (_("Document"), _("Signed")),
        tuple((_document(name), str(n)) for name, n in sorted(documents.items())),
        (_("Signed anew by someone who had signed it before: %(share)s.") % {"share": said},)
        if signed
        else (),
        _("None was signed."),
    )


def _document(name: str) -> str:
    """A document as people call it; one that is no longer known, as it is kept."""
    known = named(name)
    return document_words(known) if known is not None else name


def rules(asked: Asked) -> Part:
    """What was signed. Three queries."""
    at = asked.period
    rows = []
    for one in law_of(asked.place.id).changes:
        for act in (one.acts.get(SIGNED), one.acts.get(SECONDED)):
            if act is not None and at.holds(act.at):
                day = act.at.astimezone(asked.zone).date().isoformat()
                rows.append((day, one.row.rule, _(BECOMES[one.state(asked.at)]), act.by_name))
    signings = RouteSigning.objects.filter(organisation=asked.place, at__gte=at.since, at__lt=at.until)
    says = {"signed": _("Rules signed"), "withdrawn": _("Signature withdrawn")}
    for row in scoped(signings, asked.scope).order_by("at", "id"):
        day = row.at.astimezone(asked.zone).date().isoformat()
        rows.append((day, Route(row.route).words, says.get(row.act, row.act), row.by_name))
    return Part(
        "rules",
        _("Rules signed"),
        (_("Day"), _("What"), _("How it stood at the end"), _("By")),
        tuple(sorted(rows)),
        (),
        _("No rule was signed or changed."),
    )


def staff(asked: Asked) -> Part:
    """Who worked here at the end, by role, and who came and went. Two queries."""
    at = asked.period
    held = scoped(Membership.objects.filter(organisation=asked.place, since__lt=asked.at), asked.scope)
    rows = list(held.values_list("person_id", "role", "since", "until"))
    roles = Counter(role for _p, role, _since, until in rows if until is None or until > asked.at)
    came = {person for person, _r, since, _u in rows if at.holds(since)}
    went = {person for person, _r, _s, until in rows if until is not None and at.holds(until)}
    waits = LicensedRole.objects.filter(organisation=asked.place, made_at__lt=asked.at).filter(
        Q(looked_at=None) | Q(looked_at__gte=asked.at), Q(ended_at=None) | Q(ended_at__gte=asked.at)
    )
    notes = _(
        "People given a role: %(came)s. People whose role ended: %(went)s. Licenses not looked at: %(waits)s."
    )
    return Part(
        "staff",
        _("People at work at the end"),
        (_("Role"), _("People")),
        tuple((_(role.replace("_", " ")), str(n)) for role, n in sorted(roles.items())),
        (notes % {"came": len(came), "went": len(went), "waits": scoped(waits, asked.scope).count()},),
    )


def access(asked: Asked) -> Part:
    """What stood out by reason, and how much of it was settled. Fourteen queries."""
    stand_out, _names, numbers, more = found(asked)
    looks = OversightLook.objects.filter(organisation=asked.place, what="access", at__lt=asked.at)
    settled = set(scoped(looks, asked.scope).values_list("subject", flat=True))
    counted = Counter(key for one in stand_out for key in one.why)
    done = sum(one.first in settled for one in stand_out)
    notes = [_("Looked at by the end: %(share)s.") % {"share": share(done, len(stand_out))}]
    if more:
        notes.append(_("There were more looks than could be read here."))
    notes.append(_("It accuses nobody. What leaves no trace in the trail is not known."))
    return Part(
        "access",
        _("Unusual access"),
        (_("What stood out"), _("Times")),
        tuple((why_words(key, numbers), str(n)) for key, n in sorted(counted.items())),
        tuple(notes) if stand_out else (),
        _("No look stood out."),
    )


def left_open(asked: Asked) -> Part:
    """What was owed and not done when the month ended. Two queries."""
    open_then = Q(done_at=None) | Q(done_at__gte=asked.at)
    rows = list(
        scoped(Task.objects.filter(open_then, organisation=asked.place, made_at__lt=asked.at), asked.scope)
        .order_by("due_at")
        .values_list("what", "level", "due_at")
    )
    late = [(what, level, due) for what, level, due in rows if due <= asked.at]
    month_old = asked.at - timedelta(days=30)
    signs = scoped(MisuseSign.objects.as_of(asked.at), asked.scope).filter(
        organisation=asked.place, settled=False
    )
    kinds = (
        (_("Alerts"), [row for row in late if row[1]], [row for row in rows if row[1]]),
        (
            _("Notes and hand-overs"),
            [row for row in late if row[0] in WRITING],
            [row for row in rows if row[0] in WRITING],
        ),
        (
            _("Other work"),
            [row for row in late if not row[1] and row[0] not in WRITING],
            [row for row in rows if not row[1] and row[0] not in WRITING],
        ),
    )
    return Part(
        "open",
        _("Open at the end"),
        (_("What"), _("Overdue"), _("Due 30 days before or longer"), _("Open")),
        (
            *(
                (
                    says,
                    str(len(over)),
                    str(sum(due <= month_old for _what, _level, due in over)),
                    str(len(every)),
                )
                for says, over, every in kinds
            ),
            (_("Signs of misuse not decided on"), "", "", str(signs.count())),
        ),
        (_("When each was due is read as it stands: a date moved since counts from the new one."),),
    )


def corrections(asked: Asked) -> Part:
    """How much was corrected in this month, of whatever month. A query a kind."""
    at = asked.period
    names = {
        Administration: _("Doses given"),
        AdverseEvent: _("Adverse events"),
        Decision: _("Decisions"),
        Discharge: _("Going home"),
        Order: _("Orders"),
        Reading: _("Vital signs"),
    }
    counted = [
        (
            names[model],
            scoped(model.objects.filter(corrects__isnull=False), asked.scope)
            .filter(organisation=asked.place, recorded_at__gte=at.since, recorded_at__lt=at.until)
            .count(),
        )
        for model in CORRECTED
    ]
    return Part(
        "corrections",
        _("Corrected in this month"),
        (_("What"), _("Corrections")),
        tuple((says, str(n)) for says, n in counted if n),
        (
            _(
                "An infusion’s end and a decision settled are corrections too. Counts above are of what "
                "stood when the month ended."
            ),
        ),
        _("Nothing was corrected."),
    )
