"""What people do: the only writers. Verbs, keyword-only, atomic; each records its event."""
