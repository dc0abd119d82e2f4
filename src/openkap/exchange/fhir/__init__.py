"""FHIR R4: what we read of it, as pure maps from bytes to values."""
