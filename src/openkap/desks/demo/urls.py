"""Addresses of the demonstration."""

from __future__ import annotations

from django.urls import path

from openkap.desks.demo import views

urlpatterns = [
    path("demo/", views.personas, name="demo"),
    path("demo/kit/", views.kit, name="demo-kit"),
    path("demo/become/<slug:key>/", views.become, name="demo-become"),
]
