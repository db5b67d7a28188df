"""What a practice's money comes to, reckoned the plain way: what each session is worth, and what was paid."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from billing.ledger.posting import Account
from tests.support.fake_payments import FakePayments


@dataclass(slots=True)
class PlainSession:
    """One session: what it is worth to the practice in the end, and what its client has paid of that, in cents."""

    worth: int
    paid: int = 0
    unit: int = 0
    """What of it was paid ahead, with a package."""
    fee: int = 0
    """What calling it off late costs, while nobody has decided."""


@dataclass(slots=True)
class Plain:
    """Everything that happened, added up as one would on paper."""

    sessions: dict[int, PlainSession] = field(default_factory=dict)
    credit: int = 0
    cash: int = 0

    def keep(self, number: int, cents: int) -> None:
        """Keep so much for a session: no more is asked for, and what was paid beyond it goes back."""
        session = self.sessions[number]
        back = max(session.paid - cents, 0)
        if session.unit:
            self.credit += back
        session.paid -= back
        session.worth = min(session.worth - back, max(cents, session.paid))

    def give_back(self, number: int, cents: int, *, as_credit: bool) -> None:
        """Give some of what was paid back, which is earned no more."""
        session = self.sessions[number]
        session.worth -= cents
        session.paid -= cents
        self.credit += cents if as_credit else 0

    def accounts(self, provider: FakePayments) -> dict[str, int]:
        """Add up by account; what lies at the card company is what its own statement says."""
        total: Counter[str] = Counter()
        for session in self.sessions.values():
            total[Account.INCOME] -= session.worth
            total[Account.RECEIVABLE] += session.worth - session.paid
        total[Account.CREDIT] -= self.credit
        total[Account.CASH] += self.cash
        for line in provider.lines:
            total[Account.CLEARING] += line.net.cents
            total[Account.FEES] += line.fee.cents
        for dispute in provider.disputes.values():
            held = {"won": None, "lost": Account.WRITTEN_OFF}.get(dispute.stage, Account.DISPUTED)
            if held:
                total[held] += dispute.withdrawn.cents
        for payout in provider.payouts.values():
            where = {"paid": Account.BANK, "failed": None}.get(payout.stage, Account.IN_TRANSIT)
            if where:
                total[where] += payout.amount.cents
        return {account: cents for account, cents in total.items() if cents}
