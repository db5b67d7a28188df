"""What is done with clients' credit. Whoever calls holds the lock; services flush, the view commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from billing.credit import queries
from billing.credit.models import CANCELLED, GIFT, CreditLot, CreditMove
from billing.ledger import balances, books
from billing.ledger.posting import Account, Entry, Kind, Whose, of_entries, posting
from billing.manual.models import CASH
from billing.models import Invoice
from booking import guards
from practice.core import audit
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

GRACE = timedelta(days=30)
"""How long credit that was given back can be used at least."""


class CannotUseCreditError(Exception):
    """The credit cannot be moved like this; `str()` says why in plain words."""


def lock(client_id: int, *invoices: Invoice) -> None:
    """Let one transaction at a time decide about a client's credit and the money of some invoices."""
    people = {client_id}
    for invoice in invoices:
        people |= {invoice.client_id, invoice.counselor_id}
        if invoice.appointment:
            people |= guards.people_of(invoice.appointment)
    guards.lock_people(*people)


def open_lot(
    client_id: int,
    amount: Money,
    *,
    source: str,
    kind: str,
    now: datetime,
    reference: str = "",
    invoice_id: int | None = None,
    by: Person | None = None,
    note: str = "",
    form_key: str | None = None,
    expires_at: datetime | None = None,
) -> CreditMove:
    """Hold money for a client; the caller books where it came from under the movement's kind and reference."""
    lot = CreditLot(client_id=client_id, currency=amount.currency, source=source, made_at=now, expires_at=expires_at)
    db.session.add(lot)
    db.session.flush()
    return move(
        lot, amount, kind, now=now, reference=reference, invoice_id=invoice_id, by=by, note=note, form_key=form_key
    )


def move(
    lot: CreditLot,
    amount: Money,
    kind: str,
    *,
    now: datetime,
    reference: str = "",
    invoice_id: int | None = None,
    by: Person | None = None,
    note: str = "",
    way: str | None = None,
    form_key: str | None = None,
) -> CreditMove:
    """Note a movement of a lot; the database refuses more than is left."""
    made = CreditMove(
        lot_id=lot.id,
        cents=amount.cents,
        kind=kind,
        reference=reference or uuid4().hex,
        invoice_id=invoice_id,
        way=way,
        note=note or None,
        made_by_id=by.id if by else None,
        made_at=now,
        form_key=form_key,
    )
    db.session.add(made)
    db.session.flush()
    return made


def use(invoice: Invoice, *, now: datetime, by: Person | None, most: Money | None = None) -> Money:
    """Pay what is due of an invoice from its client's free credit, as far as it goes; return how much that was."""
    lock(invoice.client_id, invoice)
    due = balances.of_invoice(invoice)
    wanted = min(due, most) if most else due
    used = Money.zero(invoice.currency)
    for held in queries.held_for(invoice.client_id, now):
        if held.left.currency != invoice.currency or used >= wanted:
            continue
        part = min(held.left, wanted - used)
        spend(held.lot, invoice, part, now=now, by=by)
        used += part
    if used:
        _record("credit.used", by, invoice.client_id, used)
    return used


def spend(lot: CreditLot, invoice: Invoice, part: Money, *, now: datetime, by: Person | None) -> None:
    """Pay part of an invoice from one lot."""
    made = move(lot, -part, Kind.CREDIT_USED, now=now, invoice_id=invoice.id, by=by)
    books.post(posting(Kind.CREDIT_USED, made.reference, part, _whose(invoice)), now=now)


