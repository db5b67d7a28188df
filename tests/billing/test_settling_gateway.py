"""One contract for what a provider tells of money on its way: the fake, and the test page by the official library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import stripe.params

from billing.stripe import settling
from billing.stripe.gateway import TEST_KEY, StripeGateway
from practice.core.money import Money
from practice.core.payments import GatewayRefusedError, Payments, RefundRequest
from practice.core.settlements import DisputeAnswer, TransferRequest
from tests.billing.test_gateway import SECRET, a_request
from tests.billing.test_stripe_types import checker
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import FakePayments
from tests.support.stripe_servers import a_test_page, post

FEE = Money(120_00, "USD")
ANSWER = {
    "name": "Alice Reed",
    "email": "alice@example.org",
    "service_date": "2026-11-25",
    "description": "Appointment of 50 minutes",
    "policy": "Cancel a day before.",
    "contacts": "Reminder sent by e-mail",
    "attendance": "Connected for 49 minutes",
    "words": "They were there.",
}
SHARE = TransferRequest("k" * 32, "acct_1", Money(70_00, "USD"), "November 2026")


@dataclass(frozen=True)
class Side:
    """A gateway, and the deeds of the other side by name."""

    gateway: Payments
    pay: Callable[[str], object]
    ask_back: Callable[[str], object]
    decide: Callable[[str, bool], object]
    pay_out: Callable[[], object]
    settle: Callable[[str, bool], object]
    take_back: Callable[[str], object]

    def paid(self) -> str:
        """Let somebody pay, and return the payment's number."""
        opened = self.gateway.open_checkout(a_request())
        self.pay(opened.id)
        payment = self.gateway.checkout(opened.id).payment
        assert payment
        return payment.id


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    with a_test_page(tmp_path_factory.mktemp("settling"), "http://127.0.0.1:9", SECRET) as url:
        yield Side(
            StripeGateway(TEST_KEY, SECRET, api_base=url),
            lambda number: post(f"{url}/pay/{number}", {"outcome": "succeed", "news": "never"}),
            lambda number: post(f"{url}/payments/{number}/dispute", {}),
            lambda number, won: post(f"{url}/disputes/{number}", {"outcome": "won" if won else "lost"}),
            lambda: post(f"{url}/payouts", {}),
            lambda number, arrives: post(f"{url}/payouts/{number}", {"outcome": "arrived" if arrives else "returned"}),
            lambda number: post(f"{url}/transfers/{number}", {}),
        )


def a_fake() -> Side:
    fake = FakePayments()
    return Side(
        fake,
        fake.pay,
        lambda number: fake.ask_back(number, FEE),
        lambda number, won: fake.decide(number, "won" if won else "lost"),
        lambda: fake.pay_out(fake.balance()[0]),
        lambda number, arrives: fake.settle_payout(number, "paid" if arrives else "failed"),
        lambda number: fake.take_back(number, fake.transfer(number).amount),
    )


@pytest.fixture(params=["fake", "page"])
def side(request: pytest.FixtureRequest) -> Side:
    return a_fake() if request.param == "fake" else request.getfixturevalue("page")


def test_the_statement_tells_of_payments_with_their_fees_and_of_refunds(side):
    number = side.paid()
    side.gateway.refund(RefundRequest(uuid4().hex, number, Money(20_00, "USD")))
    refund, charge = [line for line in side.gateway.statement() if line.payment_id == number]
    assert (charge.kind, charge.amount, charge.fee, charge.net) == (
        "charge",
        FEE,
        Money(3_78, "USD"),
        Money(116_22, "USD"),
    )
    assert (refund.kind, refund.amount, refund.fee) == ("refund", Money(-20_00, "USD"), Money.zero("USD"))
    assert refund.source == side.gateway.refunds(number)[0].id


def test_a_payout_carries_what_lay_there_and_comes_back_when_the_bank_refuses(side):
    side.paid()
    [before] = side.gateway.balance()
    side.pay_out()
    line = next(line for line in side.gateway.statement() if line.kind == "payout")
    payout = side.gateway.payout(line.source)
    assert (payout.amount, payout.stage) == (before, "in_transit")
    own = side.gateway.statement(payout_id=payout.id)
    assert sum(each.net.cents for each in own if each.kind != "payout") == before.cents
    side.settle(payout.id, False)
    assert side.gateway.payout(payout.id).stage == "failed"
    assert side.gateway.balance() == [before]


