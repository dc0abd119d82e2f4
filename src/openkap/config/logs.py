"""Logs without secrets: what follows /l/ in an address is a person's key, and is masked."""

from __future__ import annotations

import logging
import re

_SECRETS = re.compile(r"(/l/)[A-Za-z0-9_-]{8,}")


class MaskSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SECRETS.sub(r"\1…", record.getMessage())
        record.args = None
        return True
