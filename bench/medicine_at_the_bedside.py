"""How long a monitor step and the check of an order take.

    python bench/medicine_at_the_bedside.py [--readings 20000]

A step is one reading with every signal, one a second; the aim is under 100 microseconds.
"""

from __future__ import annotations

import argparse
import platform
import random
import time
from collections.abc import Callable
from decimal import Decimal

from openkap.medicine.dosing import Order, check
from openkap.medicine.monitoring import Baseline, Monitor, Reading

AIM_MICROSECONDS = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readings", type=int, default=20_000)
    count = parser.parse_args().readings
    readings = recording(count)
    monitor = Monitor("iv", Baseline(Decimal(126), Decimal(78)))
    step = per_call(lambda: [monitor.step(reading) for reading in readings], count)
    order = per_call(lambda: [check(Order.read(ORDER)) for _ in range(count // 20)], count // 20)
    print(f"Python {platform.python_version()}, {platform.machine()}")
    print("| What | Microseconds | Aim |\n|---|---|---|")
    print(f"| one monitor step | {step:.0f} | {AIM_MICROSECONDS} |")
    print(f"| one order checked | {order:.0f} | none |")


ORDER = {"route": "iv", "weight_kg": 70, "height_cm": 172, "age": 44, "mg_per_kg": Decimal("0.5"),
         "duration_min": 40, "concentration_mg_per_ml": 50, "on": "2026-11-21"}  # fmt: skip


def recording(count: int) -> list[Reading]:
    """A restless recording: every signal drifts over its limits and back."""
    chance = random.Random(7)

    def around(middle: int, spread: int) -> Decimal:
        return Decimal(middle + chance.randint(-spread, spread))

    return [
        Reading(
            t_seconds=Decimal(second),
            hr=around(100, 25),
            sbp=around(150, 35),
            dbp=around(85, 15),
            spo2=around(93, 5),
            rr=around(12, 5),
            etco2=around(38, 4),
        )
        for second in range(count)
    ]


def per_call(work: Callable[[], object], calls: int) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) / calls * 1e6


if __name__ == "__main__":
    main()
