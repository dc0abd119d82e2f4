"""One request, one reading of a practice's own numbers.

Decided here: while a page is made or a step is taken, the numbers are those that held when it was asked for,
and they are read once. What streams afterwards reads them anew.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from openkap.records.facts.law import held


class SameLaw:
    """Around the page itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with held():
            return self.get_response(request)