def give_back(
    invoice: Invoice, amount: Money, *, now: datetime, by: Person | None, source: str = CANCELLED, form_key: str = ""
) -> None:
    """Bill a client less of an invoice that was paid besides cards, and hold that much for them again.

    What credit had paid goes back to where it came from; the rest becomes credit of its own.
    Raises CannotUseCreditError.
    """
    lock(invoice.client_id, invoice)
    if form_key and queries.asked_by(form_key):
        return
    if queries.sells_ahead(invoice):
        raise CannotUseCreditError("This is for sessions bought ahead. End them, and what is left becomes credit.")
    most = queries.paid_besides_cards(invoice)
    if not Money.zero(amount.currency) < amount <= most:
        raise CannotUseCreditError(f"At most {most} can be given back.")
    books.post(posting(Kind.CREDIT, uuid4().hex, amount, _whose(invoice)), now=now)
    rest = amount - _restore(invoice, amount, now=now, by=by, form_key=form_key or None)
    if rest:
        made = open_lot(
            invoice.client_id,
            rest,
            source=source,
            kind=Kind.REFUND_TO_CREDIT,
            now=now,
            invoice_id=invoice.id,
            by=by,
            form_key=form_key or None,
        )
        books.post(posting(Kind.REFUND_TO_CREDIT, made.reference, rest, _whose(invoice)), now=now)
    _record("credit.given_back", by, invoice.client_id, amount)


def give(
    client: Person, amount: Money, *, note: str, by: Person, form_key: str, now: datetime, expires_at: datetime | None
) -> None:
    """Give a client credit that they did not pay for."""
    lock(client.id)
    if queries.asked_by(form_key):
        return
    made = open_lot(
        client.id,
        amount,
        source=GIFT,
        kind=Kind.CREDIT_GIVEN,
        now=now,
        by=by,
        note=note,
        form_key=form_key,
        expires_at=expires_at,
    )
    books.post(posting(Kind.CREDIT_GIVEN, made.reference, amount, Whose(client.id)), now=now)
    _record("credit.given", by, client.id, amount)


def pay_out(client: Person, amount: Money, *, way: str, note: str, by: Person, form_key: str, now: datetime) -> None:
    """Note that credit was paid out to its client by hand; gifts never are. Raises CannotUseCreditError."""
    lock(client.id)
    if queries.asked_by(form_key):
        return
    held = [
        each for each in queries.held_for(client.id, now) if payable(each) and each.left.currency == amount.currency
    ]
    most = Money(sum(each.left.cents for each in held), amount.currency)
    if not Money.zero(amount.currency) < amount <= most:
        raise CannotUseCreditError(f"At most {most} can be paid out.")
    account, wanted = Account.CASH if way == CASH else Account.BANK, amount
    for each in reversed(held):
        if not wanted:
            break
        part = min(each.left, wanted)
        made = move(each.lot, -part, Kind.CREDIT_PAID_OUT, now=now, by=by, note=note, way=way, form_key=form_key)
        whose = Whose(client.id)
        entries = (Entry(Account.CREDIT, part.cents, whose), Entry(account, -part.cents, whose))
        books.post(of_entries(Kind.CREDIT_PAID_OUT, made.reference, part.currency, entries), now=now)
        wanted -= part
    _record("credit.paid_out", by, client.id, amount)


def payable(held: queries.Held) -> bool:
    """Tell whether a lot was paid for, so that its rest can be paid out."""
    return held.lot.source != GIFT


def _restore(invoice: Invoice, amount: Money, *, now: datetime, by: Person | None, form_key: str | None) -> Money:
    """Give back to its lots what credit paid of an invoice, the latest first; one that expired lasts a while longer."""
    restored = Money.zero(amount.currency)
    for lot, paid in queries.uses_of(invoice):
        part = min(paid, amount - restored)
        if not part:
            break
        if lot.expires_at and lot.expires_at < now + GRACE:
            lot.expires_at = now + GRACE
        made = move(lot, part, Kind.CREDIT_RESTORED, now=now, invoice_id=invoice.id, by=by, form_key=form_key)
        books.post(posting(Kind.CREDIT_RESTORED, made.reference, part, _whose(invoice)), now=now)
        restored += part
    return restored


def _whose(invoice: Invoice) -> Whose:
    return Whose(invoice.client_id, invoice.counselor_id, invoice.id)


def _record(deed: str, by: Person | None, client_id: int, amount: Money) -> None:
    audit.record(deed, person_id=by.id if by else None, subject=("person", client_id), detail={"cents": amount.cents})
