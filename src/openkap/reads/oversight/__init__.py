"""Is what we decided kept? What a director looks over in one practice, list by list."""
