"""Samples of the addresses of licenses, certificates and their ends."""

from __future__ import annotations

from tests.sample import Sample

STANDING: dict[str, Sample] = {}
