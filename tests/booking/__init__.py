"""How sessions are offered, booked, moved and remembered."""
