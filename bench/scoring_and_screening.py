"""How fast the medicine answers: scores, screenings, and a cold start of the command.

Run: python bench/scoring_and_screening.py. Wanted on one core: 10,000 PHQ-9 scores a second, 500
screenings a second, and a command that starts within 300 ms. Times are of the processor, so that a
busy machine does not change them much.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.spec.cases import clean  # noqa: E402

from openkap.medicine.instruments import instrument, score  # noqa: E402
from openkap.medicine.screening import read_case, screen  # noqa: E402

SECONDS = 2.0


def rate(work: Callable[[], object]) -> float:
    """How many times a second, over about two seconds, after one to warm up."""
    work()
    begun = time.process_time()
    count = 0
    while time.process_time() - begun < SECONDS:
        work()
        count += 1
    return count / (time.process_time() - begun)


def lines_a_second(name: str, line: str, count: int, *arguments: str) -> None:
    """The whole command over many lines: reading, answering and writing."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "openkap.cli", name, *arguments]
    given = (line + "\n") * count
    environment = {"PYTHONPATH": str(ROOT / "src")}
    subprocess.run(command, input=given.encode(), stdout=subprocess.DEVNULL, check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"openkap {name}, {count} lines: {took:.2f} s, {count / took:,.0f} a second with the start")


def main() -> None:
    phq9 = instrument("phq9")
    answers = {str(item): item % 4 for item in range(1, 10)}
    case = clean()
    print(f"PHQ-9 scored: {rate(lambda: score(phq9, answers)):,.0f} a second")
    print(f"case read and screened: {rate(lambda: screen(read_case(case))):,.0f} a second")
    scoring = json.dumps({"instrument": "phq9", "answers": answers})
    lines_a_second("score", scoring, 1)
    lines_a_second("score", scoring, 100_000)
    lines_a_second("screen", json.dumps(case), 1)
    lines_a_second("screen", json.dumps(case), 2_000)


if __name__ == "__main__":
    main()
