"""Pages about months."""
