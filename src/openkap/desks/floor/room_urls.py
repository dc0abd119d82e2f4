"""Addresses of a room beside its vitals, of going home on paper, and of the next day's call."""

from __future__ import annotations

from django.urls import path

from openkap.desks.floor import event, further, giving, going_paper, more, next_day, touch_less, watch_over

urlpatterns = [
    path("rooms/sessions/<uuid:session>/paper/", going_paper.paper, name="rooms-paper"),
    path("rooms/sessions/<uuid:session>/more/", more.more, name="rooms-more"),
    path("rooms/sessions/<uuid:session>/medicine/", more.medicine, name="rooms-medicine"),
    path("rooms/sessions/<uuid:session>/note/", more.note, name="rooms-note"),
    path("rooms/sessions/<uuid:session>/no-touch/", touch_less.touch_less, name="rooms-touch-less"),
    path("rooms/sessions/<uuid:session>/timer/", more.timer, name="rooms-timer"),
    path("rooms/sessions/<uuid:session>/further/", further.further, name="rooms-further"),
    path("rooms/sessions/<uuid:session>/given/", giving.given, name="rooms-given"),
    path("rooms/sessions/<uuid:session>/hold/", giving.hold, name="rooms-hold"),
    path("rooms/timers/<uuid:event>/end/", more.timer_end, name="rooms-timer-end"),
    path("rooms/sessions/<uuid:session>/stop/", watch_over.stop, name="rooms-stop"),
    path("rooms/sessions/<uuid:session>/over/", watch_over.over, name="rooms-over"),
    path("rooms/sessions/<uuid:session>/help/", watch_over.call, name="rooms-help"),
    path("rooms/sessions/<uuid:session>/event/", event.event, name="rooms-event"),
    path("rooms/events/<uuid:event>/", event.again, name="rooms-event-again"),
    path("care/sessions/<uuid:session>/call/", next_day.call, name="care-call"),
]
