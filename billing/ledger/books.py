"""Write postings into the ledger, each once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from billing.closing.periods import open_instant
from billing.ledger.events import Posted, posted
from billing.ledger.posting import Posting
from billing.models import LedgerEntry, LedgerTransaction
from practice.core.db import db


def post(posting: Posting, *, now: datetime, payment_id: int | None = None) -> bool:
    """Post in the current transaction and tell who listens; return whether it was new.

    The caller holds the lock on what the posting is about; should it not, the unique
    (kind, reference) refuses the second.
    """
    return write(posting, now=now, payment_id=payment_id) is not None


def write(posting: Posting, *, now: datetime, payment_id: int | None = None) -> LedgerTransaction | None:
    """Post as `post` does, and return what was written; nothing where it stands already."""
    if _is_posted(posting):
        return None
    written = LedgerTransaction(
        kind=posting.kind,
        reference=posting.reference,
        amount_cents=posting.amount.cents,
        currency=posting.amount.currency,
        open_debit_cents=posting.amount.cents,
        open_credit_cents=posting.amount.cents,
        payment_id=payment_id,
        posted_at=open_instant(now),
    )
    db.session.add(written)
    db.session.flush()
    entries = [
        {
            "transaction_id": written.id,
            "currency": posting.amount.currency,
            "account": entry.account,
            "amount_cents": entry.cents,
            "client_id": entry.whose.client_id,
            "counselor_id": entry.whose.counselor_id,
            "invoice_id": entry.whose.invoice_id,
        }
        for entry in posting.entries
    ]
    db.session.execute(insert(LedgerEntry), entries)
    posted.send(Posted(posting, written))
    return written


def _is_posted(posting: Posting) -> bool:
    same = select(LedgerTransaction.id).where(
        LedgerTransaction.kind == posting.kind, LedgerTransaction.reference == posting.reference
    )
    return db.session.execute(same).first() is not None
