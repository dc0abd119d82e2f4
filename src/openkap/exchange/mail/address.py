"""A mail server as one line: `smtps://user:password@host:465`, or `smtp://host:587` with STARTTLS.

Decided here: nothing is ever sent in clear; a server that knows no encryption cannot be used.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlparse


def server_at(url: str) -> dict[str, Any]:
    """Django's mail settings of such a line. Raises ValueError with a sentence."""
    try:
        parts = urlparse(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = None, None, None
    if parts is None or parts.scheme not in ("smtp", "smtps") or not host:
        raise ValueError("must be smtps://user:password@host:465, or smtp://… for STARTTLS.")
    sealed = parts.scheme == "smtps"
    return {
        "host": host,
        "port": port or (465 if sealed else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": sealed,
        "use_tls": not sealed,
        "timeout": 20,
    }
