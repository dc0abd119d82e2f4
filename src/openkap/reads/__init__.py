"""What a page needs to know: frozen, page-shaped values, in a bounded number of queries."""
