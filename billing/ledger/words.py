"""How the books read to people who keep none. Pure."""

from __future__ import annotations

from billing.ledger.posting import Account, Kind

ACCOUNTS = {
    Account.RECEIVABLE: "Owed by clients",
    Account.CLEARING: "At the card company",
    Account.DISPUTED: "Held back in disputes",
    Account.IN_TRANSIT: "On its way to the bank",
    Account.BANK: "In the bank",
    Account.INCOME: "Earned",
    Account.FEES: "Fees of the card company",
    Account.WRITTEN_OFF: "Written off",
}

KINDS = {
    Kind.INVOICE: "Invoice",
    Kind.PAYMENT: "Payment",
    Kind.CREDIT: "Credit",
    Kind.CREDIT_REVERSED: "Credit taken back",
    Kind.REFUND: "Refund",
    Kind.REFUND_RETURNED: "Refund sent back by the bank",
    Kind.WRITE_OFF: "Write-off",
    Kind.RECOVERED: "Paid after a write-off",
    Kind.FEE: "Fee of the card company",
    Kind.DISPUTE: "Dispute",
    Kind.DISPUTE_WON: "Dispute won",
    Kind.DISPUTE_LOST: "Dispute lost",
    Kind.DISPUTE_OVERTURNED: "Lost dispute overturned",
    Kind.PAYOUT: "Payout",
    Kind.PAYOUT_ARRIVED: "Payout arrived",
    Kind.PAYOUT_RETURNED: "Payout sent back by the bank",
    Kind.PAYOUT_FAILED: "Payout failed",
}

OWN_SIDE = frozenset({Account.INCOME})
"""Accounts that grow on the credit side, so that what is earned reads as more than nothing."""


def as_read(account: Account, cents: int) -> int:
    """Turn what an account comes to into the sign people expect."""
    return -cents if account in OWN_SIDE else cents
