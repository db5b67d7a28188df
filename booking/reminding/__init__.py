"""Reminders: when, by which road and with whose leave; their links, their answers, and what became of each."""
