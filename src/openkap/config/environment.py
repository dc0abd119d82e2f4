"""What the environment says. A missing or odd setting fails with a kind sentence.

Decided here: secrets come from the environment or from files (`NAME_FILE`); the folder of a site
holds its database, its keys and its outbox, and nothing of it leaves that folder.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from environs import Env

from openkap.exchange.mail.address import server_at


@dataclass(frozen=True, slots=True)
class Backups:
    """Where backups lie, at which hour (UTC, None: never) one is made, how many stay, and to whom sealed."""

    folder: Path
    hour: int | None
    keep: int
    late_hours: int
    recipient: str
    key_file: str


@dataclass(frozen=True, slots=True)
class Environment:
    data: Path
    port: int
    hosts: list[str]
    origins: list[str]
    secret_key: str
    secret_made_here: bool
    database_url: str
    idle_minutes: int
    patient_idle_minutes: int
    crisis_words: str
    crisis_number: str
    bind: str
    tls: bool
    tls_cert: str
    tls_key: str
    proxy: str
    insecure_origin: bool
    mail_server: dict[str, Any] | None
    mail_from: str
    journal_key: Path
    text_packs: Path | None
    process_store: Path
    process_key: str
    process_key_file: Path
    backups: Backups
    log: str


def read() -> Environment:
    """Read and check; exits with one sentence where a value cannot be used."""
    env = Env()
    data = Path(os.environ.get("OPENKAP_DATA") or "var").resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret, made = _secret(data)
    port = _whole_number("OPENKAP_PORT", 8000, 1, 65535)
    cert, key = _certificate()
    proxy = os.environ.get("OPENKAP_PROXY", "")
    tls = bool(cert or proxy)
    hosts = env.list("OPENKAP_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
    return Environment(
        data=data,
        port=port,
        hosts=hosts,
        origins=_origins(hosts, port, sealed=bool(cert)) if tls else _loopback(port),
        secret_key=secret,
        secret_made_here=made,
        database_url=_or_file("DATABASE_URL"),
        idle_minutes=_whole_number("OPENKAP_IDLE_MINUTES", 15, 1, 120),
        patient_idle_minutes=_whole_number("OPENKAP_PATIENT_IDLE_MINUTES", 60, 5, 720),
        crisis_words=os.environ.get("OPENKAP_CRISIS_WORDS") or "",
        crisis_number=os.environ.get("OPENKAP_CRISIS_NUMBER") or "",
        bind=os.environ.get("OPENKAP_BIND", ""),
        tls=tls,
        tls_cert=cert,
        tls_key=key,
        proxy=proxy,
        insecure_origin=not tls,
        mail_from=env.str("OPENKAP_MAIL_FROM", "openkap@localhost"),
        mail_server=mail_server(_or_file("OPENKAP_MAIL_URL")),
        process_store=_path("OPENKAP_PROCESS_STORE", data / "process.sqlite3"),
        # Read only when it is needed, so that `openkap check` can say what is wrong with it.
        process_key=os.environ.get("OPENKAP_PROCESS_KEY", ""),
        process_key_file=_path("OPENKAP_PROCESS_KEY_FILE", data / "process.key"),
        backups=_backups(data),
        log=_one_of("OPENKAP_LOG", ("plain", "json")),
        journal_key=Path(os.environ.get("OPENKAP_JOURNAL_KEY_FILE") or data / "keys" / "journal.key"),
        text_packs=_path("OPENKAP_TEXT_PACKS", data) if os.environ.get("OPENKAP_TEXT_PACKS") else None,
    )


def _backups(data: Path) -> Backups:
    hour = os.environ.get("OPENKAP_BACKUP_HOUR", "")
    return Backups(
        folder=_path("OPENKAP_BACKUP_FOLDER", data / "backups"),
        hour=None if hour == "off" else _whole_number("OPENKAP_BACKUP_HOUR", 3, 0, 23),
        keep=_whole_number("OPENKAP_BACKUP_KEEP", 14, 1, 1000),
        late_hours=_whole_number("OPENKAP_BACKUP_LATE_HOURS", 26, 1, 720),
        recipient=os.environ.get("OPENKAP_BACKUP_RECIPIENT", ""),
        key_file=os.environ.get("OPENKAP_BACKUP_KEY_FILE", ""),
    )


def _one_of(name: str, choices: tuple[str, ...]) -> str:
    """One of these words; the first where nothing is said."""
    text = os.environ.get(name) or choices[0]
    if text not in choices:
        sys.exit(f"{name} is {text!r}; it takes {' or '.join(choices)}.")
    return text


def _certificate() -> tuple[str, str]:
    """The certificate and its key, both or neither; exits where one of them cannot be read."""
    cert, key = os.environ.get("OPENKAP_TLS_CERT", ""), os.environ.get("OPENKAP_TLS_KEY", "")
    if bool(cert) != bool(key):
        given, wanted = ("CERT", "KEY") if cert else ("KEY", "CERT")
        sys.exit(f"OPENKAP_TLS_{given} is set and OPENKAP_TLS_{wanted} is not. A certificate needs both.")
    for name, path in (("OPENKAP_TLS_CERT", cert), ("OPENKAP_TLS_KEY", key)):
        if path and not os.access(path, os.R_OK):
            sys.exit(f"{name} names {path}, which cannot be read.")
    return cert, key


def _origins(hosts: list[str], port: int, *, sealed: bool) -> list[str]:
    """Where pages come from; the first is the one that mails name. A proxy answers at the usual port."""
    end = f":{port}" if sealed and port != 443 else ""
    return [f"https://{host}{end}" for host in hosts]


def _loopback(port: int) -> list[str]:
    return [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]


def database(env: Environment) -> dict[str, Any]:
    """Django's description of the database: a SQLite file in the data folder, or PostgreSQL by URL."""
    if not env.database_url:
        return _sqlite(env.data / "openkap.sqlite3")
    url = urlparse(env.database_url)
    if url.scheme == "sqlite":
        return _sqlite(Path(unquote(url.path)))
    if url.scheme not in ("postgres", "postgresql"):
        sys.exit("DATABASE_URL must begin with postgresql:// (or be absent, for SQLite in the data folder).")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        # A server that is away is told after ten seconds, while whoever waits is still there.
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 12, "timeout": 10}},
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "openkap.records.sqlite",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "cached_statements": 1000,  # a page asks some forty; those of all pages stay understood
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;",
        },
        "TEST": {"NAME": str(path.with_name("test-openkap.sqlite3"))},
    }


