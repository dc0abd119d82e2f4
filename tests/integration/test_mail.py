"""Mail leaves a real site for its server, and never leaves a demonstration site."""

from __future__ import annotations

import pathlib
from unittest.mock import patch

import pytest
from django.core.mail import EmailMessage

from openkap.config.environment import mail_server
from openkap.exchange.mail.backend import SiteMail
from tests.people import cast

pytestmark = pytest.mark.django_db

SERVER = mail_server("smtps://mira:p%40ss@mail.example.org")


@pytest.fixture
def sent(settings, tmp_path: pathlib.Path) -> list[str]:  # type: ignore[no-untyped-def]
    settings.EMAIL_FILE_PATH = str(tmp_path)
    settings.MAIL_SERVER = SERVER
    hosts: list[str] = []

    def pretend(self, messages) -> int:  # type: ignore[no-untyped-def]
        hosts.append(f"{self.username}:{self.password}@{self.host}:{self.port}")
        return len(messages)

    with patch("django.core.mail.backends.smtp.EmailBackend.send_messages", pretend):
        yield hosts


def send() -> int:
    return SiteMail().send_messages([EmailMessage("Your sign-in", "words", to=["wren@example.org"])])


def test_a_demonstration_site_keeps_its_mail_whatever_its_environment_says(sent, tmp_path) -> None:  # type: ignore[no-untyped-def]
    cast()
    assert send() == 1
    assert sent == []
    assert "wren@example.org" in next(tmp_path.glob("*.log")).read_text()


def test_a_real_site_sends_by_its_server(sent, tmp_path) -> None:  # type: ignore[no-untyped-def]
    cast(demonstration=False)
    assert send() == 1
    assert sent == ["mira:p@ss@mail.example.org:465"]
    assert list(tmp_path.glob("*.log")) == []


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_an_odd_address_of_a_server_is_refused_in_words(url: str) -> None:
    with pytest.raises(SystemExit, match="OPENKAP_MAIL_URL must be"):
        mail_server(url)


def test_no_server_is_no_server() -> None:
    assert mail_server("") is None
