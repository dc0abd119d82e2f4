"""SQLite with one writer: Django's backend, taking a lock before it begins a write."""
