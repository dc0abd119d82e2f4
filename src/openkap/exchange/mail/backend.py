"""Where mail goes: to the site's mail server, or into a folder.

Decided here: a demonstration site never sends real mail, whatever its environment says: its messages
lie in the data folder's `outbox`, where a visitor can read them. A real site without a mail server does
not start (`openkap check`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from openkap.records.site import is_demonstration

FOLDER = "openkap.exchange.mail.outbox.Outbox"
SERVER = "django.core.mail.backends.smtp.EmailBackend"


class SiteMail(BaseEmailBackend):
    """Asks at every sending what this site is."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return self._way().send_messages(email_messages) or 0

    def _way(self) -> Any:
        server = settings.MAIL_SERVER
        if server is None or is_demonstration():
            return get_connection(FOLDER, file_path=settings.EMAIL_FILE_PATH)
        return get_connection(SERVER, **server, fail_silently=False)
