"""Mail: how a message leaves the house. Steps write it; the site's settings name this backend."""
