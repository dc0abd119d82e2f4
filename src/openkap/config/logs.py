"""Logs that name nobody and nothing clinical: fixed words, kinds of fault and places in the code.

Decided here (docs/adr/0031-operations.md): a line of ours says its own words, and of a fault only its kind,
since a fault's words may quote what was typed; of another library's line only its fixed template stays, never
what was filled in. What follows /l/ or /join/ in an address is a person's key, and is masked wherever it is.
With `OPENKAP_LOG=json` each line is one JSON object, requests included (`door.requests`).
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest

_SECRETS = re.compile(r"((?:/|%2F)(?:l|join)(?:/|%2F))[A-Za-z0-9_-]{8,}", re.IGNORECASE)
# Loggers whose words are about the server itself.
_OF_THE_SERVER = ("uvicorn", "_granian", "granian")
# Faults whose first line tells of the machine and never of a row.
_OF_THE_MACHINE = ("OperationalError", "InterfaceError", "ImportError", "ModuleNotFoundError")
FRAMES = 6
_PLAIN = (str, int, float)
FIELDS = ("request", "actor", "kind", "route", "method", "status", "ms", "queries")


class MaskSecrets(logging.Filter):
    """Leaves of a record what may stand in a log: `msg`, `fault` (its kind) and `frames` (places)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if hasattr(record, "safe"):
            return True
        record.safe = True
        record.msg = _SECRETS.sub(r"\1…", _words(record))
        record.args = None
        if record.exc_info and record.exc_info[1] is not None:
            record.fault = _kind(record.exc_info[1])
            record.frames = _places(record.exc_info[1])
        record.exc_info = record.exc_text = record.stack_info = None
        return True


class Plain(logging.Formatter):
    """A line for people: time, level, logger, words, and of a fault its kind and places."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line = f"{at:%Y-%m-%d %H:%M:%S} {record.levelname} {record.name} {record.getMessage()}".rstrip()
        return " ".join([line, *_of_fault(record)])


class JsonLine(logging.Formatter):
    """The same as one JSON object, with what `door.requests` knows of a request."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": record.getMessage(),
        }
        said |= {
            name: getattr(record, name) for name in FIELDS if isinstance(getattr(record, name, None), _PLAIN)
        }
        if hasattr(record, "fault"):
            said |= {"fault": record.fault, "frames": getattr(record, "frames", [])}
        return json.dumps(said)


def configuration(how: str) -> dict[str, Any]:
    """Django's description of the logs; `how` is plain or json."""
    ours = {"handlers": ["console"], "level": "WARNING", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"mask": {"()": "openkap.config.logs.MaskSecrets"}},
        "formatters": {
            "line": {"()": f"openkap.config.logs.{'JsonLine' if how == 'json' else 'Plain'}"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["mask"]},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "uvicorn": ours,
            "uvicorn.access": ours,
            "_granian": ours,
            "openkap.requests": {**ours, "level": "INFO" if how == "json" else "WARNING"},
            "axes": {"level": "ERROR"},
        },
    }


def _words(record: logging.LogRecord) -> str:
    if record.name.startswith("openkap"):
        args = record.args if isinstance(record.args, tuple) else ()
        safe = tuple(_kind(arg) if isinstance(arg, BaseException) else arg for arg in args)
        return str(record.msg) % safe if safe else record.getMessage()
    if record.name.startswith(_OF_THE_SERVER):
        return record.getMessage()
    if record.name == "django.request" and isinstance(
        request := getattr(record, "request", None), HttpRequest
    ):
        return f"{getattr(record, 'status_code', '')} on {_route(request)}".strip()
    # The template alone; without anything to fill in nobody knows which it is, so that neither stays.
    return str(record.msg) if record.args else f"{record.funcName or 'a line'} at {record.lineno}"


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else "no page of ours"


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    if name not in _OF_THE_MACHINE:
        return name
    first = str(error).strip().splitlines()[:1]
    return f"{name}: {first[0][:200]}" if first else name


def _places(error: BaseException) -> list[str]:
    """The last few places in the code, as file:line function, without what stood in them."""
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]
    ]


def _of_fault(record: logging.LogRecord) -> list[str]:
    if not hasattr(record, "fault"):
        return []
    return [f"({record.fault} at {', '.join(getattr(record, 'frames', []))})"]
