"""Pages about payouts."""
