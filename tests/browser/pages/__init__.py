"""The pages of the demo practice in a real browser."""
