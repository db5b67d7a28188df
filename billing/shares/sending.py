"""Send shares by the card company: promised in the books' database first, sent after the commit, and never twice.

A transfer carries our key as its group, so one whose answer got lost is found again; each try has an idempotency
key of its own, for the provider answers a repeated key as it did before (docs.stripe.com/api/idempotent_requests).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from billing.ledger import books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import LedgerTransaction
from billing.shares.models import CALLED_OFF, DONE, REFUSED, SENDING, UNDER_WAY, WAITING, SharePayment
from billing.shares.words import LOST_ANSWER, NO_MONEY
from practice.core import audit
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayDownError, GatewayRefusedError, Payments
from practice.core.settlements import TransferRequest, TransferState
from practice.models import Person

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(hours=6)
LABEL = "Share of session fees"


class TooLateError(Exception):
    """The transfer may be on its way, or has arrived."""


def send(provider: Payments, payment_id: int, *, now: datetime) -> SharePayment:
    """Send a transfer that was promised and commit; one that was made already is found and not made again."""
    payment = _locked(payment_id)
    if payment.state not in UNDER_WAY:
        db.session.commit()
        return payment
    payment.state, payment.due_at = SENDING, now
    request = TransferRequest(payment.uid, payment.account_id or "", payment.amount, LABEL, payment.attempt)
    db.session.commit()
    try:
        made = provider.transfers(request.key)
        state = made[0] if made else provider.send_transfer(request)
    except (GatewayDownError, GatewayRefusedError) as error:
        payment = _locked(payment_id)
        if payment.state == SENDING and payment.attempt == request.attempt:
            _note(payment, error, now)
    else:
        apply(state, now=now)
        payment = db.session.get_one(SharePayment, payment_id)
    db.session.commit()
    return payment


def is_ours(state: TransferState) -> bool:
    """Tell whether a transfer was sent from here."""
    return db.session.scalar(select(SharePayment.id).where(SharePayment.uid == state.key)) is not None


def apply(state: TransferState, *, now: datetime) -> SharePayment | None:
    """Bring a payment up to what the provider says of its transfer; old or repeated news changes nothing."""
    found = db.session.scalar(select(SharePayment.id).where(SharePayment.uid == state.key))
    if found is None:
        return None
    payment = _locked(found)
    payment.state, payment.transfer_id, payment.problem, payment.due_at = DONE, state.id, "", None
    payment.settled_at = payment.settled_at or now
    _book(Kind.TRANSFER, state.id, payment, payment.amount, now)
    for back in state.reversals:
        if _book(Kind.TRANSFER_REVERSED, back.id, payment, back.amount, now):
            payment.reversed_cents += back.amount.cents
    db.session.flush()
    return payment


def look_up(provider: Payments, transfer_ids: Iterable[str], *, now: datetime) -> None:
    """Ask about transfers that the statement names, committing after each; what is not ours is left to the match."""
    for transfer_id in sorted(set(transfer_ids)):
        db.session.commit()
        try:
            state = provider.transfer(transfer_id)
        except (GatewayDownError, GatewayRefusedError):
            log.warning("transfer %s could not be looked up", transfer_id)
            continue
        apply(state, now=now)
        db.session.commit()


def unbooked(lines: Iterable[tuple[str, str]]) -> set[str]:
    """Return the transfers whose lines have no posting; each line is what moved it and its transfer."""
    by_source = dict(lines)
    kinds = [str(Kind.TRANSFER), str(Kind.TRANSFER_REVERSED)]
    query = select(LedgerTransaction.reference).where(
        LedgerTransaction.kind.in_(kinds), LedgerTransaction.reference.in_(by_source)
    )
    return {by_source[source] for source in by_source.keys() - set(db.session.scalars(query))}


def call_off(payment_id: int, *, by: Person) -> SharePayment:
    """Call off a transfer that waits for money. Raises TooLateError."""
    payment = _locked(payment_id)
    if payment.state != WAITING:
        raise TooLateError("It is on its way already, or has arrived.")
    payment.state, payment.due_at = CALLED_OFF, None
    db.session.flush()
    audit.record(
        "share.called_off",
        person_id=by.id,
        subject=("person", payment.counselor_id),
        detail={"cents": payment.amount_cents, "payment": payment.id},
    )
    return payment


def _note(payment: SharePayment, error: GatewayDownError | GatewayRefusedError, now: datetime) -> None:
    """Keep why it did not arrive: no answer leaves it open, no money lets it wait, anything else ends it."""
    if isinstance(error, GatewayDownError):
        payment.problem = LOST_ANSWER
    elif error.code == NO_MONEY:
        payment.state, payment.problem = WAITING, NO_MONEY
        payment.attempt, payment.due_at = payment.attempt + 1, now + AGAIN_AFTER
    else:
        payment.state, payment.due_at, payment.settled_at = REFUSED, None, now
        payment.problem = (error.code or "refused")[:80]
    db.session.flush()


def _book(kind: Kind, reference: str, payment: SharePayment, amount: Money, now: datetime) -> bool:
    return books.post(posting(kind, reference, amount, Whose(counselor_id=payment.counselor_id)), now=now)


def _locked(payment_id: int) -> SharePayment:
    return db.session.get_one(SharePayment, payment_id, with_for_update=True, populate_existing=True)
