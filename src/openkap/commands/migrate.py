"""`openkap migrate`: bring the database to this version, triggers included."""

from __future__ import annotations

from django.core.management import call_command
from django.db import DatabaseError

from openkap.commands.site import begin, fail


def run(argv: list[str]) -> int:
    if argv:
        return fail("openkap migrate takes no arguments.")
    begin()
    try:
        call_command("migrate", verbosity=0)
    except DatabaseError as error:
        return fail(f"The database could not be brought up to date: {error}. Nothing of it was removed.")
    return 0
