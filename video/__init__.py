"""Rooms and the media server."""
