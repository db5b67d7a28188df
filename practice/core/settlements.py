"""What a payment provider says of money on its way: its statement, payouts, disputes and transfers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from practice.core.money import Money

LineKind = Literal[
    "charge",
    "refund",
    "refund_failed",
    "dispute",
    "dispute_won",
    "fee",
    "payout",
    "payout_failed",
    "transfer",
    "transfer_back",
    "other",
]
PayoutStage = Literal["pending", "in_transit", "paid", "failed"]
DisputeStage = Literal["asked", "reviewed", "closed", "lost", "won"]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement of the practice's balance at the provider.

    `amount` is what moved before the provider took its `fee`, less than nothing when it
    left; `source` is the provider's id of what moved it, and `transfer_id` the transfer that
    it is, or that some of came back.
    """

    id: str
    kind: LineKind
    amount: Money
    fee: Money
    created_at: datetime
    source: str = ""
    payment_id: str = ""
    transfer_id: str = ""

    @property
    def net(self) -> Money:
        """What the balance changed by."""
        return self.amount - self.fee


@dataclass(frozen=True, slots=True)
class PayoutState:
    """Money on its way from the provider to the bank; less than nothing is drawn from the bank."""

    id: str
    amount: Money
    stage: PayoutStage
    created_at: datetime
    arrives_on: date
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DisputeState:
    """A payment that its payer's bank asks back.

    `withdrawn` is what the provider has taken for it so far and `returned` what it gave
    again; an inquiry takes nothing. `due_at` is the last moment to answer.
    """

    id: str
    payment_id: str
    amount: Money
    stage: DisputeStage
    reason: str
    created_at: datetime
    due_at: datetime | None
    withdrawn: Money
    returned: Money
    answered: bool = False


@dataclass(frozen=True, slots=True)
class DisputeAnswer:
    """What the practice says to a dispute: words only, none of them clinical; `key` is ours."""

    key: str
    dispute_id: str
    name: str
    email: str
    service_date: str
    description: str
    policy: str
    contacts: str
    attendance: str
    words: str


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """A counselor's share to send to their own account at the provider; `key` is ours.

    `attempt` counts the tries that were refused for want of money: each is a new question to the provider.
    """

    key: str
    account_id: str
    amount: Money
    label: str
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Reversal:
    """Some of a transfer that came back."""

    id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class TransferState:
    """A transfer as the provider knows it now, with what of it came back."""

    id: str
    key: str
    account_id: str
    amount: Money
    reversals: tuple[Reversal, ...] = ()


class Settlements(Protocol):
    """What a payment provider tells of money on its way; raises as `practice.core.payments` says."""

    def statement(self, *, since: datetime | None = None, payout_id: str = "") -> list[StatementLine]:
        """Return the movements since an instant, or those that a payout is made of, the latest first."""
        ...

    def balance(self) -> list[Money]:
        """Return what lies at the provider, by currency."""
        ...

    def payout(self, payout_id: str) -> PayoutState:
        """Look up a payout."""
        ...

    def dispute(self, dispute_id: str) -> DisputeState:
        """Look up a dispute."""
        ...

    def answer_dispute(self, answer: DisputeAnswer) -> DisputeState:
        """Answer a dispute, once and for all."""
        ...

    def accept_dispute(self, dispute_id: str) -> DisputeState:
        """Leave a disputed payment to its payer, once and for all."""
        ...

    def send_transfer(self, request: TransferRequest) -> TransferState:
        """Send money to a connected account; the same request again sends nothing."""
        ...

    def transfer(self, transfer_id: str) -> TransferState:
        """Look up a transfer."""
        ...

    def transfers(self, key: str) -> list[TransferState]:
        """Return the transfers made under a key of ours."""
        ...
