"""Papers of a patient: taken in once, opened by whoever may see clinical facts, put right, withdrawn.

Decided here: what is accepted is in the database in the same transaction as its row and event, so that
"accepted" means kept. The same bytes for the same patient are one paper while it stands; withdrawn,
they can be taken in again. Ten megabytes is the most (docs/adr/0018-uploaded-documents.md).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.models import DocumentContent, PatientFile, UploadedDocument
from openkap.steps.evaluation import columns
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.sniff import sniff

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """The paper, and whether it was here already."""

    document: UploadedDocument
    again: bool


@step
def take_document(
    *,
    by: Actor,
    at: datetime,
    file: PatientFile,
    what: str,
    of: datetime,
    file_name: str,
    content: bytes,
    title: str = "",
    submission: UUID | None = None,
) -> Taken:
    """Keep one paper. `of` is the day it speaks of; `content` are its bytes, which say what it is."""
    subject = Subject(Kind.CLINICAL, file.organisation_id, file.patient_id, at=at)
    must(by, Kind.CLINICAL, Act.ADD, subject, at=at)
    if of > at:
        raise Refused(_("This day is still to come. Check the date."), field="of")
    kind = UploadedDocument.What(what)
    mine = {"organisation_id": file.organisation_id, "patient_id": file.patient_id}
    held = _content(content, **mine)
    standing = UploadedDocument.objects.current().filter(content=held).first()
    if standing is not None:
        return Taken(standing, True)
    name = _plain_name(file_name)
    row = UploadedDocument.objects.create(
        **columns(by, at, file.organisation_id, file.patient_id, of),
        what=kind,
        title=title.strip()[:200] or name,
        file_name=name,
        content=held,
    )
    tell(by, "document.taken", row, at=at)
    return Taken(row, False)


def _content(content: bytes, **mine: UUID) -> DocumentContent:
    """The bytes as kept; those that are here already are not kept twice."""
    if not content:
        raise Refused(_("The file is empty. Choose it again."), field="upload")
    if len(content) > MOST_BYTES:
        raise too_big()
    kind = sniff(content)
    if kind is None:
        raise Refused(
            _("This is not a PDF, PNG, JPEG or plain text file. Save it as one of these and send it again."),
            field="upload",
        )
    sha256 = hashlib.sha256(content).hexdigest()
    found: DocumentContent
    found, _new = DocumentContent.objects.get_or_create(
        **mine, sha256=sha256, defaults={"content_type": kind, "size": len(content), "content": content}
    )
    return found


def too_big() -> Refused:
    """The refusal of a file that is too large to take in."""
    return Refused(
        _("The file is over 10 MB. Send a smaller scan, or only the pages needed."), field="upload"
    )


def _plain_name(name: str) -> str:
    """The last part of a name, without anything that a header or a page could stumble over."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(letter for letter in last if letter.isprintable() and letter not in '"<>|:*?;')
    return plain.strip(" .")[-200:] or _("paper")
