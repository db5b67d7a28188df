"""One contract for every payment provider: the fake, the test page, and two servers nobody here wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import stripe

from billing.stripe.gateway import TEST_KEY, StripeGateway
from practice.core.money import Money
from practice.core.payments import (
    BadSignatureError,
    Checkout,
    CheckoutRequest,
    GatewayDownError,
    GatewayRefusedError,
    Payments,
    RefundRequest,
)
from tests.support.fake_payments import FakePayments
from tests.support.ports import free_ports
from tests.support.stripe_servers import a_test_page, emulate, localstripe, post, why_no_emulate

SECRET = "whsec_for_the_tests_only"
FEE = Money(120_00, "USD")


@dataclass(frozen=True)
class Provider:
    """A gateway with a hand on the other side of its payment page."""

    gateway: Payments
    pay: Callable[[str], object]
    decline: Callable[[str], object]


def a_request(**changes: object) -> CheckoutRequest:
    usual: dict[str, object] = {
        "key": uuid4().hex,
        "amount": FEE,
        "label": "Session",
        "detail": "Tuesday 24 November, 14:00",
        "email": "alice@example.org",
        "success_url": "http://127.0.0.1:8000/back",
        "cancel_url": "http://127.0.0.1:8000/back",
        "expires_at": datetime.now(UTC) + timedelta(minutes=40),
        "appointment_id": 7,
    }
    return CheckoutRequest(**(usual | changes))  # type: ignore[arg-type]  # changes by name


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with a_test_page(tmp_path_factory.mktemp("testpay"), "http://127.0.0.1:9", SECRET) as url:
        yield Provider(
            StripeGateway(TEST_KEY, SECRET, api_base=url),
            lambda number: post(f"{url}/pay/{number}", {"outcome": "succeed", "news": "never"}),
            lambda number: post(f"{url}/pay/{number}", {"outcome": "declined", "news": "never"}),
        )


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    if missing := why_no_emulate():
        pytest.skip(missing)
    with emulate(tmp_path_factory.mktemp("emulate"), "http://127.0.0.1:9/", SECRET) as url:
        yield Provider(
            StripeGateway(TEST_KEY, SECRET, api_base=url),
            lambda number: post(f"{url}/checkout/{number}/complete", {}),
            lambda _number: None,
        )


def a_fake() -> Provider:
    fake = FakePayments()
    return Provider(fake, fake.pay, fake.decline)


@pytest.fixture(params=["fake", "page", "emulated"])
def checkouts(request: pytest.FixtureRequest) -> Provider:
    return a_fake() if request.param == "fake" else request.getfixturevalue(request.param)


@pytest.fixture(params=["fake", "page"])
def provider(request: pytest.FixtureRequest) -> Provider:
    return a_fake() if request.param == "fake" else request.getfixturevalue(request.param)


def test_a_page_is_opened_for_our_key(checkouts: Provider) -> None:
    asked = a_request()
    opened = checkouts.gateway.open_checkout(asked)
    assert (opened.stage, opened.paid, opened.key) == ("open", False, asked.key)
    assert opened.url.startswith("http")
    assert checkouts.gateway.checkout(opened.id) == opened


def test_a_paid_page_says_so(checkouts: Provider) -> None:
    opened = checkouts.gateway.open_checkout(a_request())
    checkouts.pay(opened.id)
    found = checkouts.gateway.checkout(opened.id)
    assert (found.stage, found.paid, found.key) == ("complete", True, opened.key)


def test_a_closed_page_cannot_be_paid(checkouts: Provider) -> None:
    opened = checkouts.gateway.open_checkout(a_request())
    assert checkouts.gateway.close_checkout(opened.id).stage == "expired"
    assert checkouts.gateway.close_checkout(opened.id).stage == "expired"


def test_closing_a_paid_page_changes_nothing(checkouts: Provider) -> None:
    opened = checkouts.gateway.open_checkout(a_request())
    checkouts.pay(opened.id)
    assert checkouts.gateway.close_checkout(opened.id).paid


def test_a_page_that_never_was_is_refused(checkouts: Provider) -> None:
    with pytest.raises(GatewayRefusedError) as caught:
        checkouts.gateway.checkout("cs_nothing")
    assert caught.value.code == "resource_missing"


def test_two_amounts_have_two_prices(page: Provider, emulated: Provider) -> None:
    for one in (page, emulated):
        assert (
            one.gateway.open_checkout(a_request()).id
            != one.gateway.open_checkout(a_request(amount=Money(95_00, "EUR"))).id
        )


def test_the_same_request_opens_the_same_page(provider: Provider) -> None:
    asked = a_request()
    assert provider.gateway.open_checkout(asked).id == provider.gateway.open_checkout(asked).id


def test_a_payment_carries_our_key_and_what_was_received(provider: Provider) -> None:
    paid = a_paid_page(provider)
    assert paid.payment is not None
    found = provider.gateway.payment(paid.payment.id)
    assert (found.key, found.stage, found.received, found.problem) == (paid.key, "succeeded", FEE, "")


def test_a_declined_card_leaves_the_page_open_and_names_the_problem(provider: Provider) -> None:
    opened = provider.gateway.open_checkout(a_request())
    provider.decline(opened.id)
    found = provider.gateway.checkout(opened.id)
    assert found.payment is not None
    assert (found.stage, found.paid, found.payment.problem) == ("open", False, "generic_decline")
    provider.pay(opened.id)
    assert provider.gateway.checkout(opened.id).paid


def test_a_refund_is_found_by_our_key(provider: Provider) -> None:
    paid = a_paid_page(provider)
    assert paid.payment is not None
    key = uuid4().hex
    made = provider.gateway.refund(RefundRequest(key, paid.payment.id, Money(50_00, "USD")))
    assert (made.key, made.stage, made.amount, made.payment_id) == (
        key,
        "succeeded",
        Money(50_00, "USD"),
        paid.payment.id,
    )
    assert provider.gateway.refunds(paid.payment.id) == [made]


def test_the_same_refund_is_made_once(provider: Provider) -> None:
    paid = a_paid_page(provider)
    assert paid.payment is not None
    asked = RefundRequest(uuid4().hex, paid.payment.id, Money(70_00, "USD"))
    assert provider.gateway.refund(asked) == provider.gateway.refund(asked)
    assert len(provider.gateway.refunds(paid.payment.id)) == 1


def test_more_than_was_paid_is_not_given_back(provider: Provider) -> None:
    paid = a_paid_page(provider)
    assert paid.payment is not None
    provider.gateway.refund(RefundRequest(uuid4().hex, paid.payment.id, Money(70_00, "USD")))
    with pytest.raises(GatewayRefusedError):
        provider.gateway.refund(RefundRequest(uuid4().hex, paid.payment.id, Money(70_00, "USD")))


def test_a_provider_that_does_not_answer_leaves_all_open() -> None:
    gateway = StripeGateway(TEST_KEY, SECRET, api_base=f"http://127.0.0.1:{free_ports(1)[0]}", retries=0)
    with pytest.raises(GatewayDownError):
        gateway.open_checkout(a_request())


def test_a_wrong_key_is_our_trouble_and_not_a_refusal(page: Provider) -> None:
    assert isinstance(page.gateway, StripeGateway)
    stranger = StripeGateway("sk_test_somebody_else", SECRET, api_base=page.gateway.api_base)
    with pytest.raises(GatewayDownError):
        stranger.payment("pi_1")


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "nonsense"])
def test_news_with_a_wrong_signature_is_not_read(signature: str) -> None:
    with pytest.raises(BadSignatureError):
        StripeGateway(TEST_KEY, SECRET).read_event(b'{"id": "evt_1", "object": "event"}', signature)


def test_signed_nonsense_is_not_read() -> None:
    signature = stripe.WebhookSignature.generate_signature_header("[]", SECRET)
    with pytest.raises(BadSignatureError):
        StripeGateway(TEST_KEY, SECRET).read_event(b"[]", signature)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[stripe.StripeClient, StripeGateway]]:
    with localstripe(tmp_path_factory.mktemp("localstripe")) as url:
        yield (
            stripe.StripeClient("sk_test_local", base_addresses={"api": url}),
            StripeGateway("sk_test_local", SECRET, api_base=url),
        )


def test_localstripe_payments_and_refunds_are_read(local: tuple[stripe.StripeClient, StripeGateway]) -> None:
    theirs, gateway = local
    number = a_charge(theirs, "4242424242424242")
    found = gateway.payment(number)
    assert (found.stage, found.key, found.received) == ("succeeded", "our key", FEE)
    made = gateway.refund(RefundRequest("refund key", number, Money(20_00, "USD")))
    assert (made.stage, made.amount, made.key) == ("succeeded", Money(20_00, "USD"), "refund key")
    assert gateway.refunds(number) == [made]


def test_localstripe_declines_are_named(local: tuple[stripe.StripeClient, StripeGateway]) -> None:
    theirs, gateway = local
    with pytest.raises(stripe.CardError) as caught:
        a_charge(theirs, "4000000000000341")
    assert caught.value.code == "card_declined"
    declined = next(intent for intent in theirs.v1.payment_intents.list() if intent.status != "succeeded")
    found = gateway.payment(declined.id)
    assert (found.stage, found.problem, found.received) == ("waiting", "card_declined", Money.zero("USD"))


def test_localstripe_refuses_what_does_not_exist(local: tuple[stripe.StripeClient, StripeGateway]) -> None:
    with pytest.raises(GatewayRefusedError):
        local[1].payment("pi_nothing")


def a_paid_page(provider: Provider) -> Checkout:
    opened = provider.gateway.open_checkout(a_request())
    provider.pay(opened.id)
    return provider.gateway.checkout(opened.id)


def a_charge(theirs: stripe.StripeClient, number: str, key: str = "our key") -> str:
    card: stripe.params.PaymentMethodCreateParamsCard = {
        "number": number,
        "exp_month": 12,
        "exp_year": 2040,
        "cvc": "123",
    }
    method = theirs.v1.payment_methods.create({"type": "card", "card": card})
    customer = theirs.v1.customers.create({"email": "alice@example.org"})
    theirs.v1.payment_methods.attach(method.id, {"customer": customer.id})
    intent = theirs.v1.payment_intents.create(
        {
            "amount": FEE.cents,
            "currency": "usd",
            "customer": customer.id,
            "payment_method": method.id,
            "metadata": {"payment": key},
            "confirm": True,
        }
    )
    return intent.id
