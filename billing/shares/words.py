"""How shares read. Pure."""

from __future__ import annotations

from billing.ledger.posting import Kind

SENT = {
    Kind.SHARE_PAID: "Paid by the office",
    Kind.SHARE_UNPAID: "A payment by the office undone",
    Kind.TRANSFER: "Sent by the card company",
    Kind.TRANSFER_REVERSED: "Came back to the card company",
}
WAYS = {"transfer": "By the card company", "bank": "By bank transfer or cheque", "cash": "In cash"}
STATES = {
    "sending": ("On its way", "wait", "hourglass"),
    "waiting": ("Waits for money", "wait", "hourglass"),
    "done": ("Paid", "good", "check"),
    "refused": ("Refused", "bad", "x"),
    "called_off": ("Called off", "quiet", "ban"),
    "undone": ("Undone", "quiet", "undo"),
}
LOST_ANSWER = "lost_answer"
NO_MONEY = "balance_insufficient"
_PROBLEMS = {
    LOST_ANSWER: "The card company did not answer. It is asked again by itself, and nothing is sent twice.",
    NO_MONEY: "There is not enough money at the card company yet. It is tried again every six hours.",
    "resource_missing": "The card company knows no such account. Look at its number.",
    "account_invalid": "The card company knows no such account. Look at its number.",
    "insufficient_capabilities_for_transfer": "The account takes no money yet. Its owner must finish setting it up.",
    "transfers_not_allowed": "The card company lets no money be sent to this account.",
}
_OTHERWISE = "The card company refused it. Look at the account there."


def problem(code: str) -> str:
    """Say why a transfer did not arrive (docs.stripe.com/error-codes)."""
    return _PROBLEMS.get(code, _OTHERWISE) if code else ""
