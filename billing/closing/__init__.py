"""Closing months: nothing is booked into a closed one any more."""
