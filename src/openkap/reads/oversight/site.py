"""People's standing and the site's own keeping, as oversight shows them: no clinical content."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openkap.reads.oversight.lists import Asked, Line, Section
from openkap.reads.staff_standing import standing_shown
from openkap.reads.upkeep import DRILLED, last_backup
from openkap.records.facts.clock import staff_moment
from openkap.records.models import Upkeep


def standing(asked: Asked) -> Section:
    """Papers that have ended, were found not valid, or that nobody looked at. Six queries."""
    shown = standing_shown(asked.scope, asked.place, asked.at)
    held = [line for line in shown.lines if line.paper.id is not None and line.paper.level != "clear"]
    missing = shown.counts["none"]
    return Section(
        "standing",
        _("Licenses and certificates"),
        tuple(
            Line(
                line.paper.id,
                asked.at,
                f"{line.paper.title}: {line.paper.says}",
                tuple(words for words in (line.paper.last_day, line.paper.left, line.paper.holds) if words),
                line.name,
                line.paper.level,
                opens=("standing",),
            )
            for line in held
            if line.paper.id is not None
        ),
        (_("asked of a role and not on record: %(n)s") % {"n": missing},) if missing else (),
        _("What has ended holds what it should. What is asked of a role and never written down is counted."),
        _("Nothing that is on record has ended or waits for a look."),
        now=True,
        link="standing",
    )


def site(asked: Asked) -> Section:
    """The age of backups, and what did not go well in this stretch. Four queries."""
    backup = last_backup(asked.at)
    at = asked.period
    bad = Upkeep.objects.filter(good=False, at__gte=at.since, at__lt=at.until).order_by("-at")
    drill = Upkeep.objects.filter(what=Upkeep.What.DRILL, good=True).order_by("-at").first()
    drilled = (
        _("last proved %(when)s") % {"when": staff_moment(drill.at, asked.zone)}
        if drill is not None
        else _("never proved by a restore drill")
    )
    late = drill is None or asked.at - drill.at > DRILLED
    return Section(
        "site",
        _("Backups"),
        tuple(
            Line(row.pk, row.at, row.says or row.what, (), row.by_name, "caution", opens=("running",))
            for row in bad
        ),
        (backup.words, drilled),
        _("A backup that was never restored is not proved.") if late else "",
        _("Nothing failed in this time."),
        link="running",
        alarm="caution" if backup.late else "",
    )
