"""`openkap check`: names every missing or unsafe setting, and every missing trigger. Exit 1 if any."""

from __future__ import annotations

from django.utils import timezone

from openkap.commands.site import begin, fail, unready


def run(argv: list[str]) -> int:
    if argv:
        return fail("openkap check takes no arguments.")
    begin()
    if why := unready():
        return fail(why)
    from openkap.reads.check import notes, unsafe

    faults = unsafe()
    for fault in faults:
        print(f"unsafe: {fault}")
    for note in notes(timezone.now()):
        print(f"note: {note}")
    if not faults:
        print("Nothing unsafe was found.")
    return 1 if faults else 0
