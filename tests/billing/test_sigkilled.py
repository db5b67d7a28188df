"""Processes that are killed (SIGKILL) at every step of paying, giving back and charging by itself; then one goes on.

Each step of our own, a call to the provider or a commit, is the last one of a process that is forked for it and ends as
by `kill -9`: nothing in it is unwound. (Being killed before a step is being killed after the one before it.) The
provider is a server that speaks Stripe over HTTP and outlives them all. Only when all are dead are the jobs run and the
news replayed, twice and in the wrong order.
"""

from __future__ import annotations

import json
import os
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import NoReturn

import pytest
from sqlalchemy import event, select

from billing import checking, invoicing, refunding, webhooks
from billing import payments as paying
from billing.autopay import jobs
from billing.autopay import services as autopay
from billing.autopay.models import Collection
from billing.cards import services as cards
from billing.ledger.posting import Account
from billing.matching import services as match
from billing.models import Payment
from billing.stripe.gateway import TEST_KEY, StripeGateway
from billing.testpay.news import sign
from billing.testpay.store import Store
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import CheckoutRequest
from practice.core.ports import Ports
from tests.billing.builders import accounts, unbalanced
from tests.billing.test_autopay import EVENING, MORNING
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.stripe_servers import a_test_page_here, post

HALF = Money(60_00, "USD")
SECRET = "whsec_for_the_tests_only"
FAR = datetime(2096, 1, 1, tzinfo=UTC)
NEWS = {"payment_intent.succeeded", "refund.created"}
"""What is replayed; the provider tells of each step of a payment, which says the same."""
CHARGES = 10
"""Sessions of one day that are charged by themselves; a process dies over each, as far as there are steps."""


@dataclass(slots=True)
class Mortal:
    """The provider as a process sees it that is killed after so many steps; it commits by steps too."""

    gateway: StripeGateway
    left: int

    def __getattr__(self, name: str) -> Callable[..., object]:
        call = getattr(self.gateway, name)

        def called(*args: object, **kwargs: object) -> object:
            answer = call(*args, **kwargs)
            self.step()
            return answer

        return called

    def step(self, *_args: object) -> None:
        """Take a step, perhaps the last."""
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def provider(tmp_path) -> Iterator[tuple[str, Store]]:
    """Where the provider listens, and what it knows."""
    with a_test_page_here(tmp_path) as running:
        yield running


@pytest.fixture
def store(provider) -> Store:
    return provider[1]


@pytest.fixture
def payments(provider) -> StripeGateway:
    """The real gateway, with Stripe's own library."""
    return StripeGateway(TEST_KEY, SECRET, api_base=provider[0])


@pytest.fixture
def doors(mailer, printer, payments, clock) -> Ports:
    return Ports(clock=clock, mailer=mailer, printer=printer, payments=payments)


@dataclass(slots=True)
class Paying:
    """Somebody pays for a session on the provider's page and gets half of it back."""

    number: int
    form_key: str
    gateway: StripeGateway

    @property
    def appointment(self) -> Appointment:
        """The session, as it stands."""
        return db.session.get_one(Appointment, self.number)

    def live(self, line: StripeGateway) -> None:
        """Pay, hear of it, and give half of it back: all that is not done yet."""
        self.pay(line)
        self.hear(line)
        self.give_back(line)

    def give_back(self, line: StripeGateway) -> None:
        """Send the same form that asks for half; the job sends the refund."""
        kept = next(payment for payment in paying.of(self.appointment) if payment.fate == "kept")
        refunding.request(kept, HALF, reason="goodwill", now=NOW, form_key=self.form_key)
        db.session.commit()
        checking.send_refunds(line, now=NOW)

    def pay(self, line: StripeGateway) -> None:
        """Open a page, or go on to the one that is open; the client pays there."""
        if any(payment.fate for payment in paying.of(self.appointment)):
            db.session.commit()
            return
        payment = paying.start(self.appointment, now=NOW)
        number, asked = payment.id, _asked(payment)
        db.session.commit()
        page = line.open_checkout(asked)
        paying.opened(db.session.get_one(Payment, number), page)
        db.session.commit()
        post(f"{self.gateway.api_base}/pay/{page.id}", {"outcome": "vanish", "news": "never"})

    def hear(self, line: StripeGateway) -> None:
        """Bring the news of what was paid, perhaps again."""
        found = [(payment.checkout_id, payment.uid) for payment in paying.of(self.appointment) if payment.checkout_id]
        db.session.commit()
        for checkout_id, key in found:
            made = self.gateway.checkout(checkout_id or "").payment
            about = {"object": "payment_intent", "id": made.id if made else "", "metadata": {"payment": key}}
            tell(
                self.gateway, line, {"id": f"evt_{key}", "type": "payment_intent.succeeded", "data": {"object": about}}
            )


def tell(gateway: StripeGateway, line: StripeGateway, news: dict[str, object]) -> None:
    """Bring news to the webhook's intake, signed as the provider signs."""
    body = json.dumps({"object": "event", "created": 0} | news).encode()
    webhooks.receive(line, gateway.read_event(body, sign(body, SECRET, int(time.time()))), now=NOW)


