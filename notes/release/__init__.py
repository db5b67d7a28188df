"""What of a record leaves the practice for somebody else: who allowed it, what was given, and the account of it."""
