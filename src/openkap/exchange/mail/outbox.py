"""The site's outbox: each message a file in the data folder, where a person or a relay takes it up.

Decided here: the files hold links in clear, so the folder is readable by the site's own account only.
When it is used is `backend.SiteMail`'s to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend


class Outbox(EmailBackend):
    """Django's file backend with the folder closed to others."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(self.file_path)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        return super().send_messages(email_messages) or 0
