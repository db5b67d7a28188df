"""The tables of booking."""
