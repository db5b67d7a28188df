"""Pages of the requests of clients."""
