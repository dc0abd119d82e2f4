"""Samples of the addresses of consent documents and agreements beside them."""

from __future__ import annotations

from tests.sample import Sample

CONSENT: dict[str, Sample] = {}
