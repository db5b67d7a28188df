"""The half of the fake provider that moves money on: its statement, payouts, disputes and transfers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar

from practice.core.money import Money
from practice.core.payments import GatewayRefusedError
from practice.core.settlements import (
    DisputeAnswer,
    DisputeStage,
    DisputeState,
    LineKind,
    PayoutStage,
    PayoutState,
    Reversal,
    StatementLine,
    TransferRequest,
    TransferState,
)
from tests.support.fake_line import FakeLine

BEGAN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
Kept = TypeVar("Kept")


@dataclass
class FakeSettlements(FakeLine):
    """Keep a statement; every payment, refund, dispute and payout writes its line."""

    lines: list[StatementLine] = field(default_factory=list)
    payouts: dict[str, PayoutState] = field(default_factory=dict)
    carried: dict[str, list[str]] = field(default_factory=dict)
    disputes: dict[str, DisputeState] = field(default_factory=dict)
    answers: list[DisputeAnswer] = field(default_factory=list)
    sent: dict[str, TransferState] = field(default_factory=dict)
    transfer_problem: str = ""
    _transfer_answers: dict[tuple[str, int], str | GatewayRefusedError] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def statement(self, *, since: datetime | None = None, payout_id: str = "") -> list[StatementLine]:
        """Return the lines, the latest first."""
        self._reach()
        own = self.carried.get(payout_id, [])
        return [
            line
            for line in reversed(self.lines)
            if (not since or line.created_at >= since) and (not payout_id or line.id in own)
        ]

    def balance(self) -> list[Money]:
        """Add up the lines."""
        self._reach()
        total: dict[str, int] = {}
        for line in self.lines:
            total[line.amount.currency] = total.get(line.amount.currency, 0) + line.net.cents
        return [Money(cents, currency) for currency, cents in sorted(total.items())]

    def payout(self, payout_id: str) -> PayoutState:
        """Look up a payout."""
        self._reach()
        return self._known(self.payouts, payout_id)

    def dispute(self, dispute_id: str) -> DisputeState:
        """Look up a dispute."""
        self._reach()
        return self._known(self.disputes, dispute_id)

    def answer_dispute(self, answer: DisputeAnswer) -> DisputeState:
        """Take an answer, once."""
        self._reach()
        found = self._known(self.disputes, answer.dispute_id)
        if found.answered or found.stage != "asked":
            raise GatewayRefusedError("This dispute was answered already.", "dispute_already_submitted")
        self.answers.append(answer)
        self.disputes[found.id] = replace(found, stage="reviewed", answered=True)
        self._lose()
        return self.disputes[found.id]

    def accept_dispute(self, dispute_id: str) -> DisputeState:
        """Leave the money to the payer."""
        self._reach()
        if self._known(self.disputes, dispute_id).stage != "asked":
            raise GatewayRefusedError("This dispute is already closed.", "dispute_already_closed")
        self.decide(dispute_id, "lost")
        self._lose()
        return self.disputes[dispute_id]

    def send_transfer(self, request: TransferRequest) -> TransferState:
        """Send money on, if there is enough; the same question again gets the same answer."""
        self._reach()
        asked = (request.key, request.attempt)
        if asked not in self._transfer_answers:
            self._transfer_answers[asked] = self._sent(request)
        answer = self._transfer_answers[asked]
        self._lose()
        if isinstance(answer, GatewayRefusedError):
            raise answer
        return self.transfer(answer)

    def _sent(self, request: TransferRequest) -> str | GatewayRefusedError:
        held = {each.currency: each.cents for each in self.balance()}
        if self.transfer_problem:
            return GatewayRefusedError("The provider's own words.", self.transfer_problem)
        if held.get(request.amount.currency, 0) < request.amount.cents:
            return GatewayRefusedError("Insufficient funds.", "balance_insufficient")
        number = f"tr_fake_{next(self._numbers)}"
        self.sent[number] = TransferState(number, request.key, request.account_id, request.amount)
        self.move("transfer", -request.amount, source=number, transfer_id=number)
        return number

    def transfer(self, transfer_id: str) -> TransferState:
        """Look up a transfer."""
        self._reach()
        return self._known(self.sent, transfer_id)

    def transfers(self, key: str) -> list[TransferState]:
        """Return the transfers made under a key."""
        self._reach()
        return [made for made in self.sent.values() if made.key == key]

    def take_back(self, transfer_id: str, amount: Money) -> TransferState:
        """Take some of a transfer back."""
        found, number = self.sent[transfer_id], f"trr_fake_{next(self._numbers)}"
        self.sent[transfer_id] = replace(found, reversals=(*found.reversals, Reversal(number, amount)))
        self.move("transfer_back", amount, source=number, transfer_id=transfer_id)
        return self.sent[transfer_id]

    def move(
        self,
        kind: LineKind,
        amount: Money,
        *,
        fee: int = 0,
        source: str = "",
        payment_id: str = "",
        transfer_id: str = "",
        at: datetime = BEGAN,
    ) -> StatementLine:
        """Write a line of the statement."""
        cost = Money(fee, amount.currency)
        line = StatementLine(f"txn_fake_{next(self._numbers)}", kind, amount, cost, at, source, payment_id, transfer_id)
        self.lines.append(line)
        return line

    def pay_out(self, amount: Money, *, stage: PayoutStage = "in_transit", at: datetime = BEGAN) -> PayoutState:
        """Send money to the bank, and say which lines it carried."""
        number = f"po_fake_{next(self._numbers)}"
        self.payouts[number] = PayoutState(number, amount, stage, at, (at + 2 * DAY).date())
        taken = {line for lines in self.carried.values() for line in lines}
        self.carried[number] = [line.id for line in self.lines if line.kind != "payout" and line.id not in taken]
        self.move("payout", -amount, source=number, at=at)
        return self.payouts[number]

    def settle_payout(self, payout_id: str, stage: PayoutStage) -> PayoutState:
        """Let a payout arrive, or come back."""
        found = self.payouts[payout_id]
        if stage == "failed":
            self.move("payout_failed", found.amount, source=payout_id)
        self.payouts[payout_id] = replace(found, stage=stage, problem="account_closed" if stage == "failed" else "")
        return self.payouts[payout_id]

    def ask_back(self, payment_id: str, amount: Money, *, at: datetime = BEGAN, inquiry: bool = False) -> DisputeState:
        """Let the payer's bank ask money back; all but an inquiry takes it at once, with a fee."""
        number, zero = f"dp_fake_{next(self._numbers)}", Money.zero(amount.currency)
        taken = zero if inquiry else amount
        self.disputes[number] = DisputeState(
            number, payment_id, amount, "asked", "product_not_received", at, at + 9 * DAY, taken, zero
        )
        if not inquiry:
            self.move("dispute", -amount, fee=15_00, source=number, payment_id=payment_id, at=at)
        return self.disputes[number]

    def decide(self, dispute_id: str, stage: DisputeStage) -> DisputeState:
        """Let the bank decide."""
        found = self.disputes[dispute_id]
        returned = found.withdrawn if stage == "won" else found.returned
        if returned > found.returned:
            self.move("dispute_won", found.withdrawn, source=dispute_id, payment_id=found.payment_id)
        self.disputes[dispute_id] = replace(found, stage=stage, returned=returned)
        return self.disputes[dispute_id]

    @staticmethod
    def _known(kept: dict[str, Kept], number: str) -> Kept:
        if number not in kept:
            raise GatewayRefusedError("No such thing.", "resource_missing")
        return kept[number]
