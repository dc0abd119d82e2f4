"""`openkap demo [--if-empty]`: fill an empty site with the demonstration practices.

Prints where to become each person. A site that already holds people is left alone.
"""

from __future__ import annotations

import argparse

from django.conf import settings
from django.utils import timezone

from openkap.commands.site import begin, fail, unready


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="openkap demo", description=__doc__)
    parser.add_argument("--if-empty", action="store_true", help="do nothing where the site is not empty")
    options = parser.parse_args(argv)
    begin()
    if why := unready():
        return fail(why)
    from openkap.permits import Actor
    from openkap.records.models import Person, Site
    from openkap.steps.cast import CAST
    from openkap.steps.demonstration import begin_demonstration
    from openkap.steps.frame import Refused

    if options.if_empty and (Site.objects.exists() or Person.objects.exists()):
        return 0
    try:
        begin_demonstration(by=Actor.system("openkap demo"), at=timezone.now())
    except Refused as refusal:
        return fail(refusal.because)
    print(f"A demonstration site with {len(CAST)} invented people.")
    print(f"Become each of them at http://localhost:{settings.PORT}/demo/")
    return 0
