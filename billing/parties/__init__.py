"""Who bills whom, as insurers want it said: legal names, addresses, numbers."""
