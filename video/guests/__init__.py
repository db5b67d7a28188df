"""People from outside who come into one session by a link of their own: an interpreter, a partner, a supervisor."""
