"""Where this site may answer, and whether its certificate can be used.

Decided here: a demonstration site answers on this machine only. So does a real one without a certificate:
passwords and records cross no network in clear. A reverse proxy on this machine may stand in front of it,
where `OPENKAP_PROXY` says whose word about visitors is believed (docs/adr/0030-a-real-site.md).
"""

from __future__ import annotations

import ipaddress
import ssl
import stat
from datetime import datetime
from pathlib import Path

from cryptography import x509
from django.conf import settings

from openkap.records.site import is_demonstration

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 everywhere only behind a certificate


def address_to_bind() -> str:
    """Where the server listens: what was asked for, else everywhere with a certificate, else this machine."""
    if settings.BIND:
        return str(settings.BIND)
    return EVERYWHERE if settings.TLS_CERT and not is_demonstration() else LOOPBACK


def faults() -> list[str]:
    """What speaks against serving like this; empty is how it should be."""
    found = [*_binding(), *_hosts(), *_proxy()]
    if settings.TLS_CERT:
        found += _certificate(Path(settings.TLS_CERT), Path(settings.TLS_KEY))
    return found


def certificate_ends_at() -> datetime | None:
    """When the certificate ends, in UTC; None where there is none, or none that can be read."""
    try:
        return x509.load_pem_x509_certificate(Path(settings.TLS_CERT).read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"


def _binding() -> list[str]:
    bind = address_to_bind()
    if is_loopback(bind):
        return []
    if is_demonstration():
        return [f"OPENKAP_BIND is {bind}. A demonstration site answers on this machine only; take it out"]
    if not settings.TLS_CERT:
        return [
            f"OPENKAP_BIND is {bind}, and there is no certificate: passwords and records would cross the"
            " network in clear. Set OPENKAP_TLS_CERT and OPENKAP_TLS_KEY; or take OPENKAP_BIND out, and put a"
            " reverse proxy on this machine in front (OPENKAP_PROXY)"
        ]
    return []


def _hosts() -> list[str]:
    """Links in mails and what a browser trusts rest on these names."""
    wide = [host for host in settings.ALLOWED_HOSTS if "*" in host or not host.strip() or host[0] == "."]
    if not wide:
        return []
    return [
        f"OPENKAP_HOSTS holds {wide[0]!r}: whoever asks could say what this site is called. Name each of its"
        " names whole, with commas between them"
    ]


def _proxy() -> list[str]:
    wrong = [each for each in settings.PROXY.split(",") if each.strip() and not is_loopback(each.strip())]
    if not wrong:
        return []
    return [f"OPENKAP_PROXY is {settings.PROXY}. Only a proxy on this machine is believed: 127.0.0.1 or ::1"]


def _certificate(cert: Path, key: Path) -> list[str]:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        why = getattr(error, "reason", None) or error
        return [f"The certificate {cert} and the key {key} cannot be used together ({why})"]
    if key.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
        return [f"Others can read the key of the certificate. Run: chmod 600 {key}"]
    return []
