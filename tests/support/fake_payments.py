"""A payment provider in memory that keeps the same contract as the real one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from practice.core.money import Money
from practice.core.payments import (
    BadSignatureError,
    Checkout,
    CheckoutRequest,
    GatewayRefusedError,
    PaymentEvent,
    PaymentState,
    RefundRequest,
    RefundStage,
    RefundState,
)
from practice.core.settlements import DisputeState, PayoutState, TransferState
from tests.support.fake_cards import FakeCards
from tests.support.fake_settlements import FakeSettlements

SIGNATURE = "signed by the fake"
About = Checkout | PaymentState | RefundState | DisputeState | PayoutState | TransferState
SUBJECTS: dict[type, str] = {
    Checkout: "checkout",
    PaymentState: "payment",
    RefundState: "refund",
    DisputeState: "dispute",
    PayoutState: "payout",
    TransferState: "transfer",
}


@dataclass(slots=True)
class FakePayments(FakeSettlements, FakeCards):
    """Keep pages, payments and refunds.

    `down` makes every call fail, `lost` loses the next answer, `refusal` opens no page.
    """

    refusal: GatewayRefusedError | None = None
    asked: list[CheckoutRequest] = field(default_factory=list)
    checkouts: dict[str, Checkout] = field(default_factory=dict)
    given_back: dict[str, RefundState] = field(default_factory=dict)
    refund_problem: str = ""
    _amounts: dict[str, Money] = field(default_factory=dict)
    _answers: dict[str, str] = field(default_factory=dict)

    def open_checkout(self, request: CheckoutRequest) -> Checkout:
        """Open a page, or return the one opened under this key."""
        self._reach()
        if self.refusal is not None:
            raise self.refusal
        self.asked.append(request)
        if request.key not in self._answers:
            number = f"cs_fake_{next(self._numbers)}"
            self.checkouts[number] = Checkout(
                number, request.key, f"https://checkout.stripe.com/{number}", "open", paid=False
            )
            self._amounts[number] = request.amount
            self._answers[request.key] = number
        self._lose()
        return self.checkouts[self._answers[request.key]]

    def checkout(self, checkout_id: str) -> Checkout:
        """Look up a page."""
        self._reach()
        if checkout_id not in self.checkouts:
            raise GatewayRefusedError("No such page.", "resource_missing")
        return self.checkouts[checkout_id]

    def close_checkout(self, checkout_id: str) -> Checkout:
        """Close an open page."""
        found = self.checkout(checkout_id)
        if found.stage == "open":
            self.checkouts[checkout_id] = replace(found, stage="expired", url="")
        return self.checkouts[checkout_id]

    def payment(self, payment_id: str) -> PaymentState:
        """Look up a payment."""
        self._reach()
        if payment_id not in self.payments:
            raise GatewayRefusedError("No such payment.", "resource_missing")
        return self.payments[payment_id]

    def refund(self, request: RefundRequest) -> RefundState:
        """Give money back, never more than is left."""
        self._reach()
        for made in self.given_back.values():
            if made.key == request.key:
                return made
        made = self.refund_at_provider(request.payment_id, request.amount, key=request.key)
        self._lose()
        return made

    def refunds(self, payment_id: str) -> list[RefundState]:
        """Return a payment's refunds."""
        self._reach()
        return [made for made in self.given_back.values() if made.payment_id == payment_id]

    def read_event(self, body: bytes, signature: str) -> PaymentEvent:
        """Read an event that `event` wrote."""
        if signature != SIGNATURE:
            raise BadSignatureError("not ours")
        values = json.loads(body)
        return PaymentEvent(**values | {"created_at": datetime.fromtimestamp(values["created_at"], UTC)})

    def pay(self, checkout_id: str) -> PaymentState:
        """Let the person pay on the page."""
        return self._try(checkout_id, "succeeded", "")

    def decline(self, checkout_id: str, problem: str = "generic_decline") -> PaymentState:
        """Let the card be declined; the page stays open."""
        return self._try(checkout_id, "waiting", problem)

    def take_long(self, checkout_id: str) -> PaymentState:
        """Let the bank think about it."""
        return self._try(checkout_id, "processing", "")

    def refund_at_provider(self, payment_id: str, amount: Money, *, key: str = "") -> RefundState:
        """Give money back, from the provider's side when there is no key."""
        left = self.payment(payment_id).received
        for made in self.refunds(payment_id):
            left -= made.amount if made.stage != "failed" else Money.zero(made.amount.currency)
        if amount > left:
            raise GatewayRefusedError("More than is left.", "charge_already_refunded")
        number = f"re_fake_{next(self._numbers)}"
        stage: RefundStage = "failed" if self.refund_problem else "succeeded"
        self.given_back[number] = RefundState(number, key, payment_id, amount, stage, self.refund_problem)
        if stage == "succeeded":
            self.move("refund", -amount, source=number, payment_id=payment_id)
        return self.given_back[number]

    def event(self, kind: str, about: About, *, number: str = "") -> bytes:
        """Write news about something."""
        payment_id = about.payment_id if isinstance(about, RefundState | DisputeState) else ""
        values = {
            "id": number or f"evt_fake_{next(self._numbers)}",
            "kind": kind,
            "created_at": 1_795_000_000,
            "subject": SUBJECTS[type(about)],
            "subject_id": about.id,
            "payment_id": about.id if isinstance(about, PaymentState) else payment_id,
            "key": about.key if isinstance(about, Checkout | PaymentState) else "",
        }
        return json.dumps(values).encode()

    def _try(self, checkout_id: str, stage: str, problem: str) -> PaymentState:
        page = self.checkouts[checkout_id]
        if page.stage != "open":
            raise GatewayRefusedError("The page is closed.", "checkout_session_not_open")
        amount = self._amounts[checkout_id]
        number = page.payment.id if page.payment else f"pi_fake_{next(self._numbers)}"
        paid = stage == "succeeded"
        received = amount if paid else Money.zero(amount.currency)
        made = PaymentState(number, page.key, stage, received, problem)  # type: ignore[arg-type]  # one of the stages
        self.payments[number] = made
        if paid:
            self._write_charge(number, amount)
        self.checkouts[checkout_id] = replace(
            page, payment=made, paid=paid, stage="complete" if paid else "open", url="" if paid else page.url
        )
        return made

    def _tried(self, number: str, key: str, problem: str, *, present: bool) -> PaymentState:
        made = FakeCards._tried(self, number, key, problem, present=present)
        if made.stage == "succeeded":
            self._write_charge(number, made.received)
        return made

    def _write_charge(self, number: str, amount: Money) -> None:
        fee = 30 + round(amount.cents * 0.029)
        self.move("charge", amount, fee=fee, source=number.replace("pi", "ch"), payment_id=number)
