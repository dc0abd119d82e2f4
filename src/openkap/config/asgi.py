"""The server's entry: one ASGI process serves pages and streams."""

from __future__ import annotations

import os

import django

from openkap.config.memory import settle
from openkap.config.pages import Everything
from openkap.records.sqlite.kept import KEPT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")
django.setup(set_prefix=False)

application = Everything()
KEPT.serving = True
settle()
