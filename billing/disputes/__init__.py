"""Payments that a bank asks back: they arrive, are answered, and are booked."""
