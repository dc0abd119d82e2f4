"""What the medicine's commands share: cases in, one JSON object a line out.

Decided here: how a file of cases is read (one JSON object, JSON lines, or CSV) and how a case that
cannot be used is told without stopping the others. A million rows pass through; only a single JSON
document over several lines is held whole. Authority: `docs/reference/command.md`.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn, TextIO

from openkap.medicine.inputs import Unusable
from openkap.medicine.rules import RuleSet, Unsound, library

DELIMITERS = ",;\t"


class Unfit(Exception):
    """The file or an option cannot be used at all. The message is the one sentence people see."""


class Twice(Exception):
    """One key stands twice in one JSON object."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is given twice.")
        self.key = key


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the input. `error` says why there is no `data`, `field` where, if a field is to blame."""

    number: int
    data: Mapping[str, Any]
    error: str = ""
    from_csv: bool = False
    field: str = ""


class Options(argparse.ArgumentParser):
    """Options that refuse with one sentence and exit status 2."""

    def __init__(self, name: str, about: str) -> None:
        super().__init__(prog=f"openkap {name}", description=about, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise Unfit(f"{self.prog}: {message}.")

    def takes_cases(self) -> None:
        self.add_argument("file", nargs="?", default="-", help="cases to answer; - or absent: standard input")
        self.add_argument("--explain", action="store_true", help="print for people instead of JSON lines")
        self.takes_rules()

    def takes_rules(self) -> None:
        self.add_argument("--rules", metavar="FILE", help="a clinic's signed set (openkap rules --export)")


def fit(run: Callable[[], int]) -> int:
    """Run a command; an unusable file or option is one sentence on standard error and status 2."""
    try:
        return run()
    except (Unfit, Unsound) as unfit:
        sys.stderr.write(f"{unfit}\n")
        return 2


def ruleset(options: argparse.Namespace) -> RuleSet:
    """The library, or the clinic's signed set laid over it. Raises `Unsound` or `Unfit`."""
    if not options.rules:
        return library()
    from openkap.medicine.signed import read_signed

    try:
        return read_signed(Path(options.rules), library())
    except OSError as error:
        raise Unfit(f"{options.rules} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Unfit(f"{options.rules} is not UTF-8 text.") from None


def answer_each(
    options: argparse.Namespace,
    answer: Callable[[Row], Mapping[str, Any]],
    explain: Callable[[Mapping[str, Any]], str] | None = None,
    check: Callable[[list[str]], None] | None = None,
) -> int:
    """Answer every case of `options.file` in order; 0, or 1 where one could not be used.

    `answer` raises `Unusable` for a case that cannot be. `explain` turns an answer into words for
    `--explain`. `check` looks at a CSV's columns first and may raise `Unfit`.
    """
    status = 0
    wording = explain if options.explain and explain else None
    with open_text(options.file) as text:
        for row in read_rows(text, options.file, check):
            try:
                if row.error:
                    raise Unusable(row.field, row.error)
                out = answer(row)
            except Unusable as bad:
                status = 1
                out = {"error": str(bad), "field": bad.field, "row": row.number}
                write(f"Row {row.number}: {bad}" if options.explain else to_json(out))
                continue
            write(wording(out) if wording else to_json(out))
    return status


def write(line: str) -> None:
    sys.stdout.write(line + "\n")


def to_json(value: Any) -> str:
    """One line, whatever it holds: letters beyond ASCII are escaped, so that no reader splits it."""
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form.")


def open_text(name: str) -> TextIO:
    """The input as text, a byte order mark removed. Raises `Unfit`."""
    try:
        if name == "-":
            return TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
        return Path(name).open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise Unfit(f"{name} cannot be read: {error.strerror}.") from None


def read_rows(
    text: Iterable[str], name: str, check: Callable[[list[str]], None] | None = None
) -> Iterator[Row]:
    """The cases of a file, one by one. JSON where it begins so, else CSV. Raises `Unfit`."""
    try:
        first = next((line for line in text if line.strip()), "")
        if not first:
            raise Unfit(f"{_called(name)} is empty.")
        if first.lstrip()[0] in "{[":
            yield from _json_rows(first, text, name)
        else:
            yield from _csv_rows(first, text, name, check)
    except UnicodeDecodeError:
        raise Unfit(f"{_called(name)} is not UTF-8 text.") from None
    except csv.Error as error:
        raise Unfit(f"{_called(name)} is not readable as CSV: {error}.") from None


def _called(name: str) -> str:
    return "The input" if name == "-" else name


def _json_rows(first: str, rest: Iterable[str], name: str) -> Iterator[Row]:
    lines: Iterable[str] = chain([first], rest)
    if not _is_whole(first):
        # Not JSON lines: one document over several lines, or lines that are broken.
        lines = [first, *rest]
        whole = _parse("".join(lines))
        if whole is not None:
            yield from _document(whole)
            return
        if not any(_is_whole(line) for line in lines):
            raise Unfit(f"{_called(name)} is not readable as JSON.")
    for number, line in enumerate((line for line in lines if line.strip()), start=1):
        parsed = _parse(line)
        if isinstance(parsed, list) and number == 1:
            yield from _document(parsed)
        else:
            yield _object(number, parsed)


def _document(whole: Any) -> Iterator[Row]:
    cases = whole if isinstance(whole, list) else [whole]
    for number, case in enumerate(cases, start=1):
        yield _object(number, case)


def _object(number: int, parsed: Any) -> Row:
    if isinstance(parsed, Twice):
        return Row(number, {}, str(parsed), field=parsed.key)
    if isinstance(parsed, dict):
        return Row(number, parsed)
    return Row(number, {}, "This line is not a JSON object.")


def _is_whole(line: str) -> bool:
    return _parse(line) is not None


def _parse(text: str) -> Any:
    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_told_once
        )
    except Twice as twice:
        return twice
    except (ValueError, RecursionError):
        return None


def _told_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON keeps the last of two equal keys; of two answers to one question neither may be lost."""
    told = dict(pairs)
    if len(told) != len(pairs):
        keys = [key for key, _ in pairs]
        raise Twice(next(key for key in keys if keys.count(key) > 1))
    return told


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number.")


def _csv_rows(
    first: str, rest: Iterable[str], name: str, check: Callable[[list[str]], None] | None
) -> Iterator[Row]:
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(chain([first], rest), delimiter=delimiter)
    header = [column.strip() for column in next(reader)]
    if len(set(header)) != len(header):
        raise Unfit(f"{_called(name)} has two columns of the same name.")
    if check:
        check(header)
    for number, cells in enumerate((cells for cells in reader if any(cells)), start=1):
        if len(cells) != len(header):
            error = f"This row has {len(cells)} cells, the header {len(header)}."
            yield Row(number, {}, error, from_csv=True)
        else:
            yield Row(number, dict(zip(header, cells, strict=True)), from_csv=True)
