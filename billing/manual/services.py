"""Writing down what was paid by hand, once a form, and undoing it by the posting's mirror."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select

from billing.credit import queries as credit_queries
from billing.credit import services as credit
from billing.credit.models import OVERPAID, PREPAID, CreditMove
from billing.ledger import balances, books
from billing.ledger.posting import Account, Entry, Kind, Whose, of_entries
from billing.manual import queries, sharing
from billing.manual.models import TRANSFER, ManualPayment
from billing.models import Invoice, LedgerEntry
from billing.till import queries as till
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

RECEIPT = "billing.manual_receipt"


class CannotRecordError(Exception):
    """It cannot be written down or undone like this; `str()` says why in plain words."""


def record(
    client: Person,
    amount: Money,
    *,
    way: str,
    received_on: date,
    shares: Mapping[int, Money],
    by: Person,
    form_key: str,
    now: datetime,
    reference: str = "",
    note: str = "",
) -> ManualPayment:
    """Write down money that came by hand: what it pays of which invoices, and the rest as credit.

    The same form again returns the same payment. Raises CannotRecordError.
    """
    invoices = _invoices(client, shares)
    credit.lock(client.id, *invoices)
    if made := queries.made_by(form_key):
        return made
    _check(invoices, amount, shares)
    payment = ManualPayment(
        client_id=client.id,
        way=way,
        amount_cents=amount.cents,
        currency=amount.currency,
        received_on=received_on,
        reference=reference or None,
        note=note or None,
        entered_by_id=by.id,
        entered_at=now,
        form_key=form_key,
    )
    db.session.add(payment)
    db.session.flush()
    _book(payment, invoices, shares, now)
    audit.record(
        "manual_payment.recorded",
        person_id=by.id,
        subject=("manual_payment", payment.id),
        detail={"cents": amount.cents, "way": way},
    )
    _tell(payment, now)
    return payment


def undo(payment: ManualPayment, *, reason: str, by: Person, now: datetime) -> None:
    """Take a payment by hand back out of the books; undoing twice is undoing once. Raises CannotRecordError."""
    posted = queries.posting_of(payment)
    invoices = [entry.invoice for entry in posted.entries if entry.invoice]
    credit.lock(payment.client_id, *invoices)
    db.session.refresh(payment, with_for_update={"of": ManualPayment, "key_share": True})
    if payment.undone_at:
        return
    banked = till.is_banked(payment)
    mirrored = [_mirrored(entry, banked=banked) for entry in posted.entries]
    for entry in posted.entries:
        if entry.invoice and credit_queries.paid_besides_cards(entry.invoice) < -entry.amount:
            raise CannotRecordError(
                f"Some of what it paid of {entry.invoice.label} was given back as credit, so it cannot be undone. "
                "Pay the credit out or ask the client for what is missing."
            )
    _take_from_lot(payment, by, now)
    books.post(of_entries(Kind.MANUAL_UNDONE, payment.uid, payment.currency, mirrored), now=now)
    payment.undone_at, payment.undone_by_id, payment.undone_reason = now, by.id, reason
    db.session.flush()
    audit.record(
        "manual_payment.undone",
        person_id=by.id,
        subject=("manual_payment", payment.id),
        detail={"cents": payment.amount_cents, "reason": reason},
    )


def _mirrored(entry: LedgerEntry, *, banked: bool) -> Entry:
    """Turn an entry round; a cheque that was carried to the bank comes back from there and not from the till."""
    account = Account(entry.account)
    if banked and account is Account.CASH:
        account = Account.BANK
    return Entry(account, -entry.amount_cents, Whose(entry.client_id, entry.counselor_id, entry.invoice_id))


def _invoices(client: Person, shares: Mapping[int, Money]) -> list[Invoice]:
    chosen = select(Invoice).where(Invoice.id.in_(shares), Invoice.client_id == client.id).order_by(Invoice.number)
    found = list(db.session.scalars(chosen))
    if len(found) != len(shares):
        raise CannotRecordError("One of these invoices is somebody else’s.")
    return found


def _check(invoices: list[Invoice], amount: Money, shares: Mapping[int, Money]) -> None:
    nothing = Money.zero(amount.currency)
    for invoice in invoices:
        due = balances.of_invoice(invoice)
        if not nothing < shares[invoice.id] <= due:
            raise CannotRecordError(
                f"Something changed meanwhile: {max(due, nothing)} is due on {invoice.label} now. Look at it once more."
            )
    if amount <= nothing or sharing.rest(amount, dict(shares)) < nothing:
        raise CannotRecordError("The invoices add up to more than came.")


def _book(payment: ManualPayment, invoices: list[Invoice], shares: Mapping[int, Money], now: datetime) -> None:
    whose = Whose(payment.client_id)
    into = Account.BANK if payment.way == TRANSFER else Account.CASH
    entries = [Entry(into, payment.amount_cents, whose)]
    for invoice in invoices:
        about = Whose(invoice.client_id, invoice.counselor_id, invoice.id)
        entries.append(Entry(Account.RECEIVABLE, -shares[invoice.id].cents, about))
    if rest := sharing.rest(payment.amount, dict(shares)):
        entries.append(Entry(Account.CREDIT, -rest.cents, whose))
        credit.open_lot(
            payment.client_id,
            rest,
            source=OVERPAID if invoices else PREPAID,
            kind=Kind.MANUAL_PAYMENT,
            reference=payment.uid,
            now=now,
            by=payment.entered_by,
        )
    books.post(of_entries(Kind.MANUAL_PAYMENT, payment.uid, payment.currency, entries), now=now)


def _take_from_lot(payment: ManualPayment, by: Person, now: datetime) -> None:
    same = CreditMove.reference == payment.uid
    opened = db.session.scalars(select(CreditMove).where(CreditMove.kind == Kind.MANUAL_PAYMENT, same)).first()
    if opened is None:
        return
    if credit_queries.left_of(opened.lot) < opened.amount:
        raise CannotRecordError("Some of the credit it gave is used already, so it cannot be undone.")
    credit.move(opened.lot, -opened.amount, Kind.MANUAL_UNDONE, reference=payment.uid, now=now, by=by)


def _tell(payment: ManualPayment, now: datetime) -> None:
    outbox.plan(
        key=f"{RECEIPT}:{payment.uid}",
        kind=RECEIPT,
        due_at=now,
        now=now,
        recipient_id=payment.client_id,
        payload={"manual_payment_id": payment.id},
        subject=("manual_payment", payment.id),
    )
