"""Where a site answers: over a real encrypted socket, on this machine only, and to whom it believes."""

from __future__ import annotations

import http.client
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from openkap.commands import serve as command
from openkap.config.environment import read
from openkap.reads import serving
from openkap.records.models import Site
from tests.people import NOW
from tests.sealed import certificate
from tests.serving import serve


def asked(connection: http.client.HTTPConnection, path: str, **headers: str) -> http.client.HTTPResponse:
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def test_over_a_real_socket_nothing_goes_in_clear(own_database: str, tmp_path: Path, settings: Any) -> None:
    seal = certificate(tmp_path)
    settings.TLS_CERT, settings.TLS_KEY = str(seal.cert), str(seal.key)
    sealed = {"OPENKAP_TLS_CERT": str(seal.cert), "OPENKAP_TLS_KEY": str(seal.key)}
    with serve(tmp_path, own_database, options=tuple(command._sealed()), **sealed) as site:
        where = urlsplit(site.address)
        trusted = ssl.create_default_context(cafile=str(seal.cert))
        open_line = http.client.HTTPSConnection("localhost", where.port or 0, timeout=60, context=trusted)
        answer = asked(open_line, "/sign-in/")
        assert answer.status == 200
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
        cookies = answer.headers.get_all("Set-Cookie") or []
        assert cookies
        assert all("Secure" in cookie for cookie in cookies)
        assert open_line.sock.version() in ("TLSv1.2", "TLSv1.3")
        with pytest.raises((OSError, http.client.HTTPException)):
            asked(http.client.HTTPConnection("127.0.0.1", where.port or 0, timeout=60), "/sign-in/")


def test_an_address_that_a_visitor_names_is_not_believed(settings: Any) -> None:
    """Else every failed try could come from another address, and no lock would hold."""
    settings.PROXY = ""
    assert command._believed() == ["--no-proxy-headers"]
    settings.PROXY = "127.0.0.1"
    assert command._believed() == ["--proxy-headers", "--forwarded-allow-ips", "127.0.0.1"]
    settings.PROXY = "10.0.0.7"
    assert "Only a proxy on this machine is believed" in serving._proxy()[0]


@pytest.mark.parametrize("host", ["*", ".example.org", "*.example.org", ""])
def test_a_site_has_whole_names(settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["kap.example.org"]
    assert serving._hosts() == []
    settings.ALLOWED_HOSTS = ["kap.example.org", host]
    assert "Name each of its names whole" in serving._hosts()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bind", "demonstration", "sealed", "says"),
    [
        ("", False, False, ""),
        ("127.0.0.1", False, False, ""),
        ("::1", False, False, ""),
        ("0.0.0.0", False, False, "there is no certificate"),
        ("192.168.1.5", False, False, "there is no certificate"),
        ("", False, True, ""),
        ("0.0.0.0", True, True, "answers on this machine only"),
        ("", True, True, ""),
    ],
)
def test_without_a_certificate_no_other_address_is_served(
    settings: Any, tmp_path: Path, bind: str, demonstration: bool, sealed: bool, says: str
) -> None:
    Site.objects.create(demonstration=demonstration, born_at=NOW)
    seal = certificate(tmp_path)
    settings.BIND, settings.PROXY = bind, ""
    settings.TLS_CERT, settings.TLS_KEY = (str(seal.cert), str(seal.key)) if sealed else ("", "")
    found = serving.faults()
    assert says in "".join(found)
    assert bool(found) is bool(says)
    if not says:
        everywhere = sealed and not demonstration
        assert serving.is_loopback(serving.address_to_bind()) is not everywhere


def test_a_certificate_that_cannot_be_used_is_named(settings: Any, tmp_path: Path) -> None:
    seal, other = certificate(tmp_path), tmp_path / "other"
    other.mkdir()
    settings.TLS_CERT, settings.TLS_KEY = str(seal.cert), str(certificate(other).key)
    assert "cannot be used together" in serving._certificate(seal.cert, Path(settings.TLS_KEY))[0]
    seal.key.chmod(0o644)
    assert "chmod 600" in serving._certificate(seal.cert, seal.key)[0]
    settings.TLS_CERT = str(seal.cert)
    assert serving.certificate_ends_at() is not None


def test_a_certificate_needs_both_and_addresses_name_the_port(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seal = certificate(tmp_path)
    monkeypatch.setenv("OPENKAP_DATA", str(tmp_path))
    monkeypatch.setenv("OPENKAP_HOSTS", "kap.example")
    monkeypatch.setenv("OPENKAP_PORT", "8443")
    monkeypatch.setenv("OPENKAP_TLS_CERT", str(seal.cert))
    with pytest.raises(SystemExit, match="OPENKAP_TLS_KEY is not"):
        read()
    monkeypatch.setenv("OPENKAP_TLS_KEY", str(seal.key))
    assert read().origins == ["https://kap.example:8443"]
    monkeypatch.setenv("OPENKAP_TLS_KEY", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match="cannot be read"):
        read()
    monkeypatch.delenv("OPENKAP_TLS_CERT")
    monkeypatch.delenv("OPENKAP_TLS_KEY")
    monkeypatch.setenv("OPENKAP_PROXY", "127.0.0.1")
    found = read()
    assert (found.origins, found.tls) == (["https://kap.example"], True)
