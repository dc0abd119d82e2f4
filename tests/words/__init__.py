"""Which words a patient can meet, and whether each has its Spanish."""
