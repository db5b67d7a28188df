"""A practice that lives: every deed that moves money, done as it is done, and noted as one would on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from uuid import uuid4

from billing import payments as paying
from billing import refunding, webhooks
from billing.disputes import services as disputes
from billing.disputes.models import Dispute
from billing.lowered import redeeming
from billing.lowered import services as lowered
from billing.lowered.models import Tier, Voucher
from billing.models import Payment
from billing.packages import services as packages
from billing.packages.models import Package
from billing.settlements import services as settlements
from booking import guards, prices, services
from booking.fees import services as fees
from booking.models.appointments import Appointment
from booking.policy import CONFIRMED
from booking.refusals import BookingRefusedError
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayRefusedError
from practice.models import Person
from tests.billing.builders import a_paid, send_refunds
from tests.billing.by_hand import paid_by_hand
from tests.billing.plain import Plain, PlainSession
from tests.booking.builders import WEDNESDAY_AT_TEN
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE, FakePayments

UNIT = 100_00
REFUSALS = (
    BookingRefusedError,
    GatewayRefusedError,
    disputes.CannotAnswerError,
    paying.CannotPayError,
    redeeming.CannotRedeemError,
    refunding.TooMuchError,
)


class NothingToDoError(Exception):
    """There is nothing this deed could be about."""


@dataclass(slots=True)
class Life:
    """A counselor, a client, an office and a card company; and what all of it must come to."""

    client: Person
    office: Person
    package: Package
    half: Tier
    provider: FakePayments
    plain: Plain = field(default_factory=Plain)
    places: count[int] = field(default_factory=count)
    own: list[int] = field(default_factory=list)
    news: list[bytes] = field(default_factory=list)

    def do(self, deed: str, number: int) -> None:
        """Do something; what is refused, or is about nothing, leaves nothing behind."""
        try:
            getattr(self, deed)(number)
            db.session.commit()
        except (*REFUSALS, NothingToDoError):
            db.session.rollback()

    def book(self, _number: int) -> None:
        """Book a session: on a package where there is one to use, else at the price that holds for the client."""
        service, at = self.package.service, WEDNESDAY_AT_TEN + timedelta(hours=next(self.places))
        held = guards.insert(services.new_appointment(service.counselor, self.client, service, at, NOW))
        agreed = prices.agreed(self.client, service, NOW).cents
        booked = services.confirm(held, now=NOW)
        unit = UNIT if booked.price_cents == UNIT else 0
        assert booked.price_cents in {unit, agreed}
        self.plain.sessions[booked.id] = PlainSession(booked.price_cents, paid=unit, unit=unit)
        self.plain.credit -= unit
        self.own.append(booked.id)

    def pay(self, number: int) -> None:
        """Pay what is due for a session, on the card company's page."""
        appointment = self.one(number, self.is_due)
        paid = a_paid(appointment, self.provider)
        self.plain.sessions[appointment.id].paid += paid.received_cents
        self.heard_of("payment_intent.succeeded", self.provider.payments[paid.intent_id or ""])

    def call_off(self, number: int) -> None:
        """Call a session off in time, or as its counselor."""
        appointment = self.one(number, stands)
        services.cancel(appointment, by=appointment.counselor if number % 2 else self.client, now=NOW)
        self.plain.keep(appointment.id, 0)

    def call_off_late(self, number: int) -> None:
        """Call a session off too late; somebody decides about the fee."""
        appointment = self.one(number, stands)
        services.cancel(appointment, by=self.client, now=appointment.starts_at - timedelta(hours=2))
        self.plain.sessions[appointment.id].fee = appointment.price_cents // 2

    def decide_fee(self, number: int) -> None:
        """Charge the fee of a session, or let it go."""
        appointment = self.one(number, waits_for_fee)
        found = fees.of(appointment)
        assert found
        if number % 2:
            fees.charge(found, by=self.office, now=NOW)
        else:
            fees.waive(found, by=self.office, reason="goodwill", now=NOW)
        self.plain.keep(appointment.id, self.plain.sessions[appointment.id].fee if number % 2 else 0)

    def buy_package(self, number: int) -> None:
        """Buy three sessions ahead, and pay them in cash."""
        if number % 3:
            raise NothingToDoError
        sold = packages.sell(self.package, self.client, by=self.client, form_key=uuid4().hex, now=NOW)
        paid_by_hand(self.client, self.package.price, self.office, {sold.invoice_id: self.package.price})
        self.plain.cash += self.package.price.cents
        self.plain.credit += self.package.price.cents

    def lower(self, number: int) -> None:
        """Step onto the sliding scale, or off it."""
        if number % 2:
            lowered.attest(self.client, self.half, today=date(2026, 11, 23), now=NOW)
        else:
            lowered.end(self.client, by=self.office, now=NOW)

    def redeem(self, number: int) -> None:
        """Use a new voucher for a session."""
        appointment = self.one(number, self.is_due)
        made = Voucher(code=uuid4().hex[:12], percent=25, currency="USD", made_at=NOW, made_by_id=self.office.id)
        db.session.add(made)
        db.session.flush()
        off = redeeming.redeem(appointment, made.code, by=self.client, now=NOW)
        self.plain.sessions[appointment.id].worth -= off.cents

    def refund(self, number: int) -> None:
        """Give some of a card payment back, to the card or as credit."""
        appointment = self.one(number, lambda each: bool(kept(each)))
        payment = kept(appointment)[0]
        amount, way = min(Money(1 + 99 * number, "USD"), payment.left), ("credit" if number % 2 else "card")
        refunding.request(payment, amount, reason="goodwill", now=NOW, by=self.office, way=way)
        self.plain.give_back(appointment.id, amount.cents, as_credit=way == "credit")

    def dispute(self, number: int) -> None:
        """Let the client's bank ask a payment back."""
        paid = [each for each in self.provider.payments.values() if each.stage == "succeeded"]
        known = {each.payment_id for each in self.provider.disputes.values()}
        fresh = [each for each in paid if each.id not in known]
        if not fresh:
            raise NothingToDoError
        about = fresh[number % len(fresh)]
        self.heard_of("charge.dispute.created", self.provider.ask_back(about.id, about.received))

    def decide(self, number: int) -> None:
        """Let the bank decide a dispute, or accept it."""
        open_ = [each for each in self.provider.disputes.values() if each.stage == "asked"]
        if not open_:
            raise NothingToDoError
        about = open_[number % len(open_)]
        row = db.session.query(Dispute).filter_by(provider_id=about.id).first()
        if number % 3 == 0 and row:
            disputes.accept(row, by=self.office, now=NOW)
            disputes.send_acceptance(self.provider, row.id, now=NOW)
        else:
            self.provider.decide(about.id, "won" if number % 3 == 1 else "lost")
        self.heard_of("charge.dispute.closed", self.provider.disputes[about.id])

    def pay_out(self, number: int) -> None:
        """Let money travel to the bank."""
        self.heard_of("payout.created", self.provider.pay_out(Money(1 + number, "USD")))

    def arrive(self, number: int) -> None:
        """Let a payout arrive, or come back."""
        travelling = [each for each in self.provider.payouts.values() if each.stage == "in_transit"]
        if not travelling:
            raise NothingToDoError
        settled = self.provider.settle_payout(travelling[0].id, "failed" if number % 3 == 0 else "paid")
        self.heard_of(f"payout.{settled.stage}", settled)

    def hear(self, number: int) -> None:
        """Hear one piece of news, perhaps again, perhaps before what it follows."""
        if not self.news:
            raise NothingToDoError
        body = self.news[number % len(self.news)]
        webhooks.receive(self.provider, self.provider.read_event(body, SIGNATURE), now=NOW)

    def run_jobs(self, _number: int) -> None:
        """Send refunds and read the statement."""
        send_refunds()
        settlements.read(self.provider, now=NOW)

    def settle(self) -> None:
        """Hear everything once more, the latest first, and let the jobs run."""
        for place in range(len(self.news), 0, -1):
            self.hear(place - 1)
        self.run_jobs(0)
        settlements.ask_about_payouts(self.provider, now=NOW)
        db.session.commit()

    def heard_of(self, kind: str, about: object) -> None:
        """Keep news for later."""
        self.news.append(self.provider.event(kind, about))  # type: ignore[arg-type]

    def one(self, number: int, fits: Callable[[Appointment], bool]) -> Appointment:
        """Choose a session that a deed may be about."""
        found = [each for each in (db.session.get_one(Appointment, one) for one in self.own) if fits(each)]
        if not found:
            raise NothingToDoError
        return found[number % len(found)]

    def is_due(self, appointment: Appointment) -> bool:
        """Tell whether something is to be paid, as far as one can reckon."""
        said = self.plain.sessions[appointment.id]
        return said.worth > said.paid


def stands(appointment: Appointment) -> bool:
    """Tell whether a session can be called off."""
    return appointment.status == CONFIRMED


def waits_for_fee(appointment: Appointment) -> bool:
    """Tell whether somebody must decide about a fee."""
    found = fees.of(appointment)
    return found is not None and found.status == "proposed"


def kept(appointment: Appointment) -> list[Payment]:
    """Return the card payments of which something can be given back."""
    return [payment for payment in paying.of(appointment) if payment.fate == "kept" and payment.left]
