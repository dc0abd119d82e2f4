"""`openkap rules --organisation ID --export FILE | --import FILE --by USER`: sets shared between practices.

Decided here: what a practice has now is written with the reason of each change, so that another can judge it.
What comes in is read as strictly as `--rules FILE`, and only what differs from the numbers here is proposed;
a number that the other practice left as the library has it is no choice of theirs, and does not undo ours
unless `--all` asks for it.
"""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path

from openkap.commands.site import acting_staff, begin, fail, organisation_named, unready
from openkap.commands.stream import Unfit, to_json, write
from openkap.medicine.rules import RuleSet, library
from openkap.medicine.settable import why_not
from openkap.medicine.signed import export, read_signed


def share(options: argparse.Namespace) -> int:
    """Export what this practice has, or bring a set in. Status 2 with one sentence where it cannot be."""
    if options.brings and not (options.organisation and options.by):
        raise Unfit("--import needs --organisation and --by: it arrives on a medical director's desk.")
    begin()
    if why := unready():
        return fail(why)
    from openkap.steps.frame import Refused

    try:
        return _bring(options) if options.brings else _export(options)
    except Refused as refusal:
        return fail(refusal.because)


def _export(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from openkap.commands.rules import written
    from openkap.records.facts.law import SECONDED, law_of

    at = timezone.now()
    law = law_of(organisation_named(options.organisation).id)
    said: dict[str, dict[str, str]] = {}
    for one in law.changes:
        if one.state(at) == "holds":
            second = one.acts.get(SECONDED)
            said[one.row.rule] = {"reason": one.row.reason} | (
                {"second_signature": second.by_name} if second is not None else {}
            )
    return written(options.export or "-", export(law.at(at), said))


def _bring(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from openkap.records.facts.law import rules_at
    from openkap.steps.rule_changes import propose_changes

    try:
        brought = read_signed(Path(options.brings), library())
    except OSError as error:
        raise Unfit(f"{options.brings} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Unfit(f"{options.brings} is not UTF-8 text.") from None
    by, organisation = acting_staff(options.by, options.organisation, "openkap rules --import")
    at = timezone.now()
    differing = _differing(brought, rules_at(organisation.id, at))
    chosen = differing if options.every else _own(brought, differing)
    changes = {}
    for id, values in chosen.items():
        if settable := {name: v for name, v in values.items() if not why_not(library().rule(id), name)}:
            changes[id] = settable
    left_out = sorted(id for id, values in chosen.items() if changes.get(id) != values)
    as_library = sum(len(v) for v in differing.values()) - sum(len(v) for v in chosen.values())
    rows = propose_changes(
        by=by,
        at=at,
        organisation=organisation,
        origin=brought.name,
        changes=changes,
        reason=f"From the set {brought.name}.",
    )
    told = {"set": brought.name, "proposed": [row.rule for row in rows], "left_out": left_out}
    write(to_json(told | {"left_as_in_library": as_library}))
    return 0


def _differing(brought: RuleSet, held: RuleSet) -> dict[str, dict[str, Decimal]]:
    """The numbers of each rule that are other than here."""
    found = {}
    for rule in brought:
        here = held.rule(rule.id).numbers
        values = {name: n.value for name, n in rule.numbers.items() if n.value != here[name].value}
        if values:
            found[rule.id] = values
    return found


def _own(brought: RuleSet, differing: dict[str, dict[str, Decimal]]) -> dict[str, dict[str, Decimal]]:
    """Of these, what the other practice set otherwise than the library."""
    found = {}
    for id, values in differing.items():
        first = library().rule(id).numbers
        if own := {name: value for name, value in values.items() if value != first[name].value}:
            found[id] = own
    return found
