"""One real message, to see whether mail leaves this site: what the server said, line by line.

Decided here: it goes the same way as every other message (the same encryption, the same sender), and a server
that says no is quoted, since its words are what an administrator can look up.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any


class MailRefused(Exception):
    """The message did not leave. Says where it stopped, and what the server answered."""


def send_one(server: dict[str, Any], *, sender: str, to: str, subject: str, body: str) -> list[str]:
    """Send it to `server` (as `environment.mail_server` gives it); what was answered. Raises MailRefused."""
    said: list[str] = []
    where = f"{server['host']}:{server['port']}"
    try:
        with _connected(server) as line:
            said.append(f"connected to {where}, encrypted")
            # A server may hear nothing before it was greeted, and after STARTTLS once more.
            line.ehlo_or_helo_if_needed()
            if server["username"]:
                said.append(_line("signed in", line.login(server["username"], server["password"])))
            said.append(_line("sender", _good(line.mail(sender))))
            said.append(_line("recipient", _good(line.rcpt(to))))
            said.append(_line("message", _good(line.data(_message(sender, to, subject, body)))))
    except smtplib.SMTPResponseException as error:
        raise MailRefused(f"{where} answered: {_line('', (error.smtp_code, error.smtp_error))}") from error
    except ssl.SSLError as error:
        raise MailRefused(f"{where} could not be reached with encryption: {error.reason}.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailRefused(f"{where} could not be reached: {error}.") from error
    return said


def _connected(server: dict[str, Any]) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server["use_ssl"]:
        return smtplib.SMTP_SSL(server["host"], server["port"], timeout=server["timeout"], context=context)
    line = smtplib.SMTP(server["host"], server["port"], timeout=server["timeout"])
    line.starttls(context=context)
    return line


def _good(answer: tuple[int, bytes]) -> tuple[int, bytes]:
    if answer[0] >= 400:
        raise smtplib.SMTPResponseException(*answer)
    return answer


def _line(what: str, answer: tuple[int, bytes | str]) -> str:
    code, words = answer
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{what}: {code} {text}".removeprefix(": ").replace("\n", " ").strip()


def _message(sender: str, to: str, subject: str, body: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = (
        formatdate(),
        make_msgid(domain=sender.rpartition("@")[2] or None),
    )
    message.set_content(body)
    return message.as_bytes()
