"""`openkap import-patient FILE --organisation ID --by USER`: one person from a FHIR R4 bundle.

Prints one JSON object: the file's number and address, what was taken, what was left out and why.
Exit 2 with one sentence where the file or an option cannot be used; nothing is then taken in.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from openkap.commands.site import acting_staff, begin, fail, unready


def run(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    begin()
    if why := unready():
        return fail(why)
    from openkap.exchange.fhir.incoming import MOST_BYTES, NotUsable, read_bundle
    from openkap.steps.frame import Refused

    try:
        content = _content(options.file, MOST_BYTES)
        brought = read_bundle(content)
        print(json.dumps(_import(options, content, brought)))
    except OSError as error:
        return fail(f"{options.file} cannot be read: {error.strerror}.")
    except NotUsable as error:
        return fail(str(error))
    except Refused as refusal:
        return fail(" ".join(filter(None, (refusal.because, refusal.hint))))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="openkap import-patient", description=__doc__)
    parser.add_argument("file", help="a FHIR R4 bundle with one patient; - for standard input")
    parser.add_argument(
        "--organisation", required=True, help="id or name of the organisation that keeps them"
    )
    parser.add_argument("--by", required=True, help="mail address of the staff member who answers for it")
    parser.add_argument("--same-as", default="", help="number of the file here that is the same person")
    parser.add_argument("--new", action="store_true", help="they are someone else than the likely match")
    return parser


def _content(name: str, most: int) -> bytes:
    """One byte over the limit is enough to know: a huge file is never read whole."""
    if name == "-":
        return sys.stdin.buffer.read(most + 1)
    with Path(name).open("rb") as file:
        return file.read(most + 1)


def _import(options: argparse.Namespace, content: bytes, brought: object) -> dict[str, object]:
    from django.utils import timezone

    from openkap.steps.imports import import_patient

    by, organisation = acting_staff(options.by, options.organisation, "openkap import-patient")
    done = import_patient(
        by=by,
        at=timezone.now(),
        organisation=organisation,
        brought=brought,  # type: ignore[arg-type]
        sha256=hashlib.sha256(content).hexdigest(),
        same_as=options.same_as,
        is_new=options.new,
    )
    return {
        "patient": done.file.patient.legal_name,
        "number": done.file.number,
        "file": str(done.file.id),
        "already_here": done.again,
        "taken": done.row.counts,
        "left_out": done.row.left_out,
    }
