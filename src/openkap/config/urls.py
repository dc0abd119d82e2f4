"""Every address. Each desk keeps its own; the names are the access matrix's list."""

from __future__ import annotations

from django.urls import include, path

urlpatterns: list = []
