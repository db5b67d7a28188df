"""How disputes read to people who have never seen one. Pure."""

from __future__ import annotations

REASONS = {
    "fraudulent": "The card’s owner says that they did not pay this.",
    "product_not_received": "The client says that the session did not take place.",
    "product_unacceptable": "The client says that the session was not what was agreed.",
    "subscription_canceled": "The client says that they had cancelled.",
    "credit_not_processed": "The client says that a refund was promised and did not come.",
    "duplicate": "The client says that they paid twice.",
    "unrecognized": "The client does not recognise the name on their statement.",
    "noncompliant": "The card network says that its rules were not kept.",
    "general": "The bank gives no reason.",
}
ADVICE = {
    "fraudulent": "Show that the client was there: the minutes connected and the letters that reached them.",
    "product_not_received": "Show that the session took place, or was cancelled too late by the accepted terms.",
    "subscription_canceled": "Show the terms for cancelling, and when they were accepted.",
    "credit_not_processed": "If a refund was promised, accept the dispute; if not, say what was agreed.",
    "duplicate": "If both payments are for different sessions, say which.",
    "unrecognized": "Often a word with the client is enough: they can ask their bank to withdraw it.",
}
STAGES = {
    "asked": ("To be answered", "wait", "hourglass"),
    "reviewed": ("The bank decides", "info", "clock"),
    "closed": ("Closed", "quiet", "check"),
    "lost": ("Lost", "bad", "x"),
    "won": ("Won", "good", "check"),
}


def reason(code: str) -> str:
    """Say why a bank asks a payment back (docs.stripe.com/disputes/categories)."""
    return REASONS.get(code, REASONS["general"])