def mail_server(url: str) -> dict[str, Any] | None:
    """Django's mail settings of the line in OPENKAP_MAIL_URL; exits where it is no such line."""
    try:
        return server_at(url) if url else None
    except ValueError as wrong:
        sys.exit(f"OPENKAP_MAIL_URL {wrong}")


def _secret(data: Path) -> tuple[str, bool]:
    """The key that signs sessions: from the environment, or made once and kept beside the database."""
    given = _or_file("OPENKAP_SECRET_KEY")
    if given:
        return given, False
    path = data / "secret_key"
    if not path.exists():
        # Written whole or not at all: two processes may start at once.
        fresh = path.with_name(f"secret_key.{os.getpid()}")
        fresh.write_text(secrets.token_urlsafe(50))
        fresh.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip(), True


def _or_file(name: str) -> str:
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            sys.exit(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.")
        except UnicodeDecodeError:
            sys.exit(f"{name}_FILE names {path}, which is no text.")
    return os.environ.get(name, "")


def _path(name: str, otherwise: Path) -> Path:
    return Path(os.environ.get(name) or otherwise).absolute()


def _whole_number(name: str, otherwise: int, least: int, most: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return otherwise
    if not text.isdecimal() or not least <= int(text) <= most:
        sys.exit(f"{name} is {text!r}; it takes a whole number from {least} to {most}.")
    return int(text)
