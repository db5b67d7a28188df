"""Double entry: what each happening does to which account. Pure; debits are positive, credits negative.

The client's side of the books (RECEIVABLE) rises with an invoice and falls with a
payment; money that lies at the card company is CLEARING until it is paid out, and
DISPUTED while a client's bank holds it back. CASH is what was handed over and lies in
the till; CREDIT is clients' money that the practice holds for sessions to come. SHARES is
what counselors get of what was collected, and PAYABLE what of it was not sent to them yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from practice.core.money import Money


class Account(StrEnum):
    """Where money stands."""

    RECEIVABLE = "receivable"
    CLEARING = "clearing"
    DISPUTED = "disputed"
    IN_TRANSIT = "in_transit"
    BANK = "bank"
    CASH = "cash"
    CREDIT = "credit"
    PAYABLE = "payable"
    INCOME = "income"
    SHARES = "shares"
    FEES = "fees"
    WRITTEN_OFF = "written_off"
    TILL_DIFFERENCE = "till_difference"


class Kind(StrEnum):
    """What happened; together with a reference of ours it is posted once.

    A credit gives up some of what was earned: the practice then owes the client that
    much, until a refund pays it. A refund that the client's bank sends back is returned.
    A write-off gives up what was earned and never came; should it come, it is recovered.
    A dispute holds money back until it is won or lost; a lost one may be overturned.
    A manual payment was taken without the card company, for several invoices perhaps;
    what is beyond them is held as the client's credit. Credit is sold, given, used for
    an invoice and restored from it; the rest is paid out, or expires and is earned.
    The card company keeps a fee, or returns one, and draws from the bank what it lacks.
    What lies in the till is counted, found short or over, and carried to the bank.
    A counselor's share is owed when a session is paid, and taken back when that goes back; it is
    sent by a transfer of the card company, which may be reversed, or paid by hand and perhaps undone.
    """

    INVOICE = "invoice"
    PAYMENT = "payment"
    CREDIT = "credit"
    REFUND = "refund"
    REFUND_RETURNED = "refund_returned"
    CREDIT_REVERSED = "credit_reversed"
    WRITE_OFF = "write_off"
    RECOVERED = "recovered"
    FEE = "fee"
    FEE_RETURNED = "fee_returned"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    DISPUTE_OVERTURNED = "dispute_overturned"
    PAYOUT = "payout"
    PAYOUT_ARRIVED = "payout_arrived"
    PAYOUT_RETURNED = "payout_returned"
    PAYOUT_FAILED = "payout_failed"
    MANUAL_PAYMENT = "manual_payment"
    MANUAL_UNDONE = "manual_undone"
    CREDIT_SOLD = "credit_sold"
    CREDIT_UNSOLD = "credit_unsold"
    CREDIT_GIVEN = "credit_given"
    CREDIT_USED = "credit_used"
    CREDIT_RESTORED = "credit_restored"
    CREDIT_EXPIRED = "credit_expired"
    CREDIT_PAID_OUT = "credit_paid_out"
    REFUND_TO_CREDIT = "refund_to_credit"
    CREDIT_TAKEN_BACK = "credit_taken_back"
    DRAWN = "drawn"
    BANKED = "banked"
    BANKING_UNDONE = "banking_undone"
    TILL_SHORT = "till_short"
    TILL_OVER = "till_over"
    SHARE = "share"
    SHARE_TAKEN_BACK = "share_taken_back"
    SHARE_PAID = "share_paid"
    SHARE_UNPAID = "share_unpaid"
    TRANSFER = "transfer"
    TRANSFER_REVERSED = "transfer_reversed"


class UnbalancedError(ValueError):
    """A posting does not add up."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom an entry is about; what the card company pays out is about nobody."""

    client_id: int | None = None
    counselor_id: int | None = None
    invoice_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting, in cents of the posting's currency."""

    account: Account
    cents: int
    whose: Whose


@dataclass(frozen=True, slots=True)
class Posting:
    """Entries that belong together and add up to nothing."""

    kind: Kind
    reference: str
    amount: Money
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        debits = sum(entry.cents for entry in self.entries if entry.cents > 0)
        credits_ = -sum(entry.cents for entry in self.entries if entry.cents < 0)
        if not 0 < self.amount.cents == debits == credits_:
            raise UnbalancedError(f"{self.kind} {self.reference}: {debits} against {credits_}, not {self.amount.cents}")


