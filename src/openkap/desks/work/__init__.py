"""My work: one list for every staff member, whatever their role."""
