"""How fast it is: one command, `bin/bench`, and what it measures with. Nothing here is part of a site."""
