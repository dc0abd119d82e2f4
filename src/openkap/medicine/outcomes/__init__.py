"""What is known of outcomes at large, and how to say so."""
