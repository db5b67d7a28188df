"""Pages of papers about money."""
