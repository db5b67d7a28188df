"""Calendars kept elsewhere that block times, and the agenda as a feed for calendars elsewhere."""
