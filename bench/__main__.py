"""`bin/bench`: every size on every database, then the medicine and the write lock; a table of all of it.

Decided here: the order of things and where the result is kept. Each site is measured by a process of its own
(bench/one_site.py); a filled site is kept for the next time in OPENKAP_BENCH, else var/bench.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import throwaway_postgres

from bench import report
from bench.figures import Row, table
from bench.places import is_filled, kept_in

ROOT = Path(__file__).resolve().parent.parent
SPEED = ROOT / "docs" / "reference" / "speed.md"
DATABASES = ("sqlite", "postgresql")
BESIDES = ("medicine_at_the_bedside", "scoring_and_screening", "write_lock")
# PostgreSQL as it comes, every commit on disk before it counts; and while a site is filled, none of them.
DURABLE = ("max_connections=100",)
FILLING = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"),
    *("wal_level=minimal", "max_wal_senders=0", "max_wal_size=16GB", "checkpoint_timeout=1h"),
    "shared_buffers=1GB",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--patients", type=_numbers, default=[])
    parser.add_argument("--database", type=lambda text: text.split(","), default=list(DATABASES))
    parser.add_argument("--viewers", type=int, default=None)
    parser.add_argument("--requests", type=int, default=None, help="in each of three rounds; 200")
    parser.add_argument("--quick", action="store_true", help="small, in a minute or two; nothing is written")
    parser.add_argument("--no-medicine", action="store_true", help="sites only")
    said = parser.parse_args()
    if odd := set(said.database) - set(DATABASES):
        parser.error(f"no database is called {', '.join(odd)}; there are {', '.join(DATABASES)}")
    sizes = said.patients or ([20] if said.quick else [1_000, 10_000, 100_000])
    viewers = said.viewers if said.viewers is not None else 20 if said.quick else 1_000
    requests = said.requests if said.requests is not None else 10 if said.quick else 200
    told = report.Told(requests)
    for database in said.database:
        for patients in sizes:
            told.sites.append(one(database, patients, viewers, requests, quick=said.quick))
    if not said.no_medicine:
        told.besides = [run_beside(name) for name in (BESIDES[:1] if said.quick else BESIDES)]
    print(table([row for site in told.sites for row in site.rows]))
    print("\n".join(report.verdicts(told.sites)))
    if not said.quick:
        SPEED.write_text(report.page(told))
        print(f"Written to {SPEED.relative_to(ROOT)}.")
    return 0


def one(database: str, patients: int, viewers: int, requests: int, *, quick: bool) -> report.Site:
    """Fill one site where it is not yet, then measure it."""
    folder = kept_in(patients, database)
    site = report.Site(database, patients)
    if not is_filled(folder):
        make_room(folder)
        with address_of(database, folder, FILLING) as address:
            run(site, folder, address, "--fill")
    asked = ["--viewers", str(viewers), "--requests", str(requests), *(["--quick"] if quick else [])]
    with address_of(database, folder, DURABLE) as address:
        run(site, folder, address, *asked)
    return site


def make_room(folder: Path) -> None:
    """An empty folder: what was not filled to its end is of no use, nor is what older words have filled."""
    for old in folder.parent.glob(folder.name.rpartition("-")[0] + "-*"):
        shutil.rmtree(old)
    folder.mkdir(parents=True)


def run(site: report.Site, folder: Path, address: str, *how: str) -> None:
    """One process of bench/one_site.py; what it prints as it goes is shown on standard error."""
    environment = {
        **os.environ,
        "OPENKAP_DATA": str(folder),
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "openkap.config.settings",
    }
    command = [sys.executable, "-m", "bench.one_site", str(site.patients), site.database, str(folder), *how]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    for line in running.stdout:
        print(f"{site.database} {site.patients:,}: {line}", end="", file=sys.stderr)
        hear(site, json.loads(line))
    if running.wait():
        raise SystemExit(f"{site.database} with {site.patients:,} patients could not be measured.")


def hear(site: report.Site, said: dict[str, dict[str, object]]) -> None:
    for kind, what in said.items():
        if kind == "row":
            site.rows.append(Row(**what))  # type: ignore[arg-type]
        elif kind == "load":
            site.loads.append(str(what))
        else:
            getattr(site, kind).update(what)


@contextlib.contextmanager
def address_of(database: str, folder: Path, how: Sequence[str]) -> Iterator[str]:
    """Where the database of a folder answers; `how` is said to a server."""
    if database == "sqlite":
        yield f"sqlite://{folder / 'openkap.sqlite3'}"
    else:
        with throwaway_postgres.server(folder / "postgres", how) as address:
            yield address


def run_beside(name: str) -> str:
    """What one of the smaller benches prints."""
    command = [sys.executable, str(ROOT / "bench" / f"{name}.py")]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.replace("_", "").split(",")]


if __name__ == "__main__":
    sys.exit(main())
