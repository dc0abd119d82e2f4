"""What the medicine says: pure, cited, testable alone. No Django, no clock, no network."""
