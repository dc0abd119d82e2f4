"""No log line holds a word of what was typed, sent or kept, in whatever form it came."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, OperationalError
from django.test import Client

from openkap.config.logs import JsonLine, MaskSecrets, Plain, configuration
from openkap.watch.rounds import Round, go_round
from tests.integration.clinic_desk import visiting
from tests.integration.door_visitors import Visitor
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db

WORD = "ashwillow"


@pytest.fixture(params=[JsonLine, Plain])
def lines(request: pytest.FixtureRequest, settings: Any) -> Iterator[io.StringIO]:
    """All that the site's own handler writes, at the finest level, whatever logger it comes from."""
    settings.LOG = "json"
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(MaskSecrets())
    handler.setFormatter(request.param())
    loggers = [logging.getLogger(name) for name in ("", *configuration("json")["loggers"])]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield written
    for logger, level in before:
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_nothing_that_is_sent_to_a_page_is_logged(people: Cast, lines: io.StringIO) -> None:
    client = Client(
        raise_request_exception=False, headers={"user-agent": WORD, "x-request-id": f"{WORD}-1234"}
    )
    client.get(f"/no/such/{WORD}/?q={WORD}")
    client.post("/sign-in/code/send/", {"contact": f"{WORD}@example.org"})
    client.post("/sign-in/", {"login": f"{WORD}@example.org", "password": WORD})
    client.post("/at/larkmoor/ask/", {"words": WORD, "paper": SimpleUploadedFile(f"{WORD}.pdf", b"x")})
    client.get("/", headers={"host": f"{WORD}.example.org"})
    client.generic(WORD.upper(), "/")
    report = {
        "csp-report": {"document-uri": f"http://x/{WORD}/", "violated-directive": WORD, "blocked-uri": WORD}
    }
    client.post("/csp-report/", json.dumps(report), content_type="application/json")
    with visiting("tamsin", NOW) as tamsin:
        tamsin.get(f"/care/patients/?q={WORD}")
    said = lines.getvalue()
    assert "care-find" in said or "request" in said
    assert WORD not in said.lower()


def test_nothing_that_a_fault_says_is_logged(people: Cast, lines: io.StringIO, monkeypatch: Any) -> None:
    """A database quotes rows in its faults, and a view what it was given."""
    from openkap.desks.public import views

    for fault in (ValueError, IntegrityError, DatabaseError):

        def fail(*_args: Any, fault: type[Exception] = fault, **_kwargs: Any) -> None:
            raise fault(f"Key (name)=({WORD}) already exists")

        monkeypatch.setattr(views, "render", fail)
        assert Client(raise_request_exception=False).get("/").status_code == 500
        go_round([Round("test", timedelta(days=1), fail)], NOW)
        logging.getLogger("openkap.trouble").error("it broke: %s", fault(WORD))
        logging.getLogger("some.library").error(f"it broke over {WORD}")
        logging.getLogger("some.library").error("it broke over %s", WORD, exc_info=fault(WORD))
    said = lines.getvalue()
    assert "IntegrityError" in said and "views.py" in said, "the kind and the place are said"
    assert WORD not in said.lower()


def test_what_the_machine_says_is_kept(lines: io.StringIO) -> None:
    logging.getLogger("openkap.trouble").error(
        "no: %s", OperationalError("database or disk is full\nDETAIL: x")
    )
    assert "database or disk is full" in lines.getvalue() and "DETAIL" not in lines.getvalue()


def test_a_request_is_one_line_without_its_address(people: Cast, settings: Any, lines: io.StringIO) -> None:
    visitor = Visitor()
    answer = visitor.get("/health/live?x=1")
    last = lines.getvalue().splitlines()[-1]
    assert "/health" not in last
    assert len(answer.headers["X-Request-ID"]) == 36
    if last.startswith("{"):
        told = json.loads(last)
        assert (told["route"], told["method"], told["status"], told["kind"]) == (
            "health-live",
            "GET",
            200,
            "nobody",
        )
        assert told["request"] == answer.headers["X-Request-ID"] and told["queries"] < 20 and told["ms"] > 0
