"""Availability, appointments and reminders."""
