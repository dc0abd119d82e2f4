"""Addresses of the dosing rooms, and of the order that precedes a dose."""

from __future__ import annotations

from django.urls import path

from openkap.desks.floor import (
    actions,
    before,
    board_page,
    drawing,
    home,
    morning,
    order,
    room_urls,
    tablets,
    vitals,
)

urlpatterns = [
    path("rooms/", board_page.rooms, name="rooms-board"),
    path("rooms/part/", board_page.rooms_part, name="rooms-board-part"),
    path("rooms/tablets/", tablets.tablets, name="rooms-tablets"),
    path("rooms/tablets/<uuid:device>/revoke/", tablets.revoke, name="rooms-tablet-revoke"),
    path("rooms/<uuid:room>/wall/", board_page.wall_page, name="rooms-wall"),
    path("rooms/<uuid:room>/wall/part/", board_page.wall_part, name="rooms-wall-part"),
    path("rooms/sessions/<uuid:session>/", before.session, name="rooms-session"),
    path("rooms/sessions/<uuid:session>/part/", before.part, name="rooms-session-part"),
    path("rooms/sessions/<uuid:session>/confirm/", drawing.confirm, name="rooms-confirm"),
    path("rooms/sessions/<uuid:session>/draw/", drawing.draw, name="rooms-draw"),
    path("rooms/sessions/<uuid:session>/morning/", morning.day, name="rooms-morning"),
    path("rooms/sessions/<uuid:session>/go-ahead/", before.go_ahead, name="rooms-go-ahead"),
    path("rooms/sessions/<uuid:session>/start/", before.start, name="rooms-start"),
    path("rooms/sessions/<uuid:session>/vitals/", vitals.whole, name="rooms-vitals"),
    path("rooms/sessions/<uuid:session>/set/", vitals.taps, name="rooms-set"),
    path("rooms/sessions/<uuid:session>/mark/", actions.mark, name="rooms-mark"),
    path("rooms/sessions/<uuid:session>/turn/<slug:verb>/", actions.turn, name="rooms-turn"),
    path("rooms/sessions/<uuid:session>/end/", actions.end, name="rooms-end"),
    path("rooms/sessions/<uuid:session>/play/", actions.play, name="rooms-play"),
    path("rooms/sessions/<uuid:session>/home/", home.home, name="rooms-home"),
    path("care/sessions/<uuid:session>/order/", order.order, name="care-order"),
    path("care/sessions/<uuid:session>/cancel/", order.cancel, name="care-cancel-order"),
    path("care/sessions/<uuid:session>/weigh/", order.weigh, name="care-weigh"),
    *room_urls.urlpatterns,
]
