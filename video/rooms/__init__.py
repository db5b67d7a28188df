"""The rooms' rules."""
