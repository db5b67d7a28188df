"""The card company's side of the demo: a fee on every payment, a payout each week, three disputes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from billing.disputes import services as disputes
from billing.disputes.models import LOST, Dispute
from billing.models import Payment
from billing.settlements import payouts, services
from billing.settlements.demo_store import tell_of_shares, tell_test_page
from billing.shares.models import SharePayment
from billing.states import GIVEN_BACK
from billing.testpay.statement import fee_on
from billing.testpay.store import Store
from booking.policy import COMPLETED
from practice.core import seeds
from practice.core.db import db
from practice.core.money import Money
from practice.core.settings import settings
from practice.core.settlements import DisputeStage, DisputeState, PayoutState, StatementLine
from practice.models import Person, Practice

ORDER = 81
DISPUTE_FEE_CENTS = 15_00
TRAVELS = timedelta(days=2)
ANSWERED_WITHIN = timedelta(days=9)
WEEK = timedelta(days=7)
ENDS: tuple[tuple[DisputeStage, str], ...] = (
    ("asked", "product_not_received"),
    ("won", "general"),
    ("lost", "general"),
)


def seed(_practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Fill the statement from the demo's payments, and let the weeks be paid out."""
    paid = db.session.scalars(
        select(Payment).where(Payment.intent_id.like("pi_demo_%")).options(selectinload(Payment.refunds))
    ).all()
    asked = list(_disputes(paid, now))
    shares = db.session.scalars(select(SharePayment).where(SharePayment.transfer_id.is_not(None))).all()
    lines = sorted(
        [*_of_payments(paid), *_of_disputes(asked), *_of_shares(shares)], key=lambda line: (line.created_at, line.id)
    )
    sent: list[tuple[PayoutState, list[StatementLine]]] = []
    for monday, week in groupby(lines, key=lambda line: _week_after(line.created_at)):
        own = list(week)
        services.take(own, now=min(monday, now))
        if monday <= now - timedelta(days=1) and (payout := _payout(own, monday, now)):
            sent.append(payout)
    for state in asked:
        disputes.apply(state, now=min(now, state.created_at + timedelta(hours=1)))
    _accept_lost(people["omar"])
    for payout_state, carried in sent:
        services.take(carried[-1:], now=payout_state.created_at)
        payouts.apply(payout_state, now=payout_state.created_at)
        payouts.itemise(payout_state.id, carried, now=payout_state.created_at)
    db.session.flush()
    if settings().is_demo and settings().stripe_api_base:
        with closing(Store(settings().var_dir / "testpay.db")) as store:
            tell_test_page(store, lines, sent, asked)
            tell_of_shares(store, shares)


def _accept_lost(office: Person) -> None:
    """Let the practice have accepted the dispute that is lost: the client was right."""
    for dispute in db.session.scalars(select(Dispute).where(Dispute.stage == LOST)):
        dispute.accepted_at, dispute.accepted_by_id = dispute.opened_at + timedelta(minutes=40), office.id


def _of_payments(paid: Sequence[Payment]) -> Iterable[StatementLine]:
    for payment in paid:
        intent, at = payment.intent_id or "", payment.paid_at or payment.created_at
        fee = Money(fee_on(payment.received_cents), payment.currency)
        yield _line("charge", payment.received, at, fee=fee, source=f"ch_demo_{payment.id:06d}", intent=intent)
        for refund in payment.refunds:
            if refund.status == GIVEN_BACK and refund.settled_at and refund.provider_id:
                yield _line("refund", -refund.amount, refund.settled_at, source=refund.provider_id, intent=intent)


def _of_disputes(asked: Sequence[DisputeState]) -> Iterable[StatementLine]:
    for state in asked:
        fee = Money(DISPUTE_FEE_CENTS, state.amount.currency)
        source, intent = state.id, state.payment_id
        yield _line("dispute", -state.amount, state.created_at, fee=fee, source=source, intent=intent)
        if state.returned:
            given_at = state.created_at + timedelta(days=5)
            yield _line("dispute_won", state.returned, given_at, source=source, intent=intent)


def _of_shares(shares: Sequence[SharePayment]) -> Iterable[StatementLine]:
    for share in shares:
        yield _line("transfer", -share.amount, share.made_at, source=share.transfer_id or "")


def _line(
    kind: Any, amount: Money, at: datetime, *, source: str, intent: str = "", fee: Money | None = None
) -> StatementLine:
    nothing = Money.zero(amount.currency)
    return StatementLine(f"txn_demo_{kind}_{source[-24:]}", kind, amount, fee or nothing, at, source, intent)


def _disputes(paid: Sequence[Payment], now: datetime) -> Iterable[DisputeState]:
    """Dispute three payments: one since yesterday, two of former weeks that the bank decided."""
    over = {
        payment: payment.appointment.ends_at
        for payment in paid
        if payment.appointment and payment.appointment.status == COMPLETED and not payment.refunds
    }
    whole = sorted(over, key=over.__getitem__, reverse=True)
    lately = [payment for payment in whole if over[payment] < now - timedelta(days=2)]
    before = [payment for payment in whole if over[payment] < now - timedelta(days=14)]
    for place, (payment, (stage, reason)) in enumerate(zip([*lately[:1], *before[:2]], ENDS, strict=False)):
        opened = now - timedelta(days=1 if stage == "asked" else 8 + place)
        nothing = Money.zero(payment.currency)
        yield DisputeState(
            id=f"dp_demo_{payment.id:06d}",
            payment_id=payment.intent_id or "",
            amount=payment.received,
            stage=stage,
            reason=reason,
            created_at=opened,
            due_at=opened + ANSWERED_WITHIN,
            withdrawn=payment.received,
            returned=payment.received if stage == "won" else nothing,
            answered=stage != "asked",
        )


def _week_after(instant: datetime) -> datetime:
    """Return the Monday, six o'clock UTC, on which what moved at an instant is sent to the bank."""
    morning = instant.replace(hour=6, minute=0, second=0, microsecond=0)
    monday = morning - timedelta(days=morning.weekday())
    return monday if instant < monday else monday + WEEK


def _payout(
    own: Sequence[StatementLine], monday: datetime, now: datetime
) -> tuple[PayoutState, list[StatementLine]] | None:
    total = Money(sum(line.net.cents for line in own), own[0].amount.currency)
    if total.cents <= 0:
        return None
    arrives = monday + TRAVELS
    state = PayoutState(
        f"po_demo_{monday:%Y%m%d}", total, "paid" if arrives <= now else "in_transit", monday, arrives.date()
    )
    return state, [*own, _line("payout", -total, monday, source=state.id)]


seeds.register(ORDER, seed)
