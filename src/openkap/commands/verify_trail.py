"""`openkap verify-trail`: proves the audit trail, or names the first row that is not what it was.

One JSON object a line, a fault each; exit status 1 where there is one. `--explain` says it in words.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from openkap.commands.site import begin, fail, unready


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="openkap verify-trail", description=__doc__)
    parser.add_argument("--explain", action="store_true")
    options = parser.parse_args(argv)
    folder = begin()
    if why := unready():
        return fail(why)
    from openkap.records.chain import first_faults
    from openkap.records.models import ChainLink, Event
    from openkap.steps.chain import UnsignedHead, read_heads

    try:
        heads = read_heads(folder)
    except (UnsignedHead, ValueError) as error:
        return fail(f"The heads outside the database cannot be trusted. {error}")
    links = ChainLink.objects.select_related("event").order_by("chain", "place").iterator(chunk_size=500)
    faults = list(first_faults(links, heads))
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
