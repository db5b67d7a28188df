"""Pages of releases: the client's, the counselor's, and the account of what was given out."""