SIDES: dict[Kind, tuple[Account, Account]] = {
    Kind.INVOICE: (Account.RECEIVABLE, Account.INCOME),
    Kind.PAYMENT: (Account.CLEARING, Account.RECEIVABLE),
    Kind.CREDIT: (Account.INCOME, Account.RECEIVABLE),
    Kind.CREDIT_REVERSED: (Account.RECEIVABLE, Account.INCOME),
    Kind.REFUND: (Account.RECEIVABLE, Account.CLEARING),
    Kind.REFUND_RETURNED: (Account.CLEARING, Account.RECEIVABLE),
    Kind.WRITE_OFF: (Account.WRITTEN_OFF, Account.RECEIVABLE),
    Kind.RECOVERED: (Account.RECEIVABLE, Account.WRITTEN_OFF),
    Kind.FEE: (Account.FEES, Account.CLEARING),
    Kind.FEE_RETURNED: (Account.CLEARING, Account.FEES),
    Kind.DISPUTE: (Account.DISPUTED, Account.CLEARING),
    Kind.DISPUTE_WON: (Account.CLEARING, Account.DISPUTED),
    Kind.DISPUTE_LOST: (Account.WRITTEN_OFF, Account.DISPUTED),
    Kind.DISPUTE_OVERTURNED: (Account.DISPUTED, Account.WRITTEN_OFF),
    Kind.PAYOUT: (Account.IN_TRANSIT, Account.CLEARING),
    Kind.PAYOUT_ARRIVED: (Account.BANK, Account.IN_TRANSIT),
    Kind.PAYOUT_RETURNED: (Account.IN_TRANSIT, Account.BANK),
    Kind.PAYOUT_FAILED: (Account.CLEARING, Account.IN_TRANSIT),
    Kind.MANUAL_PAYMENT: (Account.CASH, Account.RECEIVABLE),
    Kind.MANUAL_UNDONE: (Account.RECEIVABLE, Account.CASH),
    Kind.CREDIT_SOLD: (Account.RECEIVABLE, Account.CREDIT),
    Kind.CREDIT_UNSOLD: (Account.CREDIT, Account.RECEIVABLE),
    Kind.CREDIT_GIVEN: (Account.INCOME, Account.CREDIT),
    Kind.CREDIT_USED: (Account.CREDIT, Account.RECEIVABLE),
    Kind.CREDIT_RESTORED: (Account.RECEIVABLE, Account.CREDIT),
    Kind.CREDIT_EXPIRED: (Account.CREDIT, Account.INCOME),
    Kind.CREDIT_PAID_OUT: (Account.CREDIT, Account.CASH),
    Kind.REFUND_TO_CREDIT: (Account.RECEIVABLE, Account.CREDIT),
    Kind.CREDIT_TAKEN_BACK: (Account.CREDIT, Account.RECEIVABLE),
    Kind.DRAWN: (Account.CLEARING, Account.BANK),
    Kind.BANKED: (Account.BANK, Account.CASH),
    Kind.BANKING_UNDONE: (Account.CASH, Account.BANK),
    Kind.TILL_SHORT: (Account.TILL_DIFFERENCE, Account.CASH),
    Kind.TILL_OVER: (Account.CASH, Account.TILL_DIFFERENCE),
    Kind.SHARE: (Account.SHARES, Account.PAYABLE),
    Kind.SHARE_TAKEN_BACK: (Account.PAYABLE, Account.SHARES),
    Kind.SHARE_PAID: (Account.PAYABLE, Account.BANK),
    Kind.SHARE_UNPAID: (Account.BANK, Account.PAYABLE),
    Kind.TRANSFER: (Account.PAYABLE, Account.CLEARING),
    Kind.TRANSFER_REVERSED: (Account.CLEARING, Account.PAYABLE),
}
"""Which account each happening debits, and which it credits.

Money that a bank moved, or will by a cheque of the practice's own, is on BANK in place of CASH.
A manual payment may credit several invoices; undoing one of a cheque that was banked takes it from BANK.
A share that was paid from the till is on CASH in place of BANK.
"""

REVERSES: dict[Kind, Kind] = {
    Kind.CREDIT_REVERSED: Kind.CREDIT,
    Kind.REFUND_RETURNED: Kind.REFUND,
    Kind.RECOVERED: Kind.WRITE_OFF,
    Kind.MANUAL_UNDONE: Kind.MANUAL_PAYMENT,
    Kind.CREDIT_UNSOLD: Kind.CREDIT_SOLD,
    Kind.CREDIT_RESTORED: Kind.CREDIT_USED,
    Kind.CREDIT_TAKEN_BACK: Kind.REFUND_TO_CREDIT,
    Kind.BANKING_UNDONE: Kind.BANKED,
    Kind.SHARE_TAKEN_BACK: Kind.SHARE,
    Kind.SHARE_UNPAID: Kind.SHARE_PAID,
    Kind.TRANSFER_REVERSED: Kind.TRANSFER,
}
"""Which happening takes back which."""

BILLS = frozenset({Kind.INVOICE, Kind.CREDIT_SOLD})
"""Kinds by which a client is asked for money: for a session, or for sessions ahead that are earned one by one."""

_EARNED = frozenset({Account.INCOME, Account.WRITTEN_OFF})


def _pays(kind: Kind) -> bool:
    debit, credit = SIDES[REVERSES.get(kind, kind)]
    return credit is Account.RECEIVABLE and debit not in _EARNED


def _gives_back(kind: Kind) -> bool:
    debit, credit = SIDES[REVERSES.get(kind, kind)]
    return REVERSES.get(kind, kind) not in BILLS and debit is Account.RECEIVABLE and credit not in _EARNED


DISPUTES = frozenset({Kind.DISPUTE, Kind.DISPUTE_WON, Kind.DISPUTE_LOST, Kind.DISPUTE_OVERTURNED})
"""Kinds by which a client's bank holds a payment back, and gives it again."""
PAYS = frozenset(filter(_pays, Kind))
"""Kinds by which a client pays for an invoice, in whatever way, and those that take it back."""
GIVES_BACK = frozenset(filter(_gives_back, Kind))
"""Kinds by which money paid for an invoice goes back, and those that take it back."""


def posting(kind: Kind, reference: str, amount: Money, whose: Whose) -> Posting:
    """Write a happening as double entry."""
    debit, credit = SIDES[kind]
    return Posting(kind, reference, amount, (Entry(debit, amount.cents, whose), Entry(credit, -amount.cents, whose)))


def of_entries(kind: Kind, reference: str, currency: str, entries: Iterable[Entry]) -> Posting:
    """Write a happening of several entries; the debits say how much it moves."""
    kept = tuple(entry for entry in entries if entry.cents)
    return Posting(kind, reference, Money(sum(max(entry.cents, 0) for entry in kept), currency), kept)


def balances(entries: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add up entries by account."""
    total: Counter[str] = Counter()
    for account, cents in entries:
        total[account] += cents
    return dict(total)
