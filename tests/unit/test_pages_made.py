"""A server makes a page whole in one thread, with room for its calls (docs/adr/0033-measured-speed.md)."""

from __future__ import annotations

from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse

from openkap.config.pages import ROOM, Everything, Threads


def test_the_chain_of_middleware_is_synchronous_in_both_kinds_of_server() -> None:
    handlers: tuple[Any, ...] = (Everything(), Threads())
    for handler in handlers:
        assert not iscoroutinefunction(handler._middleware_chain)


def test_the_first_call_of_a_page_takes_the_room_and_the_page_is_made_within_it() -> None:
    assert Everything.get_response.__code__.co_stacksize == Threads.get_response.__code__.co_stacksize == ROOM
    handler: Any = Threads()
    handler._middleware_chain = lambda request: HttpResponse(_deep(200))
    assert handler.get_response(HttpRequest()).content == b"200"


def _deep(calls: int) -> str:
    return "200" if calls == 0 else _deep(calls - 1)
