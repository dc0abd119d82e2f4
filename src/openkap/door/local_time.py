"""In whose time a page says when: that of the practice for which the reader acts.

Decided here: whatever a template writes of a moment, in a list or in a picture, is in one zone. A page about
a room elsewhere says its own (`timezone.override`); a patient's pages are told in words by what they read. A
time that was sent and that the clock showed twice is told with the page: which of the two was taken.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openkap.door.page import actor, zone
from openkap.door.times import noting_twice, twice_words


class LocalTime:
    """After `Who`: the clock on the wall of the practice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if actor(request).organisation is not None:
            timezone.activate(zone(request))
        with noting_twice() as found:
            answer = self.get_response(request)
        if found and request.method == "POST":
            for moment in dict.fromkeys(found):
                messages.warning(request, twice_words(moment))
        return answer


@receiver(request_finished)
def forget_zone(**_sent: object) -> None:
    """The next to work in this thread has a clock of their own, and a round of the watch the site's."""
    timezone.deactivate()
