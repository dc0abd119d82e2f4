"""Template tags and filters of the component kit: load them with `{% load ui %}`."""
