"""How movements of credit read to the client. Pure."""

from __future__ import annotations

from billing.ledger.posting import Kind

MOVED = "moved"
"""What was left of a package and became credit for any session: the books hold it as before."""

MOVES = {
    Kind.MANUAL_PAYMENT: "You paid it",
    Kind.MANUAL_UNDONE: "A payment was taken back out of the books",
    Kind.CREDIT_SOLD: "You bought it",
    Kind.CREDIT_UNSOLD: "You did not want it any more",
    Kind.CREDIT_GIVEN: "Your practice gave it to you",
    Kind.CREDIT_USED: "Used for a session",
    Kind.CREDIT_RESTORED: "Given back",
    Kind.CREDIT_EXPIRED: "Expired",
    Kind.CREDIT_PAID_OUT: "Paid out to you",
    Kind.REFUND_TO_CREDIT: "Given back",
    Kind.CREDIT_TAKEN_BACK: "Taken back, as it went to your card after all",
    MOVED: "Became credit for any session",
}
