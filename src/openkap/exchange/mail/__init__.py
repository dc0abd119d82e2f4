"""Mail: what leaves the house, and what a demonstration site keeps in it."""