def dies(at: int, deed: Callable[[StripeGateway], None], gateway: StripeGateway) -> bool:
    """Do something in a process that is killed at a step; tell whether it was, or lived to the end."""
    db.session.rollback()
    db.engine.dispose()  # nothing of the database is open on both sides of the fork
    with warnings.catch_warnings():
        # The provider's thread stands still, and what is forked uses nothing of it.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _end(at, deed, gateway)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, f"step {at}"
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _end(at: int, deed: Callable[[StripeGateway], None], gateway: StripeGateway) -> NoReturn:
    try:
        line = Mortal(gateway, at)
        event.listen(db.session, "after_commit", line.step)
        deed(line)  # type: ignore[arg-type]  # it hands every call on
    except BaseException:  # noqa: BLE001 -- whatever it was, the parent is told
        os._exit(1)
    os._exit(0)


def test_killed_at_any_step_nobody_is_charged_twice_and_nothing_is_lost(ines, alice, ben, omar, payments, store):
    def charge(number: int) -> Callable[[StripeGateway], None]:
        return lambda line: autopay.go_on(line, number, now=MORNING)

    stories = [a_story(ines, ben, 0, payments)]
    collections = to_be_charged(ines, alice, payments)
    stories[0].live(payments)  # this process lives: what it learns of SQL and prices, those forked from it know
    charge(collections[0])(payments)
    for step in count(1):
        stories.append(a_story(ines, ben, step, payments))
        if not dies(step, stories[-1].live, payments):
            break
    charged = next(step for step in count(1) if not dies(step, charge(collections[step]), payments))
    assert len(stories) > 12, "as many processes as there are steps, and two that lived"
    assert charged > 6
    recover(stories, payments, store)
    succeeded = [made for made in store.latest("payment_intent", 500) if made["status"] == "succeeded"]
    assert len(succeeded) == len({made["metadata"]["payment"] for made in succeeded}) == len(stories) + CHARGES
    assert sorted(made["amount"] for made in store.latest("refund", 500)) == [HALF.cents] * len(stories)
    for story in stories:
        assert [payment.fate for payment in paying.of(story.appointment) if payment.fate] == ["kept"]
    assert {each.state for each in db.session.scalars(select(Collection))} == {"done"}
    net = len(stories) * 60_00 + CHARGES * 120_00
    assert (accounts(), unbalanced()) == ({Account.CLEARING: net, Account.INCOME: -net}, [])
    run = match.run(payments, now=NOW + timedelta(hours=2))
    assert (run.found, run.problem) == (0, "")
    assert [each["gap"] for each in run.totals] == [0]


def a_story(counselor, client, place: int, gateway: StripeGateway) -> Paying:
    """Bill a session of its own."""
    appointment = an_appointment(counselor, client, WEDNESDAY_AT_TEN + timedelta(days=2, hours=place))
    invoicing.issue(appointment, now=NOW)
    db.session.commit()
    return Paying(appointment.id, f"{place:032d}", gateway)


def to_be_charged(counselor, client, gateway: StripeGateway) -> list[int]:
    """Let a client save a card and agree to be charged, for sessions of one day that were announced."""
    begun = cards.begin(client, now=NOW)
    begun.expires_at = FAR
    number = begun.id
    db.session.commit()
    cards.open_page(gateway, number, currency="USD", back="http://localhost/", now=NOW)
    post(f"{gateway.api_base}/save/{cards.check(gateway, number, now=NOW).checkout_id}", {"card": "works"})
    assert cards.check(gateway, number, now=NOW).card
    autopay.begin(client, now=NOW)
    for hour in range(CHARGES):
        invoicing.issue(an_appointment(counselor, client, WEDNESDAY_AT_TEN + timedelta(hours=hour)), now=NOW)
    db.session.commit()
    for now in (NOW, EVENING):
        jobs.collect(now)
    found = list(db.session.scalars(select(Collection.id).where(Collection.state == "told")))
    assert len(found) == CHARGES
    return found


def recover(stories: list[Paying], gateway: StripeGateway, store: Store) -> None:
    """Let the clients press again, the provider bring all its news, the last first and twice, and the jobs run."""
    for story in stories:
        story.pay(gateway)
    replay(store, gateway)
    for story in stories:
        story.give_back(gateway)
    for minutes in (11, 22, 60):
        webhooks.retry_waiting(gateway, now=MORNING + timedelta(minutes=minutes))
        checking.check_undecided(gateway, now=MORNING + timedelta(minutes=minutes))
        checking.send_refunds(gateway, now=MORNING + timedelta(minutes=minutes))
        jobs.collect(MORNING + timedelta(minutes=minutes))
    replay(store, gateway)


def replay(store: Store, gateway: StripeGateway) -> None:
    """Bring the news there is, the latest first."""
    for news in store.latest("event", 500):
        if news["type"] in NEWS:
            tell(gateway, gateway, news)


def _asked(payment: Payment) -> CheckoutRequest:
    return CheckoutRequest(
        key=payment.uid,
        amount=Money(120_00, "USD"),
        label="Session",
        detail="",
        email="ben@example.org",
        success_url="http://localhost/",
        cancel_url="http://localhost/",
        expires_at=FAR,
        appointment_id=payment.appointment_id or 0,
    )
