"""Sessions in the database, each knowing which sign-in it belongs to.

Decided here: Django's own store with two columns more, so that ending a sign-in is deleting its sessions:
no request and no stream needs another question for it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

# The same words as `door.who` holds in a session.
SIGN_IN, PERSON = "sign_in", "person"


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from openkap.records.staff import BrowserSession

        return BrowserSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.sign_in = UUID(data[SIGN_IN]) if data.get(SIGN_IN) else None
        row.person = UUID(data[PERSON]) if data.get(PERSON) else None
        return row
