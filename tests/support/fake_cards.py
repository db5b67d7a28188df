"""The part of the payment provider in memory that keeps cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

from practice.core.cards import ASKS_CLIENT, Card, ChargeRequest, SetupRequest, SetupState
from practice.core.money import Money
from practice.core.payments import GatewayRefusedError, PaymentStage, PaymentState
from tests.support.fake_line import FakeLine

BANK = "https://bank.example/confirm"


@dataclass
class FakeCards(FakeLine):
    """Keep customers, cards and charges.

    `card_problem` declines every charge; with ASKS_CLIENT the bank wants the client. `dies` is called after a step and
    may raise, as when a process is killed between two steps.
    """

    payments: dict[str, PaymentState] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    setups: dict[str, SetupState] = field(default_factory=dict)
    charged: list[ChargeRequest] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    card_problem: str = ""
    dies: Callable[[str], None] | None = None
    _owners: dict[str, str] = field(default_factory=dict)
    _asked: dict[str, Money] = field(default_factory=dict)
    _card_numbers: count[int] = field(default_factory=lambda: count(1))

    def make_customer(self, key: str, email: str) -> str:
        """Make somebody known; again is the same."""
        self._reach()
        self.customers.setdefault(key, f"cus_{key[:8]}_{email.partition('@')[0]}")
        self._die("customer made")
        return self.customers[key]

    def open_setup(self, request: SetupRequest) -> SetupState:
        """Open a page, or return the one opened under this key."""
        self._reach()
        number = f"cs_setup_{request.key[:12]}"
        opened = SetupState(number, request.key, f"https://checkout.stripe.com/{number}", "open")
        self.setups.setdefault(number, opened)
        return self.setups[number]

    def setup(self, setup_id: str) -> SetupState:
        """Look up a page."""
        self._reach()
        if setup_id not in self.setups:
            raise GatewayRefusedError("No such page.", "resource_missing")
        return self.setups[setup_id]

    def save_card(self, setup_id: str, *, last4: str = "4242", year: int = 2031) -> Card:
        """Let the person save a card on the page."""
        card = Card(f"pm_fake_{next(self._card_numbers)}", "visa", last4, 8, year)
        self.setups[setup_id] = replace(self.setups[setup_id], stage="complete", url="", card=card)
        return card

    def charge(self, request: ChargeRequest) -> PaymentState:
        """Take the money, unless the card has a problem; the same key again is the same charge."""
        self._reach()
        found = next((made for made in self.payments.values() if made.key == request.key), None)
        if found:
            return found
        if request.card_id in self.forgotten:
            raise GatewayRefusedError("The card is not saved.", "payment_method_not_available")
        self.charged.append(request)
        number = f"pi_card_{len(self.charged)}"
        self._owners[number], self._asked[number] = request.customer_id, request.amount
        made = self._tried(number, request.key, self.card_problem, present=request.present)
        self._die("charge made")
        return made

    def charges(self, customer_id: str) -> list[PaymentState]:
        """Return somebody's charges, the newest first."""
        self._reach()
        return [self.payments[number] for number, owner in reversed(self._owners.items()) if owner == customer_id]

    def confirm(self, payment_id: str, card_id: str, return_url: str) -> PaymentState:
        """Lead to the bank when it wants the client, or try the card again."""
        self._reach()
        found = self.payments[payment_id]
        if found.stage != "waiting":
            raise GatewayRefusedError("This payment is over.", "payment_intent_unexpected_state")
        return self._tried(payment_id, found.key, self.card_problem, present=bool(card_id and return_url))

    def agree(self, payment_id: str) -> PaymentState:
        """Let the client say yes to their bank."""
        return self._tried(payment_id, self.payments[payment_id].key, "", present=True)

    def cancel(self, payment_id: str) -> PaymentState:
        """End a payment that waits."""
        self._reach()
        found = self.payments[payment_id]
        if found.stage == "waiting":
            self.payments[payment_id] = replace(found, stage="cancelled", problem="", action_url="")
        return self.payments[payment_id]

    def forget_card(self, card_id: str) -> None:
        """Forget a card."""
        self._reach()
        self.forgotten.append(card_id)

    def _tried(self, number: str, key: str, problem: str, *, present: bool) -> PaymentState:
        amount = self._asked[number]
        stage: PaymentStage = "waiting" if problem else "succeeded"
        received = Money.zero(amount.currency) if problem else amount
        bank = f"{BANK}/{number}" if problem == ASKS_CLIENT and present else ""
        self.payments[number] = PaymentState(number, key, stage, received, problem, bank)
        return self.payments[number]

    def _die(self, step: str) -> None:
        if self.dies is not None:
            self.dies(step)