def test_a_dispute_takes_the_money_is_answered_once_and_gives_it_again(side):
    number = side.paid()
    side.ask_back(number)
    line = next(line for line in side.gateway.statement() if line.kind == "dispute" and line.payment_id == number)
    dispute = side.gateway.dispute(line.source)
    assert (dispute.payment_id, dispute.stage, dispute.withdrawn, dispute.answered) == (number, "asked", FEE, False)
    assert dispute.due_at is not None
    answer = DisputeAnswer(key=uuid4().hex, dispute_id=dispute.id, **ANSWER)
    assert side.gateway.answer_dispute(answer).answered
    with pytest.raises(GatewayRefusedError):
        side.gateway.answer_dispute(DisputeAnswer(key=uuid4().hex, dispute_id=dispute.id, **ANSWER))
    side.decide(dispute.id, True)
    won = side.gateway.dispute(dispute.id)
    assert (won.stage, won.returned) == ("won", FEE)


def test_a_dispute_that_is_accepted_is_lost_at_once_and_for_good(side):
    number = side.paid()
    side.ask_back(number)
    line = next(line for line in side.gateway.statement() if line.kind == "dispute" and line.payment_id == number)
    accepted = side.gateway.accept_dispute(line.source)
    assert (accepted.stage, accepted.withdrawn, accepted.returned.cents) == ("lost", FEE, 0)
    with pytest.raises(GatewayRefusedError):
        side.gateway.answer_dispute(DisputeAnswer(key=uuid4().hex, dispute_id=line.source, **ANSWER))


def test_a_share_is_sent_once_however_often_it_is_asked_for(side):
    side.paid()
    asked = TransferRequest(uuid4().hex, "acct_1", Money(70_00, "USD"), "November 2026")
    first, second = side.gateway.send_transfer(asked), side.gateway.send_transfer(asked)
    assert first == second
    assert side.gateway.transfers(asked.key) == [side.gateway.transfer(first.id)] == [first]
    assert (first.key, first.account_id, first.amount) == (asked.key, "acct_1", Money(70_00, "USD"))
    line = next(line for line in side.gateway.statement() if line.transfer_id == first.id)
    assert (line.kind, line.source, line.amount) == ("transfer", first.id, Money(-70_00, "USD"))


def test_a_share_that_comes_back_says_so_on_both_sides(side):
    side.paid()
    made = side.gateway.send_transfer(TransferRequest(uuid4().hex, "acct_1", Money(70_00, "USD"), "Shares"))
    side.take_back(made.id)
    [back] = side.gateway.transfer(made.id).reversals
    line = next(line for line in side.gateway.statement() if line.kind == "transfer_back")
    assert (line.source, line.transfer_id, line.amount) == (back.id, made.id, back.amount)
    assert back.amount == Money(70_00, "USD")


def test_what_is_not_there_cannot_be_sent(side):
    with pytest.raises(GatewayRefusedError) as refused:
        side.gateway.send_transfer(TransferRequest(uuid4().hex, "acct_1", Money(10**9, "USD"), "Shares"))
    assert refused.value.code == "balance_insufficient"


def test_what_is_not_there_is_refused(side):
    for call in (side.gateway.payout, side.gateway.dispute, side.gateway.transfer):
        with pytest.raises(GatewayRefusedError):
            call("nothing")


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (stripe.params.BalanceTransactionListParams, settling.statement_params(NOW, "po_1")),
        (
            stripe.params.DisputeUpdateParams,
            settling.answer_params(DisputeAnswer(key="k", dispute_id="dp_1", **ANSWER)),
        ),
        (stripe.params.TransferCreateParams, settling.transfer_params(SHARE)),
    ],
    ids=["statement", "answer", "transfer"],
)
def test_every_call_says_what_stripes_own_types_allow(kind, sent):
    checker(kind).validate_python(sent)
