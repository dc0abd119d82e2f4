"""Samples of the addresses of what is known of a treatment."""

from __future__ import annotations

from tests.sample import Sample

EVIDENCE: dict[str, Sample] = {}
