"""The process is killed between any two steps of paying and refunding: nobody pays twice, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import event

from billing import checking, invoicing, refunding, webhooks
from billing import payments as paying
from billing.matching import services as match
from billing.models import Payment
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import CheckoutRequest
from practice.models import Person
from tests.billing.builders import accounts, unbalanced
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE, FakePayments

HALF = Money(60_00, "USD")
MOST_STEPS = 60


class KilledError(BaseException):
    """The process is gone: nothing catches this, and what was not committed never was."""


@dataclass(slots=True)
class Death:
    """Counts the steps of a process and ends it at one of them; at 0 it lives."""

    at: int = 0
    steps: int = 0

    def step(self, *_args: object) -> None:
        """Take a step, perhaps the last."""
        self.steps += 1
        if self.steps == self.at:
            raise KilledError


class Mortal:
    """The provider as a process that may die sees it: just before each call, and just after."""

    def __init__(self, provider: FakePayments, death: Death) -> None:
        self._provider, self._death = provider, death

    def __getattr__(self, name: str) -> Callable[..., object]:
        call = getattr(self._provider, name)

        def called(*args: object, **kwargs: object) -> object:
            self._death.step()
            answer = call(*args, **kwargs)
            self._death.step()
            return answer

        return called


@dataclass(slots=True)
class Story:
    """Somebody pays for a session and gets half of it back, as the pages, the webhook and the jobs do it."""

    number: int
    form_key: str
    provider: FakePayments

    @property
    def appointment(self) -> Appointment:
        """The session, as it stands."""
        return db.session.get_one(Appointment, self.number)

    def live(self, line: object) -> None:
        """Do everything once."""
        self.pay(line)
        self.hear(line)
        self.give_back(line)

    def pay(self, line: object) -> None:
        """Open a page, or go on to the one that is open, and pay unless it is paid."""
        if any(payment.fate for payment in paying.of(self.appointment)):
            db.session.commit()
            return
        payment = paying.start(self.appointment, now=NOW)
        asked = _asked(payment)
        number = payment.id
        db.session.commit()
        page = line.open_checkout(asked)
        paying.opened(db.session.get_one(Payment, number), page)
        db.session.commit()
        if self.provider.checkouts[page.id].stage == "open":
            self.provider.pay(page.id)

    def hear(self, line: object) -> None:
        """Bring the news of what was paid, perhaps again."""
        own = {payment.uid for payment in paying.of(self.appointment)}
        db.session.commit()
        for made in [each for each in self.provider.payments.values() if each.key in own]:
            news = self.provider.event("payment_intent.succeeded", made, number=f"evt_{made.id}")
            webhooks.receive(line, self.provider.read_event(news, SIGNATURE), now=NOW)

    def give_back(self, line: object) -> None:
        """Send the same form that asks for half; the job sends the refund."""
        kept = next(payment for payment in paying.of(self.appointment) if payment.fate == "kept")
        refunding.request(kept, HALF, reason="goodwill", now=NOW, form_key=self.form_key)
        db.session.commit()
        checking.send_refunds(line, now=NOW)

    def go_on(self) -> None:
        """Let the next process do what the dead one did not: the client comes back, the jobs run."""
        self.live(self.provider)
        for minutes in (2, 10, 60):
            later = NOW + timedelta(minutes=minutes)
            webhooks.retry_waiting(self.provider, now=later)
            checking.check_undecided(self.provider, now=later)
            checking.send_refunds(self.provider, now=later)


@contextmanager
def commits_are_steps(death: Death) -> Iterator[None]:
    """Let the process die just before a commit, and just after."""
    moments = ("before_commit", "after_commit")
    for moment in moments:
        event.listen(db.session, moment, death.step)
    try:
        yield
    finally:
        for moment in moments:
            event.remove(db.session, moment, death.step)


@pytest.fixture
def begin(ines, alice, payments) -> Callable[[int], Story]:
    """Begin the story of one more session."""
    two = ines.id, alice.id

    def begun(place: int) -> Story:
        counselor, client = (db.session.get_one(Person, number) for number in two)
        appointment = an_appointment(counselor, client, WEDNESDAY_AT_TEN + timedelta(hours=place))
        invoicing.issue(appointment, now=NOW)
        db.session.commit()
        return Story(appointment.id, f"{place:032d}", payments)

    return begun


def test_whichever_step_is_the_last_nobody_pays_twice_and_nothing_is_lost(begin, payments):
    """Every step is a call to the provider, its answer, or a commit; the list of them ends by itself."""
    for step in range(1, MOST_STEPS):
        story, death = begin(step), Death(step)
        before = len(payments.payments), len(payments.given_back)
        try:
            with commits_are_steps(death):
                story.live(Mortal(payments, death))
        except KilledError:
            db.session.remove()
        story.go_on()
        assert (len(payments.payments), len(payments.given_back)) == (before[0] + 1, before[1] + 1), f"step {step}"
        assert [payment.fate for payment in _of(story) if payment.fate] == ["kept"], f"step {step}"
        if death.steps < step:
            break
    else:
        pytest.fail("the steps never end")
    assert step > 15
    assert accounts() == {"clearing": step * 60_00, "income": -step * 60_00}
    assert unbalanced() == []
    run = match.run(payments, now=NOW + timedelta(hours=2))
    assert (run.found, run.problem) == (0, "")
    assert [each["gap"] for each in run.totals] == [0]


def _of(story: Story) -> list[Payment]:
    return paying.of(story.appointment)


def _asked(payment: Payment) -> CheckoutRequest:
    return CheckoutRequest(
        key=payment.uid,
        amount=payment.amount,
        label="Session",
        detail="",
        email="alice@example.org",
        success_url="http://localhost/",
        cancel_url="http://localhost/",
        expires_at=payment.expires_at,
        appointment_id=payment.appointment_id or 0,
    )
