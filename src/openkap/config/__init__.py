"""Settings, addresses and the server's entry. Known by nobody else in the house."""
