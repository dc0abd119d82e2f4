"""Invented courses of care, for a demonstration site: who is where in a course, and how they came there."""
