"""What a file is, told from its bytes: a name and a browser's word for it are no evidence.

Decided here: four kinds are taken in, those that can be shown without running anything: PDF, PNG, JPEG
and plain text. By each format's own first bytes (ISO 32000, PNG specification, ITU T.81); text is UTF-8
without control characters.
"""

from __future__ import annotations

PDF, PNG, JPEG, TEXT = "application/pdf", "image/png", "image/jpeg", "text/plain"
STARTS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
# What begins like markup is a page or a picture that runs scripts, whatever else it says it is.
MARKUP = ("<!doctype", "<html", "<svg", "<?xml", "<script")


def sniff(content: bytes) -> str | None:
    """The content type, or None where it is none of the four."""
    for start, kind in STARTS:
        if content.startswith(start):
            return kind
    return TEXT if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    plain = all(letter.isprintable() or letter in "\n\r\t\f" for letter in text)
    return plain and bool(text.strip()) and not text.lstrip().lower().startswith(MARKUP)
