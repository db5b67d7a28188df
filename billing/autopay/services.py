"""What clients say about being charged by themselves, and the collecting of one invoice, step by step.

A collection names its latest attempt. Whoever comes next, after a process ended in the middle, looks at that attempt
first: its end is asked of the provider by our key, and only a declined one is followed by another.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from billing import checking, queries
from billing.autopay import letters
from billing.autopay import queries as agreed
from billing.autopay.models import ASKED, DONE, GIVEN_UP, PLANNED, RUNNING, STOPPED, TOLD, TRYING, Autopay, Collection
from billing.autopay.rules import AGAIN_AFTER, AGREEMENT, BANK_WAITS, LOOK_AGAIN, again_at
from billing.cards import charging
from billing.ledger import balances
from billing.models import Invoice, Payment
from billing.outcomes import Billed
from billing.payments import CannotPayError
from billing.states import NEW, OPEN, PROCESSING, SUCCEEDED
from billing.terms import queries as terms
from billing.terms.rules import AFTER, NOTICE, charge_at, tell_at
from booking import guards
from booking.models.appointments import Appointment
from booking.policy import CANCELLED
from practice.core import audit
from practice.core.db import db
from practice.core.payments import GatewayDownError, Payments
from practice.models import Person


def begin(client: Person, *, now: datetime) -> Autopay:
    """Agree to be charged by oneself; agreeing twice is agreeing once."""
    guards.lock_people(client.id)
    if standing := agreed.agreement_of(client):
        return standing
    made = Autopay(client_id=client.id, words=AGREEMENT, agreed_at=now)
    db.session.add(made)
    for collection in agreed.stopped(client):
        collection.state, collection.next_at, collection.attempts = PLANNED, now, 0
    db.session.flush()
    audit.record("autopay.agreed", person_id=client.id)
    return made


def stop(client: Person, *, now: datetime) -> None:
    """Charge nothing by itself any more."""
    guards.lock_people(client.id)
    standing = agreed.agreement_of(client)
    if standing is None:
        return
    standing.stopped_at = now
    db.session.flush()
    audit.record("autopay.stopped", person_id=client.id)


def plan(now: datetime) -> int:
    """Plan the collecting of what is due and not planned yet, and try new cards at once; return how many are new."""
    found = agreed.uncollected(now)
    for billed in found:
        zone, at = billed.invoice.client.zone, _charged_at(billed, now)
        told = max(tell_at(at, zone), min(now, at))
        db.session.add(Collection(invoice_id=billed.invoice.id, charge_at=at, next_at=told))
    for collection in agreed.declined(now):
        card = agreed.card_for(collection.invoice)
        if card and collection.payment and card.id != collection.payment.card_id:
            collection.next_at = now
    db.session.flush()
    return len(found)


def go_on(provider: Payments, collection_id: int, *, now: datetime) -> None:
    """Take the next step of one collection and commit after each; a provider that does not answer is asked later."""
    payment_id = _attempt_of(collection_id)
    if payment_id is not None:
        checking.check(provider, payment_id, now=now)
    begun = _step(provider, collection_id, now)
    if begun is None:
        return
    try:
        charging.carry_out(provider, begun, present=False, back=letters.confirmation_link(begun), now=now)
    except GatewayDownError:
        return
    _settle(_locked(collection_id), now)
    db.session.commit()


def _step(provider: Payments, collection_id: int, now: datetime) -> int | None:
    """Move on as far as no charge is needed; return the attempt that was begun, if one was. Commits."""
    collection = _locked(collection_id)
    if collection.state not in RUNNING or collection.next_at > now:
        db.session.commit()
        return None
    billed = queries.billed_on(collection.invoice)
    if collection.state in {TRYING, ASKED}:
        gone = _settle(collection, now)
        db.session.commit()
        if gone is not None:
            charging.give_up(provider, gone, now=now)
            _settle(_locked(collection_id), now)
            db.session.commit()
        return None
    if not _may_go_on(collection, billed, now):
        db.session.commit()
        return None
    if collection.state == PLANNED or collection.told_cents < billed.due.cents:
        _tell(collection, billed, now)
        db.session.commit()
        return None
    return _begin(provider, collection_id, now)


def _begin(provider: Payments, collection_id: int, now: datetime) -> int | None:
    about = _about(_locked(collection_id).invoice)
    db.session.commit()
    try:
        charging.clear_the_way(provider, about, now=now)
    except GatewayDownError:
        return None
    collection = _locked(collection_id)
    card = agreed.card_for(collection.invoice)
    if card is None or collection.state != TOLD:
        db.session.commit()
        return None
    try:
        begun = charging.begin(_about(collection.invoice), card, now=now)
    except CannotPayError:
        collection.next_at = now + LOOK_AGAIN
        db.session.commit()
        return None
    if begun.amount_cents > collection.told_cents:
        db.session.rollback()  # more became due while pages were closed: it is announced first
        return None
    collection.state, collection.payment_id = TRYING, begun.id
    collection.attempts += 1
    collection.next_at = now + LOOK_AGAIN
    number = begun.id
    db.session.commit()
    return number


def _may_go_on(collection: Collection, billed: Billed, now: datetime) -> bool:
    """Say whether there is still something to charge; where there is not, the collection ends or waits."""
    if not billed.due:
        collection.state = DONE
        return False
    appointment = collection.invoice.appointment
    if appointment and agreed.is_undecided(appointment):
        collection.next_at = now + LOOK_AGAIN
        return False
    if agreed.card_for(collection.invoice) is None:
        collection.state = STOPPED
        return False
    return True


def _tell(collection: Collection, billed: Billed, now: datetime) -> None:
    """Announce a charge, at least half a day ahead of it."""
    collection.told_cents, collection.state = billed.due.cents, TOLD
    collection.charge_at = collection.next_at = max(collection.charge_at, now + NOTICE)
    letters.preview(collection, now)


def _settle(collection: Collection, now: datetime) -> int | None:
    """Bring a collection up to its latest attempt; return an attempt that has waited long enough for the client."""
    if collection.state not in {TRYING, ASKED} or collection.payment is None:
        return None
    attempt = collection.payment
    if attempt.status == SUCCEEDED:
        collection.state = TOLD if balances.of_invoice(collection.invoice).cents > 0 else DONE
    elif attempt.status == OPEN and collection.state == TRYING:
        collection.state, collection.next_at = ASKED, now + BANK_WAITS
        letters.ask(collection, attempt, now)
    elif attempt.status == OPEN and collection.next_at <= now:
        return attempt.id
    elif attempt.status in {NEW, PROCESSING, OPEN}:
        collection.next_at = max(collection.next_at, now + LOOK_AGAIN)
    elif not attempt.problem:
        # Without a number it never reached the provider; with one, the client wanted to pay another way.
        collection.state, collection.next_at = TOLD, now + AGAIN_AFTER[0] if attempt.intent_id else now
    else:
        _declined(collection, attempt, now)
    db.session.flush()
    return None


def _declined(collection: Collection, attempt: Payment, now: datetime) -> None:
    again = again_at(collection.attempts, now)
    collection.state, collection.next_at = (TOLD, again) if again else (GIVEN_UP, now)
    letters.declined(collection, attempt, again, now)


def _charged_at(billed: Billed, now: datetime) -> datetime:
    appointment = billed.invoice.appointment
    zone = billed.invoice.client.zone
    if appointment is None:
        return charge_at(now, now, AFTER, zone)
    if appointment.status == CANCELLED:
        return charge_at(now, now, AFTER, zone)
    return charge_at(appointment.starts_at, appointment.ends_at, terms.agreed_on(appointment).rest, zone)


def _about(invoice: Invoice) -> Appointment | Invoice:
    return invoice.appointment or invoice


def _attempt_of(collection_id: int) -> int | None:
    collection = db.session.get_one(Collection, collection_id)
    found = collection.payment_id if collection.state in {TRYING, ASKED} else None
    db.session.commit()
    return found


def _locked(collection_id: int) -> Collection:
    chosen = select(Collection).where(Collection.id == collection_id).with_for_update(of=Collection)
    return db.session.scalars(chosen.execution_options(populate_existing=True)).one()
