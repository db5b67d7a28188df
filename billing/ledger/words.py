"""How the books read to people who keep none. Pure."""

from __future__ import annotations

from billing.ledger.posting import Account, Kind

ACCOUNTS = {
    Account.RECEIVABLE: "Owed by clients",
    Account.CLEARING: "At the card company",
    Account.DISPUTED: "Held back in disputes",
    Account.IN_TRANSIT: "On its way to the bank",
    Account.BANK: "In the bank",
    Account.CASH: "In the till",
    Account.CREDIT: "Held for clients",
    Account.PAYABLE: "Owed to counselors",
    Account.INCOME: "Earned",
    Account.SHARES: "Shares of counselors",
    Account.FEES: "Fees of the card company",
    Account.WRITTEN_OFF: "Written off",
    Account.TILL_DIFFERENCE: "Missing from the till",
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
    Kind.FEE_RETURNED: "Fee given back by the card company",
    Kind.DISPUTE: "Dispute",
    Kind.DISPUTE_WON: "Dispute won",
    Kind.DISPUTE_LOST: "Dispute lost",
    Kind.DISPUTE_OVERTURNED: "Lost dispute overturned",
    Kind.PAYOUT: "Payout",
    Kind.PAYOUT_ARRIVED: "Payout arrived",
    Kind.PAYOUT_RETURNED: "Payout sent back by the bank",
    Kind.PAYOUT_FAILED: "Payout failed",
    Kind.MANUAL_PAYMENT: "Payment by hand",
    Kind.MANUAL_UNDONE: "Payment by hand undone",
    Kind.CREDIT_SOLD: "Sessions sold ahead",
    Kind.CREDIT_UNSOLD: "Sale of sessions taken back",
    Kind.CREDIT_GIVEN: "Credit given",
    Kind.CREDIT_USED: "Paid from credit",
    Kind.CREDIT_RESTORED: "Credit given back",
    Kind.CREDIT_EXPIRED: "Credit expired",
    Kind.CREDIT_PAID_OUT: "Credit paid out",
    Kind.REFUND_TO_CREDIT: "Refund kept as credit",
    Kind.CREDIT_TAKEN_BACK: "Refund no longer credit",
    Kind.DRAWN: "Drawn from the bank by the card company",
    Kind.BANKED: "Till carried to the bank",
    Kind.BANKING_UNDONE: "Till carried to the bank, undone",
    Kind.TILL_SHORT: "Found missing from the till",
    Kind.TILL_OVER: "Found in the till beyond the books",
    Kind.SHARE: "Share of a counselor",
    Kind.SHARE_TAKEN_BACK: "Share taken back",
    Kind.SHARE_PAID: "Share paid to a counselor",
    Kind.SHARE_UNPAID: "Payment of a share undone",
    Kind.TRANSFER: "Share sent by the card company",
    Kind.TRANSFER_REVERSED: "Share that came back",
}

OWN_SIDE = frozenset({Account.INCOME, Account.CREDIT, Account.PAYABLE})
"""Accounts that grow on the credit side, so that what is earned, held or owed reads as more than nothing."""


def as_read(account: Account, cents: int) -> int:
    """Turn what an account comes to into the sign people expect."""
    return -cents if account in OWN_SIDE else cents
