"""The calendar: for whoever books, moves or holds sessions, whatever their role."""
