"""How the card company's statement reads. Pure."""

from __future__ import annotations

LINES = {
    "charge": "Payment by card",
    "refund": "Refund",
    "refund_failed": "Refund sent back by the bank",
    "dispute": "Disputed payment taken back",
    "dispute_won": "Disputed payment given again",
    "fee": "Fee",
    "payout": "Payout",
    "payout_failed": "Payout sent back",
    "transfer": "Share sent to a counselor",
    "transfer_back": "Share that came back",
    "other": "Something else",
}
PAYOUTS = {
    "pending": ("Being prepared", "wait", "hourglass"),
    "in_transit": ("On its way", "wait", "arrow-up-right"),
    "paid": ("In the bank", "good", "check"),
    "failed": ("Sent back", "bad", "x"),
}
_PROBLEMS = {
    "account_closed": "The bank account is closed.",
    "account_frozen": "The bank account is frozen.",
    "no_account": "The bank knows no such account.",
    "invalid_account_number": "The account number is not right.",
    "incorrect_account_holder_name": "The account belongs to somebody of another name.",
    "debit_not_authorized": "The bank does not let the card company draw money.",
    "insufficient_funds": "There was not enough money on the account.",
    "declined": "The bank declined it.",
}
_OTHERWISE = "The bank sent it back. Look at the bank account kept at the card company."


def payout_problem(code: str) -> str:
    """Say why a payout did not arrive (docs.stripe.com/api/payouts/failures)."""
    return _PROBLEMS.get(code, _OTHERWISE) if code else ""
