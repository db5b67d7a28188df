"""Pages of treatment plans."""
