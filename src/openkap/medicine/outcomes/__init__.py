"""What became of a group; what is known of outcomes at large, and how to say so."""
