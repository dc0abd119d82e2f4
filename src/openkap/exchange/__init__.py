"""How we speak to others: one folder a standard, pure maps inside."""
