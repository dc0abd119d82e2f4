"""`openkap demo [--if-empty] [--people-only]`: fill an empty site with the demonstration practices.

Makes invented patients at every step of a course, and prints where to become each person. A run that was
broken off is gone on with; a site that holds anyone else is left alone.
"""

from __future__ import annotations

import argparse
import gc
import sys
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from openkap.commands.site import begin, fail, unready

if TYPE_CHECKING:
    from openkap.demonstration.people import Patient

EACH = 10
# What 37 courses leave behind is looked through for garbage less often: it ends with the command.
GARBAGE = 100_000


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="openkap demo", description=__doc__)
    parser.add_argument("--if-empty", action="store_true", help="do nothing where the site holds others")
    parser.add_argument("--people-only", action="store_true", help="two practices, and no course")
    options = parser.parse_args(argv)
    gc.set_threshold(GARBAGE)
    begin()
    if why := unready():
        return fail(why)
    from openkap.demonstration.fill import is_begun, left_over
    from openkap.records.models import Person, Site
    from openkap.steps.frame import Refused

    unfinished = is_begun() and bool(left_over())
    if options.if_empty and not unfinished and (Site.objects.exists() or Person.objects.exists()):
        return 0
    try:
        made = _people() if options.people_only else _courses()
    except Refused as refusal:
        return fail(refusal.because)
    except KeyboardInterrupt:
        print()
        return fail("Stopped. Whoever is made is whole. Run openkap demo again to go on.")
    print(made)
    print(f"Become each of them at http://localhost:{settings.PORT}/demo/")
    return 0


def _people() -> str:
    from openkap.permits import Actor
    from openkap.steps.cast import CAST
    from openkap.steps.demonstration import begin_demonstration

    begin_demonstration(by=Actor.system("openkap demo"), at=timezone.now())
    return f"A demonstration site with {len(CAST)} invented people."


def _courses() -> str:
    from openkap.demonstration.fill import SYSTEM, fill, is_begun, left_over
    from openkap.steps.frame import Refused

    if is_begun() and not left_over():
        raise Refused("This site already holds the whole demonstration. Its people are on /demo/.")
    print("A demonstration site: three practices, and patients at every step of a course.", flush=True)
    made = fill(by=SYSTEM, at=timezone.now(), say=_say)
    return f"\r{made} of {made} patients, all of them invented.{' ' * 20}"


def _say(done: int, of: int, who: Patient) -> None:
    """On a terminal each by name, elsewhere a line now and then."""
    if sys.stdout.isatty():
        print(f"\r{done} of {of}: {who.given} {who.family}{' ' * 20}", end="", flush=True)
    elif done % EACH == 0:
        print(f"{done} of {of} patients", flush=True)
