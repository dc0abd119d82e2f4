"""Sessions in the database, each knowing which sign-in it belongs to.

Decided here: Django's own store with two columns more, so that ending a sign-in is deleting its sessions:
no request and no stream needs another question for it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

if TYPE_CHECKING:
    from openkap.records.compiled import Compiled

# The same words as `door.who` holds in a session.
SIGN_IN, PERSON = "sign_in", "person"


@cache
def _stored() -> Compiled[Any]:
    from openkap.records.compiled import Compiled

    model = SessionStore.get_model_class()
    return Compiled(model, lambda key, at: model.objects.filter(session_key=key, expire_date__gt=at))


class SessionStore(DatabaseStore):
    def _get_session_from_db(self) -> Any:
        """As Django does it; what is not there is left to Django to say."""
        found = _stored()(key=self.session_key, at=timezone.now()) if self.session_key else []
        return found[0] if found else super()._get_session_from_db()  # type: ignore[misc]

    @classmethod
    def get_model_class(cls) -> Any:
        from openkap.records.staff import BrowserSession

        return BrowserSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.sign_in = UUID(data[SIGN_IN]) if data.get(SIGN_IN) else None
        row.person = UUID(data[PERSON]) if data.get(PERSON) else None
        return row
