"""Addresses of the front desk."""

from __future__ import annotations

from django.urls import path

from openkap.desks.office import day, page, requests, views

urlpatterns = [
    path("desk/", day.desk, name="desk-find"),
    path("desk/print/", day.paper, name="desk-print"),
    path("desk/here/<uuid:session>/", day.here, name="desk-here"),
    path("desk/not-here/<uuid:session>/", day.not_here, name="desk-not-here"),
    path("desk/sign-in/<uuid:file>/", views.send_sign_in, name="desk-send-sign-in"),
    path("desk/page/", page.page, name="desk-page"),
    path("desk/requests/", requests.several, name="desk-requests"),
    path("desk/requests/<uuid:request_id>/", requests.one, name="desk-request"),
    path("desk/requests/<uuid:request_id>/contact/", requests.contact, name="desk-request-contact"),
    path("desk/requests/<uuid:request_id>/open/", requests.open_file, name="desk-request-open"),
    path("desk/requests/<uuid:request_id>/close/", requests.close, name="desk-request-close"),
]
