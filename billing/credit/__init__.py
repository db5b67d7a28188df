"""Clients' money that the practice holds: where it came from, what it paid, what is left."""
