"""What we keep: the only models, and one line of migrations."""
