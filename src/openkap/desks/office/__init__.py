"""The front desk: who is this person, and send them their sign-in."""
