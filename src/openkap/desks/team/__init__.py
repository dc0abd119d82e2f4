"""Those who care for one course together: which way it goes, who is there, what is handed over."""
