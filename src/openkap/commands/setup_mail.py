"""The mail server of a real site: from the environment, from a file that was named, or asked.

Decided here: its address may hold a password, so that it goes into a file of its own among the keys.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from openkap.commands.setup_answers import Answers, NotAnswered
from openkap.commands.setup_keys import write_secret
from openkap.exchange.mail.address import server_at
from openkap.steps.founding import fit_email
from openkap.steps.frame import Refused

FILE = "mail.url"


def mail_server_for(answers: Answers, folder: Path) -> tuple[dict[str, Any] | None, str]:
    """How mail is sent, and from which address; None where nobody said. Raises NotAnswered."""
    url = _given(answers)
    if not url:
        url = answers.get("mail_url", _WORDS, _fit) if answers.asks else ""
    if not url:
        return None, ""
    if not os.environ.get("OPENKAP_MAIL_URL") and not os.environ.get("OPENKAP_MAIL_URL_FILE"):
        write_secret(folder / FILE, url, anew=True)
        os.environ["OPENKAP_MAIL_URL_FILE"] = str(folder / FILE)
    try:
        server = server_at(url)
    except ValueError as wrong:
        raise NotAnswered(f"The mail server {wrong}") from wrong
    sender = os.environ.get("OPENKAP_MAIL_FROM") or answers.get(
        "mail_from", "Address that mail comes from", fit_email
    )
    os.environ["OPENKAP_MAIL_FROM"] = sender
    return server, sender


_WORDS = "Mail server, as smtps://user:password@host:465 (empty: later)"


def _given(answers: Answers) -> str:
    file = answers.option("mail_url_file") or os.environ.get("OPENKAP_MAIL_URL_FILE", "")
    if not file:
        return os.environ.get("OPENKAP_MAIL_URL", "")
    try:
        url = Path(file).read_text().strip()
    except OSError as error:
        raise NotAnswered(f"The file {file} of the mail server cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise NotAnswered(f"The file {file} of the mail server is no text.") from error
    os.environ["OPENKAP_MAIL_URL_FILE"] = str(Path(file).resolve())
    return url


def _fit(text: str) -> str:
    try:
        if text:
            server_at(text)
    except ValueError as wrong:
        raise Refused(f"It {wrong}") from wrong
    return text
