"""Papers that came with a patient: an ECG, a lab report, a letter.

Decided here: the bytes stand in the database, written in the same transaction as the row that names
them, so that "accepted" means kept, and a backup holds both. The same bytes for the same patient are
kept once; a title put right, or a paper withdrawn, is a new row over the same bytes
(docs/adr/0018-uploaded-documents.md).
"""

from __future__ import annotations

from django.db import models

from openkap.permits import Kind
from openkap.records.base import Clinical, Paths, Row


class DocumentContent(Row):
    """The bytes of one file, once for each patient and keeper."""

    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40, help_text="as its bytes say, never as its name says")
    size = models.PositiveIntegerField(help_text="bytes")
    content = models.BinaryField()

    PATHS = Paths(Kind.CLINICAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "patient", "sha256"], name="document_content_once"
            ),
        ]


class UploadedDocument(Clinical):
    """One paper of a patient: what it is, of which day, and whose bytes it shows."""

    class What(models.TextChoices):
        ECG = "ecg"
        LABS = "labs"
        PREGNANCY_TEST = "pregnancy_test"
        PDMP = "pdmp"
        LETTER = "letter"
        OTHER = "other"

    what = models.CharField(max_length=16, choices=What)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200, help_text="as it was called where it came from")
    content = models.ForeignKey(DocumentContent, on_delete=models.PROTECT, related_name="documents")

    PATHS = Paths(Kind.CLINICAL, at="at")
