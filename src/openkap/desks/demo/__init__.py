"""Who can I be, and what should I try? Only on a demonstration site."""
