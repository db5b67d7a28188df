"""Pages on which openings are reasoned and reviewed."""
