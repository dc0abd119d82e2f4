"""The bibliography: every rule cites a key that resolves here.

Decided here: what a source is. The entries are data, in `library/sources.toml`. Keys: `S41` is the
clinical dossier's list, `Q28` the list for questionnaires, `V8` a row that was settled against the
full text, and `PROPOSED` says that no source states the number and a medical director must sign it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# The list of keys that say that nobody states it.
NO_AUTHORITY = "no authority"


@dataclass(frozen=True, slots=True)
class Source:
    """One entry. `kind` is the list it belongs to; `text` says where to read it."""

    key: str
    kind: str
    text: str
    as_of: str

    @property
    def cited(self) -> str:
        """The key with where to read it."""
        return f"{self.key}: {self.text}"


class UnknownSource(KeyError):
    """A key that no entry has."""

    def __str__(self) -> str:
        return f"No source has the key {self.args[0]!r}."


@cache
def bibliography() -> dict[str, Source]:
    """Every source by its key, in the order of the file."""
    data = tomllib.loads(files("openkap.medicine.library").joinpath("sources.toml").read_text("utf-8"))
    return {
        key: Source(key, section["kind"], text, section["as_of"])
        for section in data["list"]
        for key, text in section["entries"].items()
    }


def resolve(key: str) -> Source:
    """The source of `key`. Raises `UnknownSource`."""
    try:
        return bibliography()[key]
    except KeyError:
        raise UnknownSource(key) from None
