"""Pages on which counselors confirm codes."""
