"""Samples of the addresses of what a director looks over, and the month on paper."""

from __future__ import annotations

from tests.sample import Sample

OVERSIGHT: dict[str, Sample] = {}
