"""Asking a client for less: a credit, or writing off what will not come. Never more than is due, and once a form."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from billing import payments
from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Adjustment, Invoice
from billing.states import WRITES_OFF
from practice.core import audit
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person


class CannotAdjustError(Exception):
    """The invoice cannot be adjusted like this; `str()` says why in plain words."""


class ChangedMeanwhileError(CannotAdjustError):
    """Something else is due than the form was filled in for."""


def adjust(
    invoice: Invoice,
    amount: Money,
    *,
    reason: str,
    seen: Money,
    by: Person,
    form_key: str,
    now: datetime,
    note: str = "",
) -> Adjustment:
    """Take an amount off what is due. The same form again returns the same adjustment. Raises CannotAdjustError.

    `seen` is what was due when the form was filled in.
    """
    if invoice.appointment:
        payments.lock(invoice.appointment)
    if made := made_by(form_key):
        return made
    due = balances.of_invoice(invoice)
    if due != seen:
        raise ChangedMeanwhileError(f"Something changed meanwhile: {_owed(due)} is due now. Look at it once more.")
    if not Money.zero(due.currency) < amount <= due:
        raise CannotAdjustError(f"At most {_owed(due)} is due.")
    made = Adjustment(
        invoice_id=invoice.id,
        amount_cents=amount.cents,
        kind=Kind.WRITE_OFF if reason in WRITES_OFF else Kind.CREDIT,
        reason=reason,
        note=note or None,
        made_by_id=by.id,
        made_at=now,
        form_key=form_key,
    )
    db.session.add(made)
    db.session.flush()
    whose = Whose(invoice.client_id, invoice.counselor_id, invoice.id)
    books.post(posting(Kind(made.kind), made.uid, amount, whose), now=now)
    audit.record(
        "invoice.adjusted",
        person_id=by.id,
        subject=("invoice", invoice.id),
        detail={"cents": amount.cents, "kind": made.kind, "reason": reason},
    )
    return made


def made_by(form_key: str) -> Adjustment | None:
    """Return the adjustment that a form asked for already."""
    return db.session.scalars(select(Adjustment).where(Adjustment.form_key == form_key)).first()


def _owed(due: Money) -> Money:
    return due if due.cents > 0 else Money.zero(due.currency)
