"""Appointments that somebody asks for and a counselor grants."""
