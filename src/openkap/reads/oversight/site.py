"""People's standing and the site's own keeping, as oversight shows them: no clinical content."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openkap.reads.oversight.lists import Asked, Line, Section
from openkap.reads.upkeep import DRILLED, last_backup
from openkap.records.facts.clock import moment
from openkap.records.models import LicensedRole, Upkeep
from openkap.records.scoped import scoped


def standing(asked: Asked) -> Section:
    """Roles that wait for a look at a license. One query."""
    rows = LicensedRole.objects.filter(organisation=asked.place, looked_at=None, ended_at=None)
    return Section(
        "standing",
        _("Licenses and certificates"),
        tuple(
            Line(
                row.id,
                row.made_at,
                _("A license is not looked at yet: %(role)s") % {"role": _(row.role.replace("_", " "))},
                (_("Given by %(who)s") % {"who": row.by_name},),
                row.person.name,
                "caution",
                opens=("license", str(row.id)),
            )
            for row in scoped(rows, asked.scope).select_related("person").order_by("made_at", "id")
        ),
        why=_("Until somebody has looked, the role counts for nothing."),
        empty=_("Every license was looked at."),
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
        _("last proved %(when)s") % {"when": moment(drill.at, asked.zone)}
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
