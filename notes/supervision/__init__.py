"""Supervision: who reads along with whom, what is signed twice, and the hours spent on it."""
