"""The Django app that carries templates, template tags and the built static files."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Holds no models: only what pages are made of."""

    name = "openkap.ui"
    label = "ui"
