"""How a server's process makes pages: each whole in one thread, with room for deep calls.

Decided here (docs/adr/0033-measured-speed.md): none of our middleware is asynchronous, so the chain of them
runs in the page's thread from end to end, instead of being handed between two threads at its inner end. And a
thread of Python takes memory for calls 16 KB at a time and gives a piece back as soon as it is left: where a
page's loop happens to call across the edge of a piece, each turn asks the system for one, some hundred times
a page. Whoever calls first asks for so much that no page comes to an edge.
"""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# In places of 8 bytes: just over half of 512 KB, so that a piece of 512 KB is taken, and its rest is free.
ROOM = 2**15 + 2**10


class Roomy(BaseHandler):
    """The first call of a page takes the room for all others."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        return BaseHandler.get_response(self, request)

    get_response.__code__ = get_response.__code__.replace(co_stacksize=ROOM)


class Threads(Roomy, WSGIHandler):
    """For a process that serves pages only."""


class Everything(Roomy, ASGIHandler):
    """For a process that serves streams as well; its chain of middleware is the synchronous one."""

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: Any) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)
