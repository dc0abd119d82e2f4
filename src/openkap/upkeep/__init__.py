"""How the site itself is kept: backups, restores, drills and keys (docs/adr/0031-operations.md)."""
