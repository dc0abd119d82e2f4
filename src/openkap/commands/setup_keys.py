"""The keys of a real site: made once, each in a file of its own, beside the data folder and never in it.

Decided here: whoever copies the data folder does not copy what opens it. Keys given by the environment are
left as they are. `openkap.env` names where everything lies, for the service that runs the site; it holds no
secret itself (docs/adr/0011-settings.md).
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import shlex
from collections.abc import Callable
from pathlib import Path

ENV_FILE = "openkap.env"


def _signing() -> str:
    return secrets.token_urlsafe(50)


def _sealing() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


# Setting, what its file is called, how it is made.
KEYS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("OPENKAP_SECRET_KEY", "site.key", _signing),
    ("OPENKAP_PROCESS_KEY", "process.key", _sealing),
    ("OPENKAP_JOURNAL_KEY", "journal.key", _sealing),
)
KEPT = (
    "OPENKAP_DATA",
    "OPENKAP_SECRET_KEY_FILE",
    "OPENKAP_PROCESS_STORE",
    "OPENKAP_PROCESS_KEY_FILE",
    "OPENKAP_JOURNAL_KEY_FILE",
    "DATABASE_URL_FILE",
    "OPENKAP_MAIL_URL_FILE",
    "OPENKAP_MAIL_FROM",
    "OPENKAP_PORT",
    "OPENKAP_BIND",
    "OPENKAP_HOSTS",
    "OPENKAP_TLS_CERT",
    "OPENKAP_TLS_KEY",
    "OPENKAP_PROXY",
    "OPENKAP_BACKUP_FOLDER",
    "OPENKAP_BACKUP_HOUR",
    "OPENKAP_BACKUP_RECIPIENT",
    "OPENKAP_BACKUP_KEY_FILE",
    "OPENKAP_LOG",
    "OPENKAP_CRISIS_NUMBER",
    "OPENKAP_CRISIS_WORDS",
)


def data_folder() -> Path:
    return Path(os.environ.get("OPENKAP_DATA") or "var").resolve()


def keys_folder(chosen: str) -> Path:
    """Where the keys lie: as chosen, else beside the data folder. Raises ValueError where it is inside it."""
    data = data_folder()
    folder = Path(chosen).resolve() if chosen else data.with_name(f"{data.name}-keys")
    if folder == data or folder.is_relative_to(data):
        raise ValueError(
            f"The keys cannot lie in {folder}: a copy of the data folder would hold what opens it. Choose "
            "another place with --keys."
        )
    return folder


def recall(folder: Path) -> None:
    """What an earlier run wrote down, for this process; what the environment says now counts more."""
    file = folder / ENV_FILE
    if not file.is_file():
        return
    for line in file.read_text().splitlines():
        name, sign, value = line.partition("=")
        if sign and name in KEPT:
            os.environ.setdefault(name, _unquoted(value))


def _unquoted(value: str) -> str:
    """What a shell and systemd make of it. What cannot be read so stays as somebody wrote it."""
    try:
        return " ".join(shlex.split(value))
    except ValueError:
        return value


def make_keys(folder: Path) -> list[str]:
    """Make what is missing; says of each where it lies. The process's environment names them from now on."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    said = []
    for name, file_name, fresh in KEYS:
        if os.environ.get(name):
            said.append(f"{name} comes from the environment.")
            continue
        path = Path(os.environ.setdefault(f"{name}_FILE", str(folder / file_name)))
        made = write_secret(path, fresh())
        said.append(f"{path} ({'made' if made else 'kept'})")
    return said


def write_secret(path: Path, text: str, *, anew: bool = False) -> bool:
    """A file only this account may read, whole or not at all. False where it was there and is kept."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and not anew:
        path.chmod(0o600)
        return False
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text + "\n")
    if anew:
        fresh.replace(path)
        return True
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
    return True


def write_down(folder: Path) -> Path:
    """The settings of this site, for the service that runs it. Names files, holds no secret.

    What somebody else wrote into it stays.
    """
    os.environ["OPENKAP_DATA"] = str(data_folder())
    lines = [
        "# Written by openkap setup. It names where the site's files lie and holds no secret itself.",
        *(f"{name}={shlex.quote(os.environ[name])}" for name in KEPT if os.environ.get(name)),
    ]
    if os.environ.get("DATABASE_URL"):
        lines.append(
            "# DATABASE_URL is not written here, since it may hold a password: use DATABASE_URL_FILE."
        )
    path = folder / ENV_FILE
    written = path.read_text().splitlines() if path.is_file() else []
    lines += [line for line in written if line.strip() and line.partition("=")[0] not in KEPT]
    lines = list(dict.fromkeys(lines))
    write_secret(path, "\n".join(lines), anew=True)
    return path
