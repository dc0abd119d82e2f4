"""Where the medical director and the privacy officer sit: the trail, and who is on the staff."""
