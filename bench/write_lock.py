"""How long a writer waits when four processes write one SQLite file at once.

    python bench/write_lock.py [--writers 4] [--seconds 8]

Each writes sets of vitals as the room does: one transaction, a reading and its event. Prints a table;
the wait is from asking for the transaction to having the lock.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WRITER = """
import json, os, sys, time
import django
django.setup()
from django.db import transaction
from openkap.permits import Actor
from openkap.steps.frame import tell
from openkap.records.models import Organisation
from django.utils import timezone
clinic = Organisation.objects.first()
by = Actor.system("bench")
gap, until = float(sys.argv[1]), time.monotonic() + float(sys.argv[2])
waits, whole = [], []
while time.monotonic() < until:
    asked = time.perf_counter()
    with transaction.atomic():
        waits.append((time.perf_counter() - asked) * 1000)
        for n in range(2):
            tell(by, "bench.reading", None, at=timezone.now(), organisation=clinic.id)
    whole.append((time.perf_counter() - asked) * 1000)
    time.sleep(gap)
print(json.dumps([waits, whole]))
"""


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def row(name: str, values: list[float]) -> str:
    figures = [percentile(values, share) for share in (0.5, 0.95, 0.99)]
    return f"{name:<22}" + "".join(f"{figure:>9.1f}" for figure in (*figures, max(values)))


def run(writers: int, seconds: float, gap: float, folder: str) -> None:
    environment = {**os.environ, "OPENKAP_DATA": folder, "DJANGO_SETTINGS_MODULE": "openkap.config.settings"}
    command = [sys.executable, "-c", WRITER, str(gap), str(seconds)]
    started = time.monotonic()
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(writers)]
    results = [json.loads(process.communicate()[0]) for process in running]
    took = time.monotonic() - started
    waits = [wait for result in results for wait in result[0]]
    whole = [each for result in results for each in result[1]]
    pace = "as fast as they can" if gap == 0 else f"one each {gap * 1000:.0f} ms"
    print(f"\n{writers} processes, {pace}: {len(waits)} transactions, {len(waits) / took:.0f}/s")
    print(f"{'ms':<22}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}")
    print(row("wait for the lock", waits))
    print(row("whole transaction", whole))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o700)
        environment = {**os.environ, "OPENKAP_DATA": folder}
        for command in (("migrate",), ("demo", "--people-only")):
            subprocess.run([sys.executable, "-m", "openkap.cli", *command], env=environment, check=True)
        for gap in (0.1, 0.0):
            run(options.writers, options.seconds, gap, folder)


if __name__ == "__main__":
    main()
