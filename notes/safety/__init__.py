"""Safety plans, written together and at hand without a network."""
