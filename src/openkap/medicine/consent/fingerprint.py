"""The fingerprint of what is signed.

Decided here: a text alone is hashed as its bytes, as every version was that was signed before there were
questions; a text with questions is hashed with them, in one fixed order of keys, so that neither a word nor
a right answer can change under a signature (dossier 6.2: the signature is tied to the record).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any


def fingerprint(text: str, questions: Sequence[Mapping[str, Any]] = ()) -> str:
    """SHA-256 in hexadecimal over the text, and over text and questions together where there are any."""
    whole = hashlib.sha256(text.encode())
    if questions:
        told = json.dumps(list(questions), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        whole.update(b"\n" + told.encode())
    return whole.hexdigest()
