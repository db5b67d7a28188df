"""Additions to a session, such as a further half hour: what they cost, and billing them to the client."""
