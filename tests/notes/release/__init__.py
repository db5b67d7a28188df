"""What leaves the practice for somebody else, and the account of it."""
