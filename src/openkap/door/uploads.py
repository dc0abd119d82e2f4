"""Files that people send: held in memory, never beside the database in a temporary folder.

Decided here: a file over the limit is not read on; the rest of the form is, so that nothing typed is
lost, and the page can say why (`upload_too_big`). The limit is the steps' own.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from openkap.steps.documents import MOST_BYTES

TOO_BIG = "openkap.upload_too_big"


def upload_too_big(request: HttpRequest) -> bool:
    """Whether a file of this request was over the limit and let go."""
    return bool(request.META.get(TOO_BIG))


class InMemory(FileUploadHandler):
    """Keeps a file of up to ten megabytes in memory; lets a larger one go and marks the request."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.held, self.size = BytesIO(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.size > MOST_BYTES:
            self.held = BytesIO()
            if self.request is not None:
                self.request.META[TOO_BIG] = "1"
            raise SkipFile
        self.held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.held.seek(0)
        return InMemoryUploadedFile(
            self.held,
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )
