"""Charts, notes and their keys."""
