"""OpenKAP runs a course of ketamine-assisted psychotherapy, from first question to outcome."""

__version__ = "0.1.0"
