"""How a service is paid: in full, by a deposit, with a card on file, or nothing when it is booked."""
