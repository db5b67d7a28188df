"""People and the house they work in."""
