"""Giving money back: asked for in one transaction, sent after it, and never more than came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update

from billing import states
from billing.credit import refunds as credit
from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Payment, Refund
from billing.packages import refunds as packages
from billing.states import CARD, CREDIT, FAILED, GIVEN_BACK, KEPT, QUEUED, SENDING, SUCCEEDED, WITHDRAWN
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayDownError, GatewayRefusedError, Payments, RefundRequest, RefundState
from practice.models import Person

LEASE = timedelta(seconds=90)
LONGEST_PAUSE_SECONDS = 6 * 3600
WITH_LOCK = {"of": Payment, "key_share": True}
"""How a payment is locked: against deeds, not against rows that merely refer to it."""
LOST_ANSWER = "The payment provider did not answer; asking again."


class TooMuchError(Exception):
    """More was to be given back than is left of the payment."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt to send one refund; only its holder may settle it."""

    refund_id: int
    payment_id: int
    attempts: int
    request: RefundRequest


def request(
    payment: Payment,
    amount: Money,
    *,
    reason: str,
    now: datetime,
    by: Person | None = None,
    note: str = "",
    form_key: str | None = None,
    way: str = CARD,
) -> Refund:
    """Promise money back; it leaves after the commit, or becomes credit at once. The same form asks once.

    Raises TooMuchError; the database refuses it too.
    """
    db.session.refresh(payment, with_for_update=WITH_LOCK)
    if form_key and (asked := _by_form(form_key)):
        return asked
    most = packages.most_back(payment)
    if payment.status != SUCCEEDED or not Money.zero(payment.currency) < amount <= most:
        raise TooMuchError(f"At most {most} can be given back.")
    refund = _promise(payment, amount, reason=reason, now=now, by=by, note=note, form_key=form_key, way=way)
    if way == CREDIT:
        credit.hold(refund, now)
    _tell(refund, now)
    return refund


def claim(*, now: datetime, most: int = 10, refund_id: int | None = None) -> list[Claim]:
    """Take refunds that are due, and those whose holder let the lease lapse; the caller commits."""
    due = and_(Refund.status == QUEUED, Refund.due_at <= now)
    lapsed = and_(Refund.status == SENDING, Refund.leased_until < now)
    chosen = select(Refund.id).where(or_(due, lapsed)).order_by(Refund.due_at).limit(most)
    if refund_id is not None:
        chosen = chosen.where(Refund.id == refund_id)
    if db.session.get_bind().dialect.name == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    taken = db.session.scalars(
        update(Refund)
        .where(Refund.id.in_(chosen.scalar_subquery()))
        .values(status=SENDING, attempts=Refund.attempts + 1, leased_until=now + LEASE)
        .returning(Refund.id)
        .execution_options(synchronize_session=False)
    ).all()
    return [_claimed(db.session.get_one(Refund, number, populate_existing=True)) for number in taken]


def send(provider: Payments, claimed: Claim) -> RefundState:
    """Ask the provider for the refund, or find the one that an earlier attempt made; no transaction may be open."""
    if claimed.attempts > 1:
        for made in provider.refunds(claimed.request.payment_id):
            if made.key == claimed.request.key:
                return made
    return provider.refund(claimed.request)


def settle(claimed: Claim, outcome: RefundState | GatewayDownError | GatewayRefusedError, *, now: datetime) -> bool:
    """Write what came of an attempt, if this attempt still holds the refund."""
    payment = db.session.get_one(Payment, claimed.payment_id)
    db.session.refresh(payment, with_for_update=WITH_LOCK)
    refund = db.session.get_one(Refund, claimed.refund_id, populate_existing=True)
    if isinstance(outcome, RefundState):
        take_note(payment, outcome, now=now)
        return True
    if refund.status != SENDING or refund.attempts != claimed.attempts:
        return False
    if isinstance(outcome, GatewayDownError):
        refund.status, refund.leased_until = QUEUED, None
        refund.due_at = now + pause(refund.attempts)
        refund.last_error = LOST_ANSWER
    else:
        refund.last_error = str(outcome)[:300]
        _advance(refund, FAILED, now)
    db.session.flush()
    return True


def take_note(payment: Payment, made: RefundState, *, now: datetime) -> Refund:
    """Bring a refund up to what the provider says; one made on the provider's side is entered.

    The caller holds the payment's lock.
    """
    refund = _find(payment, made)
    if refund is None:
        _make_room(payment, made.amount, now)
        refund = _promise(payment, made.amount, reason="provider", now=now)
        _tell(refund, now)
        if payment.fate not in {None, KEPT} and payment.left:
            _promise(payment, payment.left, reason=str(payment.fate), now=now)  # all of it was to go back
    refund.provider_id = refund.provider_id or made.id
    refund.last_error = made.problem[:300]
    _advance(refund, states.refund_status_of(made.stage), now)
    return refund


def pause(attempts: int) -> timedelta:
    """Wait longer after each attempt without an answer."""
    return timedelta(seconds=min(LONGEST_PAUSE_SECONDS, 15 * 2.0 ** min(attempts, 20)))


