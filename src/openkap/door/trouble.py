"""When something goes wrong: words, a way on, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Trouble:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


def locked_out(request: HttpRequest, credentials: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse("Too many tries. Wait 15 minutes, then try again.", status=429)
