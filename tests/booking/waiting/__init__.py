"""Waiting for a time: the line, the offers, the pages."""
