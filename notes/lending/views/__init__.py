"""Pages of lent charts."""
