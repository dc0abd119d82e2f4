"""What one list of the oversight page is made of: lines that open a record, and what was settled on them.

Decided here: a line names its patient by file number, where the reader's own permit shows the file; it opens
what stands behind it, and that page asks its own permit again. The newest look about a line counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openkap.permits import Scope
from openkap.reads.oversight.period import Period
from openkap.records.facts.clock import staff_moment
from openkap.records.models import Organisation, OversightLook, PatientFile
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, of which practice, for which stretch, and when."""

    scope: Scope
    place: Organisation
    period: Period
    at: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Settled:
    """What a director said of a line: `act` is nothing or to_do; `done` of a task that was made of it."""

    act: str
    words: str
    who: str
    when: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `opens` is a word of the desk for a page, and what that page is asked for."""

    id: UUID
    at: datetime
    says: str
    more: tuple[str, ...] = ()
    who: str = ""
    level: str = ""
    patient: UUID | None = None
    opens: tuple[str, ...] = ()
    number: str = ""
    file: UUID | None = None
    look: Settled | None = None

    @property
    def words(self) -> str:
        """Everything of it in which a word is looked for."""
        return " ".join((self.says, *self.more, self.who, self.number)).lower()


@dataclass(frozen=True, slots=True)
class Section:
    """One list: `facts` are sentences that stand beside its number, `why` what it can and cannot tell.

    `now`: as it stands, whatever the period. `more`: there are more lines than are shown.
    `link` is a word of the desk for the page where more is said; `alarm` a level beside those of its lines.
    """

    key: str
    title: str
    lines: tuple[Line, ...]
    facts: tuple[str, ...] = ()
    why: str = ""
    empty: str = ""
    now: bool = False
    more: bool = False
    link: str = ""
    alarm: str = ""

    @property
    def new(self) -> tuple[Line, ...]:
        """What nobody has settled yet."""
        return tuple(line for line in self.lines if line.look is None)

    @property
    def level(self) -> str:
        """The most serious of what is new."""
        held = {self.alarm, *(line.level for line in self.new)}
        return next((level for level in ("stop", "caution", "unknown") if level in held), "")


def with_files(asked: Asked, sections: Iterable[Section]) -> tuple[Section, ...]:
    """Each line with its file number and what was settled on it. Two queries."""
    found = tuple(sections)
    patients = {line.patient for section in found for line in section.lines if line.patient is not None}
    files = _files(asked, patients) if patients else {}
    looks = _looks(asked, {line.id for section in found for line in section.lines})
    return tuple(
        replace(
            section,
            lines=tuple(
                _whole(line, files.get(line.patient), looks.get((section.key, line.id)))
                for line in section.lines
            ),
        )
        for section in found
    )


def _whole(line: Line, file: PatientFile | None, look: Settled | None) -> Line:
    number, id = (file.number, file.id) if file is not None else ("", None)
    return replace(line, number=number, file=id, look=look)


def _files(asked: Asked, patients: set[UUID]) -> dict[UUID | None, PatientFile]:
    rows = PatientFile.objects.filter(organisation=asked.place, patient_id__in=patients)
    return {row.patient_id: row for row in scoped(rows, asked.scope)}


def _looks(asked: Asked, lines: set[UUID]) -> dict[tuple[str, UUID], Settled]:
    """What was settled on these lines; what was settled in other years is not read."""
    if not lines:
        return {}
    rows = OversightLook.objects.filter(organisation=asked.place, subject__in=lines, at__lte=asked.at)
    newest: dict[tuple[str, UUID], Settled] = {}
    for row in scoped(rows, asked.scope).select_related("task").order_by("at", "id"):
        done = row.task is not None and row.task.done_at is not None
        said = Settled(row.act, row.words, row.by_name, staff_moment(row.at, asked.zone), done)
        newest[row.what, row.subject] = said
    return newest
