"""`openkap verify-trail`: proves the audit trail, or names the first row that is not what it was.

One JSON object a line, a fault each; exit status 1 where there is one. `--explain` says it in words. A
restore from a backup is told as one: it took what came after, and is no fault where the trail tells of it.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from openkap.commands.site import begin, fail, unready

if TYPE_CHECKING:
    from openkap.steps.chain import Restored


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="openkap verify-trail", description=__doc__)
    parser.add_argument("--explain", action="store_true")
    options = parser.parse_args(argv)
    folder = begin()
    if why := unready():
        return fail(why)
    from openkap.records.chain import first_faults, untold
    from openkap.records.models import ChainLink, Event
    from openkap.steps.chain import UnsignedHead, read_heads, read_restores

    try:
        heads, restores = read_heads(folder), read_restores(folder)
    except (UnsignedHead, ValueError) as error:
        return fail(f"The heads outside the database cannot be trusted. {error}")
    links = ChainLink.objects.select_related("event").order_by("chain", "place").iterator(chunk_size=500)
    for restore in restores:
        print(_in_words(restore) if options.explain else json.dumps({"restored": asdict(restore)}))
    faults = [*first_faults(links, heads), *untold(restores)]
    for fault in faults:
        print(
            f"{fault.kind} at place {fault.place}: {fault.says}"
            if options.explain
            else json.dumps(asdict(fault))
        )
    linked, waiting = ChainLink.objects.count(), Event.objects.filter(link=None).count()
    summary = {"summary": {"linked": linked, "not_yet_linked": waiting, "faults": len(faults)}}
    if options.explain:
        print(f"{linked} events chained, {waiting} not yet, {len(faults)} chains with a fault.")
    else:
        print(json.dumps(summary))
    return 1 if faults else 0


def _in_words(restore: Restored) -> str:
    """What a restore took from one chain, said as what it is and not as a cut."""
    chain = f"the chain {restore.chain}" if restore.chain else "the site's own chain"
    lost = max(restore.lost_to - restore.place, 0)
    return (
        f"Restored on {restore.at[:16]} from a backup of {restore.made_at[:16]}: {chain} was set back to"
        f" place {restore.place}; {lost} events after it were known and are not here."
    )
