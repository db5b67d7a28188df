"""Pages of the people's part."""
