"""Where the real-world files are: OPENKAP_REAL_DATA, or the folder `shared/data` beside the repository.

The files are not ours to keep in the repository. Where they are absent these tests are left out, and
the head of the run says so.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


def data_folder() -> Path:
    """The folder of real-world files, whether or not it is there."""
    named = os.environ.get("OPENKAP_REAL_DATA")
    return Path(named) if named else REPOSITORY.parent / "shared" / "data"


def real(*parts: str) -> Path:
    """One real-world file."""
    return data_folder().joinpath(*parts)


def read_json(*parts: str) -> Any:
    return json.loads(real(*parts).read_text("utf-8"))
