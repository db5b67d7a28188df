"""Who waits for a time, and how a freed one is offered to one after the other."""
