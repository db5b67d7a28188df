"""Several sessions of one kind, bought ahead: sold, redeemed at booking, given back on cancelling."""
