"""Disputes: heard of, booked as the money moves, answered once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from billing.disputes.models import ASKED, CLOSED, LOST, OPEN, REVIEWED, WON, Dispute
from billing.disputes.packet import Packet
from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Payment
from billing.refunding import WITH_LOCK
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayDownError, GatewayRefusedError, Payments
from practice.core.settlements import DisputeAnswer, DisputeState
from practice.models import Person
from practice.queries.people import administrators

log = logging.getLogger(__name__)

_RANK = {ASKED: 0, REVIEWED: 1, CLOSED: 2, LOST: 3, WON: 4}
ASK_EVERY = timedelta(hours=1)
WARN_BEFORE = timedelta(days=2)
OVERTURNED_WITHIN = timedelta(days=60)
"""How long a lost dispute is still asked about: a bank may change its mind."""
LOST_ANSWER = "The card company did not answer; it is asked again."
ARRIVED, DUE_SOON = "billing.dispute", "billing.dispute_due"


class CannotAnswerError(Exception):
    """The dispute takes no answer any more; `str()` says why."""


def payment_of(state: DisputeState) -> Payment | None:
    """Find the payment a dispute is about."""
    return db.session.scalars(select(Payment).where(Payment.intent_id == state.payment_id)).first()


def apply(state: DisputeState, *, now: datetime) -> Dispute | None:
    """Bring a dispute up to what the provider says and book what moved; old or repeated news changes nothing."""
    payment = payment_of(state)
    if payment is None:
        return None
    db.session.refresh(payment, with_for_update=WITH_LOCK)
    dispute = _row(state, payment, now)
    stage = max(dispute.stage, state.stage, key=_RANK.__getitem__)
    if stage != dispute.stage:
        dispute.stage = stage
        audit.record(f"dispute.{stage}", subject=("dispute", dispute.id), about=payment.client_id)
    dispute.withdrawn_cents = max(dispute.withdrawn_cents, state.withdrawn.cents)
    dispute.returned_cents = min(dispute.withdrawn_cents, max(dispute.returned_cents, state.returned.cents))
    dispute.checked_at, dispute.due_at = now, state.due_at or dispute.due_at
    if stage not in OPEN:
        dispute.settled_at = dispute.settled_at or now
    if state.answered and dispute.answer and dispute.sent_at is None:
        dispute.sent_at, dispute.problem = now, ""
    db.session.flush()
    _book(dispute, now)
    return dispute


def look_up_all(provider: Payments, provider_ids: Iterable[str], *, now: datetime) -> None:
    """Look disputes up that are new or not settled, committing after each."""
    wanted = set(provider_ids)
    known = select(Dispute.provider_id).where(Dispute.provider_id.in_(wanted), Dispute.settled_at.is_not(None))
    for provider_id in sorted(wanted - set(db.session.scalars(known))):
        look_up(provider, provider_id, now=now)


def look_up(provider: Payments, provider_id: str, *, now: datetime) -> Dispute | None:
    """Ask about one dispute and commit; a provider that does not answer changes nothing."""
    db.session.commit()
    try:
        state = provider.dispute(provider_id)
    except (GatewayDownError, GatewayRefusedError):
        log.warning("dispute %s could not be looked up", provider_id)
        return None
    dispute = apply(state, now=now)
    db.session.commit()
    return dispute


def undecided(*, now: datetime, most: int = 50) -> list[str]:
    """Name the disputes to ask about: those without an end, and those lost not long ago."""
    lately = (Dispute.stage == LOST) & (Dispute.settled_at >= now - OVERTURNED_WITHIN)
    unpaid = (Dispute.stage == WON) & (Dispute.returned_cents < Dispute.withdrawn_cents)
    chosen = select(Dispute.provider_id).where(
        Dispute.stage.in_(OPEN) | lately | unpaid, Dispute.checked_at <= now - ASK_EVERY
    )
    return list(db.session.scalars(chosen.order_by(Dispute.checked_at).limit(most)))


def answer(dispute: Dispute, packet: Packet, *, by: Person, now: datetime) -> None:
    """Keep the answer; it leaves after the commit. Raises CannotAnswerError.

    The caller holds the dispute's lock.
    """
    if dispute.answer is not None:
        raise CannotAnswerError("This dispute was answered already.")
    if not dispute.can_be_answered or (dispute.due_at and dispute.due_at <= now):
        raise CannotAnswerError("The bank takes no answer any more.")
    dispute.answer, dispute.answer_key = packet.as_json(), uuid4().hex
    dispute.answered_by_id, dispute.answered_at, dispute.problem = by.id, now, ""
    db.session.flush()
    audit.record("dispute.answered", person_id=by.id, subject=("dispute", dispute.id), about=dispute.payment.client_id)


def accept(dispute: Dispute, *, by: Person, now: datetime) -> None:
    """Choose to leave the money to its payer; that leaves after the commit. Raises CannotAnswerError.

    Accepting twice is accepting once. The caller holds the dispute's lock.
    """
    if dispute.accepted_at:
        return
    if dispute.answer is not None:
        raise CannotAnswerError("This dispute was answered already; the bank decides now.")
    if not dispute.can_be_accepted:
        raise CannotAnswerError("There is nothing to accept: the bank has taken no money, or decided already.")
    dispute.accepted_at, dispute.accepted_by_id, dispute.problem = now, by.id, ""
    db.session.flush()
    audit.record("dispute.accepted", person_id=by.id, subject=("dispute", dispute.id), about=dispute.payment.client_id)


def send_acceptance(provider: Payments, dispute_id: int, *, now: datetime) -> Dispute:
    """Tell the card company and commit; where its reply got lost, the dispute is found lost and not closed again."""
    dispute = db.session.get_one(Dispute, dispute_id)
    wanted, provider_id = dispute.accepted_at is not None and dispute.stage == ASKED, dispute.provider_id
    db.session.commit()
    if not wanted:
        return dispute
    try:
        state = provider.dispute(provider_id)
        if state.stage == ASKED:
            state = provider.accept_dispute(provider_id)
    except (GatewayDownError, GatewayRefusedError) as error:
        dispute = db.session.get_one(Dispute, dispute_id)
        dispute.problem = LOST_ANSWER if isinstance(error, GatewayDownError) else str(error)[:300]
    else:
        dispute = apply(state, now=now) or dispute
        dispute.problem = ""
    db.session.commit()
    return dispute


def unsent_acceptances(most: int = 20) -> list[int]:
    """Name the disputes that were accepted here, of which the card company does not know yet."""
    waiting = Dispute.accepted_at.is_not(None) & (Dispute.stage == ASKED)
    return list(db.session.scalars(select(Dispute.id).where(waiting).limit(most)))


def send(provider: Payments, dispute_id: int, *, now: datetime) -> Dispute:
    """Send the answer that was kept and commit; an answer that got lost is found again and not sent twice."""
    dispute = db.session.get_one(Dispute, dispute_id)
    kept, key, provider_id = dispute.answer, dispute.answer_key, dispute.provider_id
    db.session.commit()
    if kept is None or key is None or dispute.sent_at:
        return dispute
    try:
        state = provider.dispute(provider_id)
        if not state.answered:
            state = provider.answer_dispute(DisputeAnswer(key=key, dispute_id=provider_id, **kept))
    except (GatewayDownError, GatewayRefusedError) as error:
        dispute = db.session.get_one(Dispute, dispute_id)
        dispute.problem = LOST_ANSWER if isinstance(error, GatewayDownError) else str(error)[:300]
    else:
        dispute = apply(state, now=now) or dispute
    db.session.commit()
    return dispute


def unsent(most: int = 20) -> list[int]:
    """Name the disputes whose answer has not reached the card company yet."""
    waiting = Dispute.answer_key.is_not(None) & Dispute.sent_at.is_(None) & (Dispute.stage == ASKED)
    return list(db.session.scalars(select(Dispute.id).where(waiting).limit(most)))


def _row(state: DisputeState, payment: Payment, now: datetime) -> Dispute:
    same = select(Dispute).where(Dispute.provider_id == state.id).execution_options(populate_existing=True)
    if found := db.session.scalars(same).first():
        return found
    dispute = Dispute(
        provider_id=state.id,
        payment_id=payment.id,
        amount_cents=state.amount.cents,
        currency=state.amount.currency,
        reason=state.reason[:40],
        opened_at=state.created_at,
        heard_at=now,
        checked_at=now,
        due_at=state.due_at,
        stage=ASKED,
        withdrawn_cents=0,
        returned_cents=0,
    )
    db.session.add(dispute)
    db.session.flush()
    audit.record("dispute.opened", subject=("dispute", dispute.id), about=payment.client_id)
    if state.stage == ASKED:
        _tell(dispute, now)
    return dispute


def _book(dispute: Dispute, now: datetime) -> None:
    if not dispute.withdrawn_cents:
        return
    lost = bool(balances.posted(Kind.DISPUTE_LOST, dispute.provider_id))
    _post(Kind.DISPUTE, dispute, dispute.withdrawn, now)
    if dispute.stage == LOST:
        _post(Kind.DISPUTE_LOST, dispute, dispute.withdrawn, now)
    if dispute.stage == WON and dispute.returned:
        if lost:
            _post(Kind.DISPUTE_OVERTURNED, dispute, dispute.withdrawn, now)
        _post(Kind.DISPUTE_WON, dispute, dispute.returned, now)


def _post(kind: Kind, dispute: Dispute, amount: Money, now: datetime) -> None:
    payment = dispute.payment
    whose = Whose(payment.client_id, payment.counselor.id)
    books.post(posting(kind, dispute.provider_id, amount, whose), now=now, payment_id=payment.id)


def _tell(dispute: Dispute, now: datetime) -> None:
    letters = [(ARRIVED, now)]
    if dispute.due_at and dispute.due_at - WARN_BEFORE > now:
        letters.append((DUE_SOON, dispute.due_at - WARN_BEFORE))
    for person in administrators():
        for kind, due_at in letters:
            outbox.plan(
                key=f"{kind}:{dispute.provider_id}:{person.id}",
                kind=kind,
                due_at=due_at,
                now=now,
                recipient_id=person.id,
                payload={"dispute_id": dispute.id},
                subject=("dispute", dispute.id),
            )
