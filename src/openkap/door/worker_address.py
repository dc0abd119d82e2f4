"""Where a patient's page finds the worker of this site.

Decided here: its language and its build stand in its address, so that another language or another build is
another worker, and a phone takes the new one by itself.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.translation import get_language

from openkap import __version__


def worker_address() -> str:
    """As in `/service-worker.js?language=es&build=3f2a90c1d4e8`."""
    return f"/service-worker.js?language={(get_language() or 'en')[:2]}&build={_build()}"


@cache
def _build() -> str:
    stamp = finders.find("dist/.built-from")
    return Path(stamp).read_text()[:12] if isinstance(stamp, str) else __version__
