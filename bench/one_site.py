"""Measure one filled site: `python -m bench.one_site PATIENTS DATABASE FOLDER [--fill]`.

Decided here: one process for each site, since its settings are its own. The site is filled where it is not
yet, brought up to this day, served by the real server as `openkap serve` starts it, and asked. What is found
is printed as JSON lines, for the command that started it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

import django

BLOCK = 2**22


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients", type=int)
    parser.add_argument("database")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fill", action="store_true", help="make the site where it is not yet, no more")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--viewers", type=int, default=1000)
    parser.add_argument("--requests", type=int, default=200)
    said = parser.parse_args()
    django.setup()
    from django.core.management import call_command

    address = os.environ["DATABASE_URL"]
    call_command("migrate", verbosity=0)
    from bench import sites

    filled = sites.known(said.folder)
    if filled is None:
        filled = sites.fill(address, said.patients)
        sites.remember(said.folder, filled)
    if said.fill:
        return
    sites.bring_up_to_date(address, **(sites.SMALL_DAY if said.quick else {}))
    tell(about={**asdict(filled), "size": sites.size_of(address)})
    read_once(said.folder)
    ask(address, said)


def read_once(folder: Path) -> None:
    """Every file of the database, as each night's backup reads it: what fits then stays in memory."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb", buffering=0) as file:
                while file.read(BLOCK):
                    pass


def ask(address: str, said: argparse.Namespace) -> None:
    from tests.people import known_cast
    from tests.serving import serve

    from bench.figures import load
    from bench.pages import measure, measured

    people = known_cast()
    how = measured(said.requests)
    with serve(said.folder, address) as site:
        tell(load=load())
        for row in measure(site, people, said.database, said.patients, how):
            tell(row=asdict(row))
        tell(load=load())
        if said.viewers:
            fan_out(site, people, said, 3 if said.quick else 30)


def fan_out(site, people, said, taps: int) -> None:  # type: ignore[no-untyped-def]
    """Sets kept in one room while so many pages look at the board of all rooms."""
    from bench.asking import Visitor, sign_in
    from bench.figures import Row, cpu_ms, memory_mb, percentile
    from bench.pages import _rooms_under_way, vitals
    from bench.viewers import GAP_S, QUIET_S, Viewers
    from openkap.reads.live import last_event

    port = int(site.address.rpartition(":")[2])
    pid = site.process.pid
    nurse = Visitor(site.address, sign_in(people, "jonah"))
    path = _rooms_under_way(people)[0]
    nurse.get(path.replace("/set/", "/"))
    before = memory_mb(pid)
    watched = f"/stream/?about=rooms:{people.clinic.id}&after={last_event()}"
    whose = ("jonah", "tamsin", "osric")
    viewers = Viewers(port, watched, [sign_in(people, whose[n % 3]) for n in range(said.viewers)])
    time.sleep(QUIET_S)
    idle = cpu_ms(pid)
    time.sleep(QUIET_S)
    idle = (cpu_ms(pid) - idle) / QUIET_S / 10
    nurse.connection.close()  # opened again by the first tap: a server closes what is idle
    sent, spent = [], cpu_ms(pid)
    for _tap in range(taps):
        viewers.tapping()
        sent.append(time.monotonic())
        nurse.post(path, vitals())
        viewers.all_heard()
        time.sleep(GAP_S)
    spent = (cpu_ms(pid) - spent) / taps
    heard = viewers.end(sent)
    places = [percentile(heard.delays, share) for share in (0.5, 0.95, 0.99)]
    what = f"event to {said.viewers:,} viewers"
    tell(row=asdict(Row(what, said.database, said.patients, taps, *places, spent, None)))
    tell(
        viewers={
            "missed": heard.missed,
            "memory_before_mb": before,
            "memory_mb": memory_mb(pid),
            "cpu_percent_while_nothing_happens": idle,
        }
    )


def tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
