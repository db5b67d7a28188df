"""Shares follow the books: whatever changes what a session was paid, or its day, changes its counselor's share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, or_, select

from billing.ledger.events import Posted, posted
from billing.ledger.posting import DISPUTES, Account
from billing.models import Invoice, Payment
from billing.shares import reckoning, services
from billing.shares.models import ShareRule
from booking import events as booking
from practice.core.db import db
from practice.queries.people import the_practice

MOVES = (Account.RECEIVABLE, Account.INCOME)


def subscribe() -> None:
    """Listen to the books and to booking."""
    posted.subscribe(follow)
    booking.moved.subscribe(follow_move)


def follow(happened: Posted) -> None:
    """Reckon the shares of the sessions a posting is about anew."""
    _reckon(_invoices_of(happened), f"posting{happened.written.id}", happened.written.posted_at)


def follow_move(happened: booking.Moved) -> None:
    """Reckon the share of a session anew that may have come under another rule."""
    moved = happened.appointment.id
    theirs = select(Invoice.id).where(or_(Invoice.appointment_id == moved, Invoice.addition_to_id == moved))
    numbers = set(db.session.scalars(theirs))
    _reckon(numbers, f"moved{happened.now:%Y%m%d%H%M%S%f}", happened.now)


def _reckon(invoice_ids: set[int], cause: str, now: datetime) -> None:
    if invoice_ids and _shared(invoice_ids):
        services.reckon(reckoning.sessions_in(invoice_ids), cause=cause, zone=the_practice().zone, now=now)


def _invoices_of(happened: Posted) -> set[int]:
    if happened.posting.kind in DISPUTES:
        payment = db.session.get(Payment, happened.written.payment_id) if happened.written.payment_id else None
        return {payment.invoice_id} if payment and payment.invoice_id else set()
    named = (each.whose.invoice_id for each in happened.posting.entries if each.account in MOVES)
    return {number for number in named if number is not None}


def _shared(invoice_ids: set[int]) -> bool:
    """Tell whether anything was ever agreed with the counselor of one of them."""
    agreed = exists().where(ShareRule.counselor_id == Invoice.counselor_id)
    theirs = select(Invoice.id).where(Invoice.id.in_(invoice_ids), agreed).limit(1)
    return db.session.scalars(theirs).first() is not None
