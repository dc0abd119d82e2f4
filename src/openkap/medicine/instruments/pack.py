"""The instruments of the library, by id.

Decided here: what there is. A file of `library/instruments` is a scoring pack, read by `reading`; its words
are a pack of their own (`text_pack`).
"""

from __future__ import annotations

from functools import cache

from openkap.medicine.instruments.instrument import Instrument
from openkap.medicine.instruments.reading import read_instrument
from openkap.medicine.rules import library_folder, read_document


class UnknownInstrument(LookupError):
    """An instrument, or its words in a language, that the library does not have."""


@cache
def instrument_ids() -> tuple[str, ...]:
    """Every instrument the library can score, by id."""
    folder = library_folder().joinpath("instruments")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


@cache
def instrument(id: str) -> Instrument:
    """The instrument `id`. Raises `UnknownInstrument`, or `Unsound` where its file may not be used."""
    if id not in instrument_ids():
        known = ", ".join(instrument_ids())
        raise UnknownInstrument(f"No instrument {id!r}. The library has {known}.")
    file = library_folder().joinpath("instruments", f"{id}.toml")
    return read_instrument(read_document(f"instruments/{id}.toml", file.read_text("utf-8")))
