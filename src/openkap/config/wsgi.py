"""The entry of a process that serves pages only, in threads. Streams belong to another (config/streams.py).

Decided here (docs/adr/0031-operations.md): a stream asked of this process is turned away in a word, since it
would hold a thread for as long as somebody looks. A proxy's word about visitors is believed where one is
named.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import django

from openkap.config.memory import settle
from openkap.config.pages import Threads
from openkap.records.sqlite.kept import KEPT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")
django.setup(set_prefix=False)

STREAM = "/stream/"
NOT_HERE = b"Streams are served by another process of this site. The proxy must send /stream/ there.\n"


def _without_streams(pages: Any) -> Any:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(STREAM):
            start("404 Not Found", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
            return [NOT_HERE]
        return pages(environ, start)  # type: ignore[no-any-return]

    return application


def _believing(pages: Any) -> Any:
    from django.conf import settings

    if not settings.PROXY:
        return pages
    from granian.utils.proxies import wrap_wsgi_with_proxy_headers

    trusted = [each.strip() for each in settings.PROXY.split(",")]
    return wrap_wsgi_with_proxy_headers(pages, trusted_hosts=trusted)


KEPT.serving = True
application = _believing(_without_streams(Threads()))
settle()
