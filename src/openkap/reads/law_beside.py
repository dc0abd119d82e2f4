"""What stands beside the rules on the desk: questionnaires with their thresholds, and the texts people sign.

Decided here: nothing of these is set by number. A threshold of a questionnaire is its authors', an alert of
one is scored alike everywhere; a text is decided where it is published. Each says so, with who and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openkap.medicine.instruments import Instrument, instrument, instrument_ids
from openkap.medicine.instruments.instrument import AlertRule, Backing, Flag, Value
from openkap.medicine.settable import AUTHORS, SCORED
from openkap.medicine.verdict import Status
from openkap.reads.law_row import Numbered, RuleRow
from openkap.reads.rules import STANDS, SURE, sources_words
from openkap.records.models import DocumentVersion

FORM, TEXT = "form-", "text-"
NO_BACKING = Backing(Status.PROPOSED, "L", ("PROPOSED",))


def form_rows() -> tuple[RuleRow, ...]:
    """Every questionnaire with its bands, cut-offs, marks of change and alerts. No query."""
    return _form_rows(get_language() or "")


@lru_cache(maxsize=8)
def _form_rows(_language: str) -> tuple[RuleRow, ...]:
    return tuple(_form(instrument(id)) for id in instrument_ids())


def text_rows(organisation: UUID) -> tuple[RuleRow, ...]:
    """The newest version of every consent text in each language. One query."""
    rows = DocumentVersion.objects.filter(organisation_id=organisation).order_by("document", "language")
    newest: dict[tuple[str, str], DocumentVersion] = {}
    for row in rows.defer("text").order_by("version"):
        newest[row.document, row.language] = row
    return tuple(_text(newest[key]) for key in sorted(newest))


def _text(row: DocumentVersion) -> RuleRow:
    return RuleRow(
        id=f"{TEXT}{row.document.replace('.', '-')}-{row.language}",
        title=row.title,
        says=_("Version %(n)s, %(language)s") % {"n": row.version, "language": row.language},
        part="texts",
        area="texts",
        sources=row.reason or _("The practice’s own text"),
        by=row.by_name or _("Not known"),
        on=row.made_at,
    )


def _form(form: Instrument) -> RuleRow:
    backing = form.backing.get("bands") or form.backing.get("total") or NO_BACKING
    return RuleRow(
        id=f"{FORM}{form.id}",
        title=form.name,
        says=_("Version %(n)s. What its totals, cut-offs and alerts are.") % {"n": form.version},
        part="forms",
        area="instruments",
        numbers=tuple(_marks(form)),
        sources=sources_words(backing.sources),
        confidence=_(SURE[backing.confidence]),
        status=_stands(backing),
    )


def _marks(form: Instrument) -> Iterator[Numbered]:
    bands = form.backing.get("bands", NO_BACKING)
    for band in form.bands:
        yield _mark(band.name, _from_to(band.lowest, band.highest), bands)
    for flag in form.flags:
        for says in _of_flag(flag):
            yield _mark(flag.name, says, flag.backing)
    for change in form.changes:
        reach = f"{change.points:f}" if change.points is not None else f"{change.percent or 0:f} %"
        yield _mark(change.id, _("%(n)s or more is a change") % {"n": reach}, change.backing)
    for end in form.ends:
        yield _mark(end.id, _from_to(end.at_least, end.at_most), end.backing)
    if form.remission_at_most is not None and not form.ends:
        yield _mark("remission", _from_to(None, form.remission_at_most), bands)
    for alert in form.alerts:
        yield _mark(alert.id, _of_alert(alert), alert.backing, why=SCORED)


def _of_flag(flag: Flag) -> Iterator[str]:
    if flag.total_at_least is not None or flag.total_at_most is not None:
        yield _from_to(flag.total_at_least, flag.total_at_most)
    for sex, value in flag.by_sex.items():
        yield f"{_from_to(value, None)}{', ' + sex if sex else ''}"
    for name, value in flag.subscales_at_least.items():
        yield f"{name.replace('_', ' ')}: {_from_to(value, None)}"
    for count in flag.counts:
        marks = ", ".join(f"{item} {_from_to(value, None)}" for item, value in count.reach.items())
        yield _("%(n)s of these: %(marks)s") % {"n": count.at_least, "marks": marks}


def _of_alert(alert: AlertRule) -> str:
    asked = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in alert.when.items())
    worse = "; ".join(f"{level}: {_when(when)}" for level, when in alert.raised)
    return f"{alert.level}: {asked}" + (f"; {worse}" if worse else "")


def _when(when: object) -> str:
    pairs = when.items() if hasattr(when, "items") else ()
    return ", ".join(f"{str(key).replace('_', ' ')} {value}" for key, value in pairs)


def _from_to(least: Value | None, most: Value | None) -> str:
    if least is None:
        return _("%(n)s or less") % {"n": most}
    if most is None:
        return _("%(n)s or more") % {"n": least}
    return f"{least}" if least == most else _("%(least)s to %(most)s") % {"least": least, "most": most}


def _mark(name: str, reads: str, backing: Backing, why: str = AUTHORS) -> Numbered:
    backed = _("%(sources)s. Confidence %(sure)s. %(stands)s.") % {
        "sources": sources_words(backing.sources),
        "sure": _(SURE[backing.confidence]),
        "stands": _stands(backing),
    }
    return Numbered(name, name.replace("_", " "), reads, "", reads, "", why, "", backed)


def _stands(backing: Backing) -> str:
    """Here it is never a law that fixes: it is whoever made the questionnaire."""
    return _("Fixed by its authors") if backing.status is Status.FIXED else _(STANDS[backing.status])
