"""Playing a recording into a room, on a demonstration site: numbers that look live and say they are not.

Decided here: every row played is marked so, for good; nothing is played on a real site; a row is kept
when its time has come and never before, so that playing again goes on where it stopped. `speed` lets
a long recording pass sooner: its rows come closer together, their values are as recorded.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.monitoring import Reading as Sample
from openkap.medicine.monitoring import Unusable
from openkap.permits import Act, Actor, Kind
from openkap.records.models import Reading, RoomEvent, Session
from openkap.records.site import is_demonstration
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.room import authored_in, held, in_session, must_be_in, note
from openkap.steps.watching import keep_prompts

COLUMNS = ("hr", "sbp", "dbp", "spo2", "rr", "etco2", "moaas")
INVENTED = "invented_infusion"
MARK = "recording"
MOST_ROWS = 20_000
SPEEDS = (1, 5, 20, 60)
# Monitors write a missing value as a large number of their own; a column holds no more than this.
LARGEST = Decimal(9999)


@dataclass(frozen=True, slots=True)
class Recording:
    """Rows in time order. `left_out` counts values that no column can hold, as a monitor's "no value"."""

    name: str
    samples: tuple[Sample, ...]
    left_out: int = 0

    @classmethod
    def read(cls, name: str, text: str) -> Recording:
        """From CSV with a header: `t_seconds` and any of hr, sbp, dbp, spo2, rr, etco2, moaas.

        Raises Refused naming the row.
        """
        rows = csv.DictReader(text.splitlines())
        if "t_seconds" not in (rows.fieldnames or ()):
            raise Refused(_("This is not a recording: its first line must name a column t_seconds."))
        samples = []
        for number, row in enumerate(rows, start=2):
            if number > MOST_ROWS:
                raise Refused(_("This recording is too long. The most is %(n)s rows.") % {"n": MOST_ROWS})
            try:
                samples.append(Sample.read({key: row.get(key) for key in ("t_seconds", *COLUMNS)}))
            except Unusable as unusable:
                raise Refused(_("Row %(n)s: %(why)s") % {"n": number, "why": unusable.sentence}) from None
        if not samples:
            raise Refused(_("This recording holds no rows."))
        samples.sort(key=lambda sample: sample.t_seconds or 0)
        strange = sum(1 for sample in samples for name in COLUMNS if _strange(getattr(sample, name)))
        return cls(name, tuple(samples), strange)


def recordings(folder: Path | None = None) -> dict[str, Any]:
    """What can be played here, by name: the invented one, and CSV files put into `folder`."""
    found: dict[str, Any] = {INVENTED: files("openkap.steps.recordings") / f"{INVENTED}.csv"}
    if folder is not None and folder.is_dir():
        found.update({path.stem: path for path in sorted(folder.glob("*.csv"))})
    return found


def recording_named(name: str, folder: Path | None = None) -> Recording:
    """Read one of `recordings`. Raises Refused where there is none of this name."""
    file = recordings(folder).get(name)
    if file is None:
        raise Refused(_("There is no recording of this name."), field="recording")
    return Recording.read(name, file.read_text("utf-8"))


@step
def play_recording(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    recording: Recording,
    speed: int = 1,
    submission: UUID | None = None,
) -> int:
    """Keep the rows whose time has come since it was last played; returns how many. One event a batch.

    The first time begins it: its first row is now.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    if not is_demonstration():
        raise Refused(
            _("Recordings are played on a demonstration site only. Here, numbers come from the patient.")
        )
    if speed not in SPEEDS:
        raise Refused(_("Choose how fast: %(all)s.") % {"all": ", ".join(map(str, SPEEDS))}, field="speed")
    session = held(session)
    must_be_in(session, Session.LIVE)
    begun = _begun(by, session, recording, speed, at)
    due = list(_due(session, recording, begun, at))
    if due:
        Reading.objects.bulk_create(
            Reading(
                **authored_in(by, session, at, so=moment),
                session=session,
                source="recording",
                played=True,
                **values,
            )
            for moment, values in due
        )
        keep_prompts(by, session, at=at)
        tell(by, "recording.played", session, at=at)
    return len(due)


def playing(session: Session) -> tuple[str, int, datetime] | None:
    """Which recording is being played here, how fast, since when."""
    mark = RoomEvent.objects.current().filter(session=session, what=MARK).order_by("-at").first()
    if mark is None:
        return None
    name, _x, speed = mark.words.rpartition(" x")
    return name, int(speed), mark.at


def _begun(
    by: Actor, session: Session, recording: Recording, speed: int, at: datetime
) -> tuple[int, datetime]:
    now = playing(session)
    if now is not None and now[0] == recording.name:
        return now[1], now[2]
    note(by, session, MARK, at=at, words=f"{recording.name} x{speed}")
    return speed, at


def _due(
    session: Session, recording: Recording, begun: tuple[int, datetime], at: datetime
) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Rows after the last one played, up to now; a row without any value is passed over."""
    speed, anchor = begun
    last = (
        Reading.objects.filter(session=session, played=True, at__gte=anchor)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    for sample in recording.samples:
        moment = anchor + timedelta(seconds=float(sample.t_seconds or 0) / speed)
        if moment > at:
            return
        values = {name: _kept(name, getattr(sample, name)) for name in COLUMNS}
        if (last is None or moment > last) and any(value is not None for value in values.values()):
            yield moment, values


def _kept(name: str, value: Decimal | None) -> Decimal | int | None:
    if value is None or _strange(value):
        return None
    if name == "moaas":
        return int(value) if 0 <= value <= 5 else None
    return round(value, 1)


def _strange(value: Decimal | None) -> bool:
    return value is not None and abs(value) > LARGEST
