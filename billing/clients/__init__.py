"""Clients as the office sees them: what each owes, what is held for them, and their papers."""
