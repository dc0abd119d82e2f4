"""How OpenKAP looks and sounds: components, styles, scripts, and the geometry of its pictures.

Decided here: nothing about care. Pages in `desks` hand over finished values; this package shows them.
By authority of the design document: the course is the page, one verdict then reasons then sources,
and unknown has a look of its own.
"""
