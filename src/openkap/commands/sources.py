"""`openkap sources [KEY ...]`: print the bibliography, or some of its entries."""

from __future__ import annotations

from dataclasses import asdict

from openkap.commands.stream import Options, Unfit, fit, to_json, write
from openkap.medicine.sources import UnknownSource, bibliography, resolve


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("sources", "Print the bibliography.")
    parser.add_argument("keys", nargs="*", metavar="KEY", help="only these entries")
    parser.add_argument("--explain", action="store_true", help="print for people instead of JSON lines")
    options = parser.parse_args(argv)
    try:
        entries = [resolve(key) for key in options.keys] if options.keys else list(bibliography().values())
    except UnknownSource as unknown:
        raise Unfit(str(unknown)) from None
    for source in entries:
        write(f"{source.key:9} {source.text}" if options.explain else to_json(asdict(source)))
    return 0
