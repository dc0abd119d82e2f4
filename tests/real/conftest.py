"""Leaves these tests out where the real-world files are absent, and says so at the end of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.data import data_folder


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Only tests are left out; what helps them stays."""
    return True if collection_path.name.startswith("test_") and not data_folder().is_dir() else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not data_folder().is_dir():
        terminalreporter.write_line(
            f"tests/real was left out: no real-world files at {data_folder()} (set OPENKAP_REAL_DATA)."
        )
