"""Stripe, through its official library; nothing else imports it."""
