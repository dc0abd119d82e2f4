"""Addresses for everyone."""

from __future__ import annotations

from django.urls import path

from openkap.desks.public import health, views

urlpatterns = [
    path("", views.home, name="public-home"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("csp-report/", health.csp_report, name="csp-report"),
]
