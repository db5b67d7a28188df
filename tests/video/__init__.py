"""Rooms, tokens, reports and the media server."""
