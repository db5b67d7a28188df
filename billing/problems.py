"""What a card company's codes mean to the person paying. Pure; codes as of docs.stripe.com/declines/codes."""

from __future__ import annotations

_WORDS = {
    "insufficient_funds": "There was not enough money on the card.",
    "expired_card": "The card has expired.",
    "incorrect_cvc": "The security code did not match the card.",
    "incorrect_number": "The card number was not right.",
    "processing_error": "The card company had a problem of its own. Trying again often helps.",
    "payment_intent_authentication_failure": "Your bank could not confirm that it was you.",
    "authentication_required": "Your bank wants to confirm that it is you.",
    "card_not_supported": "This card cannot be used for this kind of payment.",
    "currency_not_supported": "This card cannot pay in this currency.",
}
_OTHERWISE = "The card was declined. Your bank can tell you why; another card may work."


def in_words(code: str) -> str:
    """Say what went wrong; nothing when nothing did."""
    return _WORDS.get(code, _OTHERWISE) if code else ""
