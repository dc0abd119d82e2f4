"""Addresses of the front desk."""

from __future__ import annotations

from django.urls import path

from openkap.desks.office import views

urlpatterns = [
    path("desk/", views.find, name="desk-find"),
    path("desk/sign-in/<uuid:file>/", views.send_sign_in, name="desk-send-sign-in"),
]
