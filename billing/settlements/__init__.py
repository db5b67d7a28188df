"""Money on its way: the statement of the card company, its fees and its payouts."""
