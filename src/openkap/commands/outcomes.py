"""`openkap outcomes [FILE]`: describe a group, by its first and last scores or by how long a response lasted.

Input: a row a person, JSON lines or CSV. `instrument,pre,post` (post blank: not followed up) gives rates
with their intervals, better and worse by each named rule, and effect sizes. `--lasting` reads `time,event`
and perhaps `group`, and gives a curve for each group. Output: one JSON object; a row that cannot be used is
told before it and left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from openkap.commands.stream import Options, Row, Unfit, fit, open_text, read_rows, to_json, write
from openkap.medicine.inputs import Unusable, a_number
from openkap.medicine.instruments import BadAnswer, UnknownInstrument, change, instrument
from openkap.medicine.instruments.instrument import Instrument, Value
from openkap.medicine.instruments.jacobson import Norm
from openkap.medicine.outcomes.cohort import Pair, cohort
from openkap.medicine.rules import library_name

EVENT = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
NORMS = ("ill-mean", "ill-sd", "well-mean", "well-sd")
NEEDS = "How long a response lasts is worked out by statsmodels. Install it: pip install openkap[registry]"


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("outcomes", "Describe a group: rates, effect sizes, how long a response lasted.")
    parser.add_argument("file", nargs="?", default="-", help="a row a person; - or absent: standard input")
    parser.add_argument("--explain", action="store_true", help="print for people instead of JSON")
    parser.add_argument("--instrument", help="id of the instrument, where the file does not say")
    parser.add_argument("--lasting", action="store_true", help="rows are time, event and perhaps group")
    parser.add_argument("--sd", help="spread before treatment, for the reliable change index")
    parser.add_argument("--reliability", help="reliability of the instrument, from 0 to 1")
    for name in NORMS:
        parser.add_argument(f"--{name}", help="a norm of the ill or the well, for the five categories")
    options = parser.parse_args(argv)
    rows = list(_rows(options))
    bad = [row for row in rows if isinstance(row, dict)]
    for said in bad:
        write(f"Row {said['row']}: {said['error']}" if options.explain else to_json(said))
    good = [row for row in rows if not isinstance(row, dict)]
    out = _lasting(good) if options.lasting else _group(good, options)
    write(_words(out) if options.explain else to_json(out | {"ruleset": library_name()}))
    return 1 if bad else 0


def _rows(options: argparse.Namespace) -> Iterator[tuple[Any, ...] | dict[str, Any]]:
    """Each row as read, or what is wrong with it."""
    read = _read_lasting if options.lasting else _read_pair
    with open_text(options.file) as text:
        for row in read_rows(text, options.file):
            try:
                if row.error:
                    raise Unusable(row.field, row.error)
                yield read(row, options)
            except Unusable as bad:
                yield {"error": str(bad), "field": bad.field, "row": row.number}


def _read_pair(row: Row, options: argparse.Namespace) -> tuple[Instrument, Pair]:
    name = row.data.get("instrument") or options.instrument or ""
    try:
        form = instrument(str(name))
    except UnknownInstrument as unknown:
        raise Unusable("instrument", str(unknown)) from None
    pre, post = _value(row.data, "pre"), _value(row.data, "post")
    if pre is None:
        raise Unusable("pre", "pre is missing.")
    change(form, pre, pre if post is None else post)  # refuses what the form cannot give
    return form, (pre, post)


def _read_lasting(row: Row, options: argparse.Namespace) -> tuple[float, bool, str]:
    time = _value(row.data, "time")
    if time is None or time < 0:
        raise Unusable("time", "time must be a number from 0 on.")
    event = EVENT.get(str(row.data.get("event", "")).strip().lower())
    if event is None:
        raise Unusable("event", "event must be 1 (it came) or 0 (it was not seen).")
    return float(time), event, str(row.data.get("group") or "")


def _value(data: Mapping[str, Any], field: str) -> Value | None:
    value = data.get(field)
    if value in (None, ""):
        return None
    number = a_number(field, value)
    return int(number) if number == number.to_integral_value() else float(number)


def _group(rows: list[tuple[Any, ...]], options: argparse.Namespace) -> dict[str, Any]:
    forms = {form.id: form for form, _ in rows}
    if len(forms) != 1:
        raise Unfit(
            "A group is described by one instrument. The rows name " + (", ".join(forms) or "none") + "."
        )
    norms = [_option(options, name) for name in NORMS]
    known = [norm for norm in norms if norm is not None]
    if known and (len(known) < len(norms) or min(known[1], known[3]) <= 0):
        raise Unfit("The five categories need all four norms, and spreads above 0.")
    try:
        found = cohort(
            next(iter(forms.values())),
            [pair for _, pair in rows],
            sd=_option(options, "sd"),
            reliability=_option(options, "reliability"),
            norms=(Norm(known[0], known[1]), Norm(known[2], known[3])) if known else None,
        )
    except BadAnswer as bad:
        raise Unfit(str(bad)) from None
    return asdict(found)


def _option(options: argparse.Namespace, name: str) -> float | None:
    text = getattr(options, name.replace("-", "_"))
    try:
        return None if text is None else float(a_number(name, text))
    except Unusable as bad:
        raise Unfit(f"--{name}: {bad}") from None


def _lasting(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    try:
        from openkap.medicine.outcomes.survival import kaplan_meier, log_rank

        groups = dict.fromkeys(group for _, _, group in rows)
        if not groups:
            raise Unfit("The file has no row that can be used.")
        curves = {}
        for name in groups:
            own = [(time, event) for time, event, group in rows if group == name]
            curves[name] = asdict(kaplan_meier([time for time, _ in own], [event for _, event in own]))
        times, events, names = (list(column) for column in zip(*rows, strict=True))
        compared = None
        if len(groups) > 1:
            with suppress(ValueError):  # where no event tells the groups apart, nothing is said of it
                compared = asdict(log_rank(times, events, names))
    except ModuleNotFoundError:
        raise Unfit(NEEDS) from None
    return {"curves": curves, "compared": compared}


def _words(out: Mapping[str, Any]) -> str:
    if "curves" in out:
        return "\n".join(_curve_words(name, curve) for name, curve in out["curves"].items())
    name = instrument(out["instrument"]).name
    lines = [f"{name}: {_share(out['followed'])} have a second score; the rates are of these."]
    for word in ("response", "partial_response", "remission"):
        if out[word]["of"]:
            lines.append(f"  {word.replace('_', ' ')}: {_share(out[word])}")
    for rule, worse in out["worse"].items():
        lines.append(f"  {rule}: better {_share(out['better'][rule])}; worse {_share(worse)}")
    lines += [f"  {category}: {count}" for category, count in out["categories"].items()]
    if effect := out["effect"]:
        told = ", ".join(f"{key} {effect[key]:.2f}" for key in ("dz", "drm", "dav", "glass", "g"))
        lines.append(f"  {effect['mean_before']:.1f} to {effect['mean_after']:.1f}; effect sizes: {told}")
    return "\n".join(lines)


def _share(found: Mapping[str, Any]) -> str:
    if not found["of"]:
        return "nobody"
    return f"{found['count']} of {found['of']} ({found['percent']}%, {found['low']} to {found['high']})"


def _curve_words(name: str, curve: Mapping[str, Any]) -> str:
    median = "half was not reached" if curve["median"] is None else f"median {curve['median']:g}"
    head = f"{name or 'All'}: {curve['n']} people, {curve['events']} events, {median}"
    return "\n".join([head, *(f"  {step['time']:g}: {step['survival']:.3f}" for step in curve["steps"])])
