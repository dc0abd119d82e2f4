"""The therapist's desk: whose window is open, what is owed, and each person as far as they share."""
