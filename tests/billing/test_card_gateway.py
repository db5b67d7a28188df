"""One contract for every provider that keeps cards: the fake, and the gateway against the test page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from billing.stripe.gateway import TEST_KEY, StripeGateway
from practice.core.cards import ASKS_CLIENT, Card, ChargeRequest, SetupRequest
from practice.core.money import Money
from practice.core.payments import GatewayRefusedError, Payments
from tests.support.fake_payments import FakePayments
from tests.support.stripe_servers import a_test_page, post

FEE = Money(120_00, "USD")
BACK = "http://127.0.0.1:8000/back"
PROBLEMS = {"works": "", "no_funds": "insufficient_funds", "bank": ASKS_CLIENT}


@dataclass(frozen=True)
class Provider:
    """A gateway with a hand on the other side of its pages."""

    gateway: Payments
    save: Callable[[str, str], object]
    agree: Callable[[str], object]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with a_test_page(tmp_path_factory.mktemp("testpay"), "http://127.0.0.1:9", "whsec") as url:
        yield Provider(
            StripeGateway(TEST_KEY, "whsec", api_base=url),
            lambda number, manner: post(f"{url}/save/{number}", {"card": manner}),
            lambda number: post(f"{url}/confirm/{number}", {"answer": "yes"}),
        )


def a_fake() -> Provider:
    fake = FakePayments()

    def save(number: str, manner: str) -> None:
        fake.save_card(number)
        fake.card_problem = PROBLEMS[manner]

    return Provider(fake, save, fake.agree)


@pytest.fixture(params=["fake", "page"])
def provider(request: pytest.FixtureRequest) -> Provider:
    return a_fake() if request.param == "fake" else request.getfixturevalue(request.param)


def saved(provider: Provider, manner: str = "works") -> tuple[str, Card]:
    """Let somebody new save a card."""
    customer = provider.gateway.make_customer(uuid4().hex, "alice@example.org")
    until = datetime.now(UTC) + timedelta(minutes=40)
    asked = SetupRequest(uuid4().hex, customer, "USD", BACK, BACK, until)
    opened = provider.gateway.open_setup(asked)
    assert (opened.stage, opened.card, provider.gateway.open_setup(asked)) == ("open", None, opened)
    provider.save(opened.id, manner)
    found = provider.gateway.setup(opened.id)
    assert found.stage == "complete"
    assert found.card
    return customer, found.card


def a_charge(customer: str, card: Card, *, present: bool = False) -> ChargeRequest:
    return ChargeRequest(uuid4().hex, FEE, customer, card.id, present, BACK)


def test_a_saved_card_is_charged_once_for_each_key(provider: Provider) -> None:
    customer, card = saved(provider)
    assert (card.brand, card.last4) == ("visa", "4242")
    asked = a_charge(customer, card)
    made = provider.gateway.charge(asked)
    assert (made.stage, made.received, made.key) == ("succeeded", FEE, asked.key)
    assert provider.gateway.charge(asked) == made
    assert [one.id for one in provider.gateway.charges(customer)] == [made.id]
    assert provider.gateway.cancel(made.id).stage == "succeeded"


def test_a_declined_card_is_an_answer(provider: Provider) -> None:
    customer, card = saved(provider, "no_funds")
    asked = a_charge(customer, card)
    made = provider.gateway.charge(asked)
    assert (made.stage, made.problem, made.action_url) == ("waiting", "insufficient_funds", "")
    assert provider.gateway.charge(asked).id == made.id
    assert len(provider.gateway.charges(customer)) == 1


def test_a_bank_that_asks_leads_the_client_there(provider: Provider) -> None:
    customer, card = saved(provider, "bank")
    made = provider.gateway.charge(a_charge(customer, card))
    assert (made.stage, made.problem, made.action_url) == ("waiting", ASKS_CLIENT, "")
    asked = provider.gateway.confirm(made.id, card.id, BACK)
    assert (asked.problem, asked.action_url.startswith("http")) == (ASKS_CLIENT, True)
    provider.agree(made.id)
    assert provider.gateway.payment(made.id).stage == "succeeded"
    here = provider.gateway.charge(a_charge(customer, card, present=True))
    assert here.action_url.startswith("http")


def test_a_charge_that_waits_can_be_ended(provider: Provider) -> None:
    customer, card = saved(provider, "bank")
    made = provider.gateway.charge(a_charge(customer, card))
    for _ in range(2):
        assert provider.gateway.cancel(made.id).stage == "cancelled"
    with pytest.raises(GatewayRefusedError):
        provider.gateway.confirm(made.id, card.id, BACK)


def test_a_forgotten_card_cannot_be_charged(provider: Provider) -> None:
    customer, card = saved(provider)
    for _ in range(2):
        provider.gateway.forget_card(card.id)
    with pytest.raises(GatewayRefusedError):
        provider.gateway.charge(a_charge(customer, card))
