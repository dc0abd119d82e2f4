"""Facts: rows loaded into the values that medicine asks for, each with its source and time."""
