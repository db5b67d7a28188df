"""Pages about disputes."""
