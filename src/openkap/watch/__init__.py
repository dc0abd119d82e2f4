"""What must not be forgotten: plain loops that do a little, often, and say when they cannot."""
