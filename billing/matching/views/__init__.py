"""Pages about the match."""
