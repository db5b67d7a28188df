"""What can differ between card company, books and appointments; what it means and what to do. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from practice.core.money import Money


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of difference reads."""

    title: str
    meaning: str
    advice: str


@dataclass(frozen=True, slots=True)
class Found:
    """One difference; `key` stays the same from night to night.

    `shift` is what it makes the card company's balance differ from the books by.
    """

    kind: str
    about: str
    amount: Money
    shift: int
    happened_at: datetime
    line_id: str | None = None
    payment_id: int | None = None
    invoice_id: int | None = None
    appointment_id: int | None = None

    @property
    def key(self) -> str:
        """Name it by its kind and by what it is about."""
        return f"{self.kind}:{self.about}"[:120]


KINDS: Final = {
    "charge_unknown": Kind(
        "A payment that nobody here asked for",
        "The card company received money that no payment here stands for.",
        "Look it up there by its number. If it is a client’s, record it by hand; if not, give it back there.",
    ),
    "charge_differs": Kind(
        "A payment of another amount",
        "The card company and the books name different amounts for the same payment.",
        "Open the payment; a refund or a credit over the difference puts it right.",
    ),
    "refund_unknown": Kind(
        "A refund that is not in the books",
        "The card company gave money back, and the books do not know of it yet.",
        "Open the payment: it is asked about again tonight. If it stays, give the same amount up by a credit.",
    ),
    "payment_without_line": Kind(
        "A payment that the card company does not list",
        "The books hold money that does not stand on the card company’s statement.",
        "Open the payment and look its number up at the card company.",
    ),
    "refund_without_line": Kind(
        "A refund that the card company does not list",
        "The books say that money went back, and the statement does not.",
        "Open the payment and look the refund up at the card company.",
    ),
    "payout_unbooked": Kind(
        "A payout that is not in the books",
        "The card company sent money to the bank, and it could not be looked up yet.",
        "Read the statement again; it is booked as soon as the card company answers.",
    ),
    "dispute_unbooked": Kind(
        "A dispute that is not in the books",
        "Money was taken or given for a dispute about a payment that is not known here.",
        "Look it up at the card company by its number.",
    ),
    "transfer_unbooked": Kind(
        "A transfer that is not in the books",
        "Money went to or came from a connected account without a statement of shares here.",
        "Look it up at the card company; shares are sent from the page of shares only.",
    ),
    "line_other": Kind(
        "Something else on the statement",
        "The card company moved money for a reason that Stillpoint does not book.",
        "Look it up there by its number and write down what it was.",
    ),
    "balance": Kind(
        "Money on the statement that is not in the balance",
        "The lines of the statement do not come to what the card company says lies there.",
        "Mostly money that moved before Stillpoint began to read the statement, or a line that came just now.",
    ),
    "books_differ": Kind(
        "Books and payments differ",
        "What the books hold of clients’ card payments is not what payments and refunds come to.",
        "This must not happen. Tell whoever looks after your installation.",
    ),
    "unbilled": Kind(
        "A session that is not billed",
        "It stands or took place, has a price, and there is no invoice.",
        "Open the session; it is billed when it is paid or comes near. A past one should be looked at.",
    ),
    "billed_otherwise": Kind(
        "A session billed at another price",
        "Its invoice asks for something other than the session’s price.",
        "If it was agreed, write down why; if not, credit the difference.",
    ),
    "earned_cancelled": Kind(
        "Money kept for a session that was called off",
        "The session is cancelled, no fee was charged, and some of its invoice still counts as earned.",
        "Give it back or credit it, or charge the fee that was agreed.",
    ),
    "owed_to_client": Kind(
        "A client paid more than was asked",
        "The invoice is overpaid, and nothing is on its way back.",
        "Give the rest back from the payment, or keep it as the client’s credit.",
    ),
    "not_given_back": Kind(
        "Money that should have gone back",
        "A payment came too late or twice, and some of it is still here.",
        "Open the payment and give it back.",
    ),
    "stuck": Kind(
        "A payment that hangs at the bank",
        "The bank has been deciding about it for more than a week.",
        "Open the payment at the card company; if it is gone there, it is closed here by itself.",
    ),
    "closed_changed": Kind(
        "A closed month came out otherwise",
        "The books of a closed month no longer come to what they came to when it was closed.",
        "This must not happen. Tell whoever looks after your installation.",
    ),
}
