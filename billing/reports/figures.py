"""The figures of the reports: each is a sum of the ledger's entries, and names which. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from billing.ledger.posting import GIVES_BACK, PAYS, SIDES, Account, Kind

DEBIT, CREDIT = "debit", "credit"

OWN_MONEY = (Account.CLEARING, Account.DISPUTED, Account.IN_TRANSIT, Account.BANK, Account.CASH)
"""Where the practice's money lies; what is disputed is its own until the dispute is lost."""
_WITHIN = frozenset(kind for kind, sides in SIDES.items() if set(sides) <= set(OWN_MONEY))
_FEES = frozenset(kind for kind, sides in SIDES.items() if Account.FEES in sides)
_MOVES = frozenset(Kind) - _WITHIN - _FEES


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum of entries on some accounts, as people read its sign."""

    label: str
    meaning: str
    accounts: tuple[Account, ...]
    sign: int
    """What a debit counts for: 1, or -1 where people expect the credits."""
    side: str = ""
    """Only debits, only credits, or both."""
    kinds: frozenset[Kind] = frozenset()
    """Only these happenings; none named means all."""


FIGURES: Mapping[str, Figure] = {
    "billed": Figure("Billed", "What was asked for on invoices, and fees.", (Account.INCOME,), -1, CREDIT),
    "taken_back": Figure("Taken back", "What was billed and is no longer asked for.", (Account.INCOME,), 1, DEBIT),
    "revenue": Figure("Revenue", "What was billed, less what was taken back.", (Account.INCOME,), -1),
    "written_off": Figure("Written off", "What was earned and will not come.", (Account.WRITTEN_OFF,), 1),
    "paid": Figure("Paid", "What clients paid on invoices, in any way.", (Account.RECEIVABLE,), -1, kinds=PAYS),
    "given_back": Figure("Given back", "What went back to clients.", (Account.RECEIVABLE,), 1, kinds=GIVES_BACK),
    "shares": Figure("Shares", "What of it is the counselors’ own.", (Account.SHARES,), 1),
    "fees": Figure("Card fees", "What the card company kept for itself.", (Account.FEES,), 1),
    "came": Figure("Money in", "What came to the practice.", OWN_MONEY, 1, DEBIT, _MOVES),
    "left": Figure("Money out", "What left the practice, without card fees.", OWN_MONEY, -1, CREDIT, _MOVES),
    "stayed": Figure("Left", "Money in, less money out and card fees.", OWN_MONEY, 1, kinds=_MOVES | _FEES),
    "outstanding": Figure("Outstanding", "What clients owe on invoices.", (Account.RECEIVABLE,), 1),
}
"""By the name a link carries."""

CASH_BASIS = ("came", "left", "fees", "stayed")
"""The figures of the cash basis of accounting, on which small practices are taxed."""
IN_A_ROW = ("billed", "taken_back", "revenue", "written_off", "paid", "given_back")
"""The figures of one line of the revenue reports."""
OF_COUNSELORS = (*IN_A_ROW, "shares")
"""The same of each counselor, and what of it is their own."""
