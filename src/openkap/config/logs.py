"""Logs without secrets: what follows /l/ or /join/ in an address is a person's key, and is masked.

Also where the address stands inside another one, as the page to come back to.
"""

from __future__ import annotations

import logging
import re

_SECRETS = re.compile(r"((?:/|%2F)(?:l|join)(?:/|%2F))[A-Za-z0-9_-]{8,}", re.IGNORECASE)


class MaskSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SECRETS.sub(r"\1…", record.getMessage())
        record.args = None
        return True
