"""What each session's share is by the books and by the rules, and what is missing between the two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from billing.ledger.posting import DISPUTES, GIVES_BACK, PAYS, Account
from billing.models import Invoice, LedgerEntry, LedgerTransaction, Payment
from billing.shares.rules import PERCENT, Collected, Rule, rule_for
from practice.core.db import db
from practice.core.formats import local

AT_ONCE = 400
_PAYING = sorted(map(str, PAYS | GIVES_BACK))
_DISPUTING = sorted(map(str, DISPUTES))


@dataclass(frozen=True, slots=True)
class Change:
    """What one session's share must still change by, in cents of its invoice's currency."""

    invoice: Invoice
    rule: Rule | None
    collected: int
    total: int
    share: int


def changes(invoices: Sequence[Invoice], rules: Collection[Rule], *, zone: str) -> Iterator[Change]:
    """Return what the shares of some sessions of one counselor must change by; what is right already is left out."""
    for start in range(0, len(invoices), AT_ONCE):
        some = invoices[start : start + AT_ONCE]
        books = collected([each.id for each in some])
        for invoice in some:
            held, rule = books.get(invoice.id, Collected()), _rule(rules, invoice, zone)
            total = rule.share_of(held.counts) if rule and _shares(rule, invoice) else 0
            if total != held.shared:
                yield Change(invoice, rule, held.counts, total, total - held.shared)


def sessions_of(counselor_id: int) -> Sequence[Invoice]:
    """Return the invoices of all of a counselor's sessions; what is sold ahead is shared when it pays for one."""
    return db.session.scalars(_sessions(Invoice.counselor_id == counselor_id)).unique().all()


def sessions_in(invoice_ids: Iterable[int]) -> Sequence[Invoice]:
    """Return those of some invoices that are for a session, in one order for everybody who locks them."""
    return db.session.scalars(_sessions(Invoice.id.in_(list(invoice_ids)))).unique().all()


def collected(invoice_ids: Collection[int]) -> dict[int, Collected]:
    """Add up what the books say of some sessions."""
    held_back = {invoice_id: int(cents) for invoice_id, cents in db.session.execute(_held_back(invoice_ids))}
    cents = LedgerEntry.amount_cents
    paying = and_(LedgerEntry.account == Account.RECEIVABLE, LedgerTransaction.kind.in_(_PAYING))
    query = (
        select(
            LedgerEntry.invoice_id,
            -func.sum(case((paying, cents), else_=0)),
            -func.sum(case((LedgerEntry.account == Account.INCOME, cents), else_=0)),
            -func.sum(case((LedgerEntry.account == Account.PAYABLE, cents), else_=0)),
        )
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerEntry.invoice_id.in_(invoice_ids))
        .group_by(LedgerEntry.invoice_id)
    )
    return {
        number: Collected(int(paid), held_back.get(number, 0), int(earned), int(shared))
        for number, paid, earned, shared in db.session.execute(query)
        if number is not None
    }


def _held_back(invoice_ids: Collection[int]) -> Select[int | None, int]:
    """Select what disputes took of payments for some invoices and did not give again."""
    return (
        select(Payment.invoice_id, func.sum(LedgerEntry.amount_cents))
        .join(LedgerTransaction, LedgerTransaction.payment_id == Payment.id)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(
            Payment.invoice_id.in_(invoice_ids),
            LedgerTransaction.kind.in_(_DISPUTING),
            LedgerEntry.account.in_((Account.DISPUTED, Account.WRITTEN_OFF)),
        )
        .group_by(Payment.invoice_id)
    )


def _sessions(which: ColumnElement[bool]) -> Select[Invoice]:
    of_session = or_(Invoice.appointment_id.is_not(None), Invoice.addition_to_id.is_not(None))
    chosen = select(Invoice).where(which, of_session).order_by(Invoice.id)
    return chosen.options(joinedload(Invoice.appointment), joinedload(Invoice.addition_to))


def _shares(rule: Rule, invoice: Invoice) -> bool:
    """Tell whether a rule has a say: a fixed share is for the session, and not again for an addition to it."""
    return rule.kind == PERCENT or invoice.appointment_id is not None


def _rule(rules: Collection[Rule], invoice: Invoice, zone: str) -> Rule | None:
    session = invoice.session
    if session is None:
        return None
    day = local(session.starts_at, zone).date()
    return rule_for(rules, day=day, service_id=session.service_id, currency=invoice.currency)
