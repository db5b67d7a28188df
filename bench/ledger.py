"""Measure webhook intake: thousands of shuffled, repeated deliveries by eight threads, and whether the books are exact.

Signed with Stripe's own scheme and verified with its own library; what the provider says is asked for each time, from
a provider in memory, so that the figure is ours and not a network's.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from billing import checking, payments, webhooks
from billing.ledger.posting import Account
from billing.models import LedgerEntry, Payment, WebhookEvent
from billing.stripe.gateway import StripeGateway
from billing.testpay.news import sign
from booking.models.appointments import Appointment
from booking.models.services import Service
from practice.core.clock import SystemClock
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import Checkout, PaymentState, RefundState
from practice.core.ports import Ports
from practice.models import Person
from tests.builders import a_client, a_counselor, a_practice
from tests.fakes import FakePrinter, RecordingMailer
from tests.support.apps import make_app, migrate, settings_for

SECRET = "whsec_for_the_measurement"
FEE, HALF = Money(120_00, "USD"), Money(60_00, "USD")
REFUND_EVERY = 3
THREADS = 8


@dataclass(slots=True)
class MemoryProvider(StripeGateway):
    """Stripe's signatures, and answers out of a dictionary."""

    states: dict[str, tuple[PaymentState, list[RefundState]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        StripeGateway.__init__(self, "sk_test_none", SECRET)

    def checkout(self, checkout_id: str) -> Checkout:
        """Return the page with its payment."""
        payment, _ = self.states[checkout_id]
        return Checkout(checkout_id, payment.key, "", "complete", paid=True, payment=payment)

    def refunds(self, payment_id: str) -> list[RefundState]:
        """Return the payment's refunds."""
        return self.states[payment_id][1]


@dataclass(frozen=True, slots=True)
class Result:
    """What one run came to."""

    events: int
    deliveries: int
    seconds: float
    cpu_seconds: float
    difference_cents: int

    @property
    def per_s(self) -> int:
        """Deliveries a second."""
        return round(self.deliveries / self.seconds)

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of one core a delivery costs, whatever else the machine does."""
        return 1000 * self.cpu_seconds / self.deliveries


def main() -> None:
    """Measure and print a table and a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="end within 100 seconds")
    quick = parser.parse_args().quick
    people = 80 if quick else 1500
    print(
        f"{people} people pay, every third gets half back; every event is delivered 1 to 6 times to {THREADS} threads."
    )
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), people)
    print(f"{'events':>12}{'deliveries':>12}{'per second':>12}{'cpu ms each':>12}{'difference':>12}")
    print(
        f"{result.events:>12,}{result.deliveries:>12,}{result.per_s:>12,}"
        f"{result.cpu_ms:>12.1f}{result.difference_cents:>12}"
    )
    keys = ("events", "deliveries", "per_s", "difference_cents")
    print(json.dumps({key: getattr(result, key) for key in keys}))


def measure(folder: Path, people: int) -> Result:
    """Deliver to a fresh SQLite database and compare the books with what was paid."""
    url = f"sqlite:///{folder / 'ledger.db'}"
    migrate(url)
    provider = MemoryProvider()
    doors = Ports(clock=SystemClock(), mailer=RecordingMailer(), printer=FakePrinter(), payments=provider)
    app = make_app(settings_for(url, folder), doors)
    with app.app_context():
        bodies = _prepare(provider, people)
        deliveries = [body for body in bodies for _ in range(random.randint(1, 6))]
        random.shuffle(deliveries)
        cpu = time.process_time()
        seconds = _deliver(app, provider, deliveries)
        cpu = time.process_time() - cpu
        while webhooks.retry_waiting(provider, now=datetime.now(UTC) + timedelta(hours=2), most=500):
            pass
        applied = db.session.scalar(select(func.count()).select_from(WebhookEvent)) or 0
        wanted = people * FEE.cents - len(range(0, people, REFUND_EVERY)) * HALF.cents
        held = db.session.scalar(
            select(func.sum(LedgerEntry.amount_cents)).where(LedgerEntry.account == Account.CLEARING)
        )
        difference = abs(int(held or 0) - wanted) + abs(checking.compare().difference_cents)
        assert applied == len(bodies), f"{applied} events of {len(bodies)}"
    return Result(len(bodies), len(deliveries), seconds, cpu, difference)


def _deliver(app: Flask, provider: MemoryProvider, deliveries: list[bytes]) -> float:
    def bring(body: bytes) -> None:
        with app.app_context():
            event = provider.read_event(body, sign(body, SECRET, int(time.time())))
            webhooks.receive(provider, event, now=datetime.now(UTC))

    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(bring, deliveries))
    return time.perf_counter() - started


def _prepare(provider: MemoryProvider, people: int) -> list[bytes]:
    a_practice()
    now = datetime.now(UTC)
    bodies: list[bytes] = []
    for number in range(people):
        if number % 50 == 0:
            service = _service(a_counselor(f"C{number} Doe"))
        starts = now + timedelta(days=30 + number % 50)
        payment = _payment(service, a_client(f"P{number} Doe"), starts, now)
        bodies += _story(provider, payment, number)
    db.session.commit()
    return bodies


def _service(counselor: Person) -> Service:
    service = Service(
        counselor_id=counselor.id, name="Session", minutes=50, price_cents=FEE.cents, currency=FEE.currency
    )
    db.session.add(service)
    db.session.flush()
    return service


def _payment(service: Service, client: Person, starts: datetime, now: datetime) -> Payment:
    ends = starts + timedelta(minutes=50)
    appointment = Appointment(
        counselor_id=service.counselor_id,
        client_id=client.id,
        service_id=service.id,
        starts_at=starts,
        ends_at=ends,
        blocked_from=starts,
        blocked_until=ends,
        status="held",
        held_until=now + timedelta(hours=1),
        price_cents=FEE.cents,
        currency=FEE.currency,
        cancellation_notice_hours=24,
        created_at=now,
        changed_at=now,
    )
    db.session.add(appointment)
    db.session.flush()
    payment = payments.start(appointment, now=now)
    payments.opened(payment, Checkout(f"cs_{payment.id}", payment.uid, "https://x", "open", paid=False))
    db.session.flush()
    return payment


def _story(provider: MemoryProvider, payment: Payment, number: int) -> list[bytes]:
    intent = f"pi_{payment.id}"
    state = PaymentState(intent, payment.uid, "succeeded", FEE)
    refunds = [RefundState(f"re_{payment.id}", "", intent, HALF, "succeeded")] if number % REFUND_EVERY == 0 else []
    provider.states[f"cs_{payment.id}"] = provider.states[intent] = (state, refunds)
    about: dict[str, object] = {"object": "payment_intent", "id": intent, "metadata": {"payment": payment.uid}}
    told = [("payment_intent.processing", about), ("payment_intent.succeeded", about)]
    if refunds:
        refund: dict[str, object] = {"object": "refund", "id": refunds[0].id, "payment_intent": intent}
        told += [("refund.created", refund), ("refund.updated", refund)]
    return [
        json.dumps(
            {"id": f"evt_{number}_{place}", "object": "event", "type": kind, "created": 0, "data": {"object": what}}
        ).encode()
        for place, (kind, what) in enumerate(told)
    ]


if __name__ == "__main__":
    main()