def _promise(
    payment: Payment,
    amount: Money,
    *,
    reason: str,
    now: datetime,
    by: Person | None = None,
    note: str = "",
    form_key: str | None = None,
    way: str = CARD,
) -> Refund:
    over = balances.overpaid(payment)
    refund = Refund(
        payment_id=payment.id,
        amount_cents=amount.cents,
        way=way,
        reason=reason,
        note=note or None,
        requested_by_id=by.id if by else None,
        form_key=form_key,
        due_at=now,
        requested_at=now,
    )
    db.session.add(refund)
    db.session.flush()
    db.session.refresh(payment)
    if amount > over and not packages.give_up(refund, amount - over, now):
        _post(Kind.CREDIT, refund, now, amount - over)
    audit.record(
        "refund.requested",
        person_id=by.id if by else None,
        subject=("payment", payment.id),
        detail={"refund": refund.id, "cents": amount.cents, "reason": reason},
    )
    return refund


def _advance(refund: Refund, news: str, now: datetime) -> None:
    before, after = refund.status, states.refund_further(refund.status, news)
    if after == before:
        return
    refund.status, refund.leased_until = after, None
    if after in {GIVEN_BACK, FAILED, WITHDRAWN}:
        refund.settled_at = now
    db.session.flush()
    db.session.refresh(refund.payment)
    if after == GIVEN_BACK:
        _post(Kind.REFUND, refund, now)
    elif after in states.DEAD_REFUNDS:
        if before == GIVEN_BACK and refund.way == CREDIT:
            credit.take_back(refund, now)
        elif before == GIVEN_BACK:
            _post(Kind.REFUND_RETURNED, refund, now)
        packages.take_again(refund, now)
        if credited := _given_up_for(refund):
            _post(Kind.CREDIT_REVERSED, refund, now, Money(credited, refund.payment.currency))
    audit.record(f"refund.{after}", subject=("payment", refund.payment_id), detail={"refund": refund.id})


def _given_up_for(refund: Refund) -> int:
    """Return how many cents of income a refund gives up, without what was taken back to make room."""
    return balances.posted(Kind.CREDIT, refund.uid) - balances.posted(Kind.CREDIT_REVERSED, _room(refund))


def _room(refund: Refund) -> str:
    return f"{refund.uid}.room"


def _post(kind: Kind, refund: Refund, now: datetime, amount: Money | None = None, *, room: bool = False) -> None:
    """Book a refund, or the credit of what it gives up; what was paid beyond the invoice was never earned."""
    payment = refund.payment
    if kind in {Kind.CREDIT, Kind.CREDIT_REVERSED} and payment.fate != KEPT:
        return
    whose = Whose(payment.client_id, payment.paid_for.counselor_id, payment.invoice_id)
    reference = _room(refund) if room else refund.uid
    books.post(posting(kind, reference, amount or refund.amount, whose), now=now, payment_id=payment.id)


def _make_room(payment: Payment, amount: Money, now: datetime) -> None:
    """Take back promises that have not left, where the provider has given the same money already."""
    here = or_(Refund.status == QUEUED, and_(Refund.way == CREDIT, Refund.status == GIVEN_BACK))
    waiting = select(Refund).where(Refund.payment_id == payment.id, here).order_by(Refund.way, Refund.id.desc())
    for refund in db.session.scalars(waiting):
        if amount <= payment.left:
            break
        _advance(refund, WITHDRAWN, now)
        _earn_again(payment, now)


def _earn_again(payment: Payment, now: datetime) -> None:
    """Give up no income for refunds that what was paid beyond the invoice covers, now that a promise of it is gone."""
    for refund in db.session.scalars(select(Refund).where(Refund.payment_id == payment.id).order_by(Refund.id)):
        covered = min(Money(_given_up_for(refund), payment.currency), balances.overpaid(payment))
        if covered and refund.status not in states.DEAD_REFUNDS:
            _post(Kind.CREDIT_REVERSED, refund, now, covered, room=True)


def _find(payment: Payment, made: RefundState) -> Refund | None:
    same = or_(Refund.provider_id == made.id, and_(Refund.uid == made.key, Refund.payment_id == payment.id))
    return db.session.scalars(select(Refund).where(same).execution_options(populate_existing=True)).first()


def _by_form(form_key: str) -> Refund | None:
    return db.session.scalars(select(Refund).where(Refund.form_key == form_key)).first()


def _claimed(refund: Refund) -> Claim:
    intent_id = refund.payment.intent_id or ""
    return Claim(refund.id, refund.payment_id, refund.attempts, RefundRequest(refund.uid, intent_id, refund.amount))


def _tell(refund: Refund, now: datetime) -> None:
    if refund.reason in {states.LATE, states.TWICE}:
        return
    outbox.plan(
        key=f"billing.refund:{refund.uid}",
        kind="billing.refund",
        due_at=now,
        now=now,
        recipient_id=refund.payment.client_id,
        payload={"refund_id": refund.id},
        subject=("payment", refund.payment_id),
    )
