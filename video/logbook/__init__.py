"""The session log as people read it."""
