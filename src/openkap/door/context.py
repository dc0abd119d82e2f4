"""What every page is given."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from openkap.records.site import is_demonstration


def page(request: HttpRequest) -> dict[str, Any]:
    return {"site": {"demonstration": is_demonstration()}}
