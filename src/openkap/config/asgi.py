"""The server's entry: one ASGI process serves pages and streams."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

from openkap.config.memory import settle
from openkap.records.sqlite.kept import KEPT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")

application = get_asgi_application()
KEPT.serving = True
settle()
