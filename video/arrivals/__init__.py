"""Before a session: where a client is, how to reach them, and whether they can talk freely."""
